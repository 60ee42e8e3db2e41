/** Work in a process of its own: what asks must not take turns with what answers, nor with whoever watches both. */
import { fork } from 'node:child_process';
import { once } from 'node:events';

/** Runs `file` with `request` and returns what it found. @throws when the process ended without an answer */
export async function askChild<Request extends object, Found>(file: string, request: Request): Promise<Found> {
  // In a session of its own: Linux may share the processors out among sessions, and what asks must not use up the server's.
  const child = fork(file, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], detached: true });
  try {
    const answered = once(child, 'message');
    child.send(request);
    const [message] = await Promise.race([
      answered,
      once(child, 'exit').then(([code]) => {
        throw new Error(`${file} ended with ${code} before it had an answer`);
      }),
    ]);
    const found: Found = message;
    return found;
  } finally {
    child.kill();
  }
}

/** In that process: answers the one request with what `work` found. */
export function answerParent<Request, Found extends object>(work: (request: Request) => Promise<Found>): void {
  // Nobody waits for the answer any more, as where the parent was interrupted.
  process.once('disconnect', () => process.exit());
  process.once('message', (request: Request) => {
    work(request).then(
      (found) => process.send?.(found, () => process.disconnect()),
      (thrown: unknown) => {
        process.stderr.write(`${thrown instanceof Error ? thrown.stack : String(thrown)}\n`);
        process.exit(1);
      },
    );
  });
}
