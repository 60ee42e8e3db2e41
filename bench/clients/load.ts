/** Load from a second process: what asks must not take turns with what answers. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What is asked, again and again, in turn. */
export interface LoadRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodies: readonly string[];
  /** Bytes of the right answer to each body: another length is a wrong answer. */
  readonly expected: readonly number[];
  readonly connections: number;
  readonly seconds: number;
}

export interface LoadFigures {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly bytesPerSecond: number;
  readonly requests: number;
  /** Answers that were none, or wrong; with the first one's reason. */
  readonly errors: number;
  readonly firstError: string | null;
}

/** Runs the load and waits for it. @throws when the process ended without figures, or any answer was wrong */
export async function runLoad(request: LoadRequest): Promise<LoadFigures> {
  const child = fork(join(import.meta.dirname, 'load-process.ts'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  try {
    const answered = once(child, 'message');
    child.send(request);
    const [message] = await Promise.race([
      answered,
      once(child, 'exit').then(([code]) => {
        throw new Error(`The load ended with ${code} before it had figures`);
      }),
    ]);
    const figures: LoadFigures = message;
    if (figures.errors > 0)
      throw new Error(`${figures.errors} of ${figures.requests} answers were wrong, the first: ${figures.firstError}`);
    return figures;
  } finally {
    child.kill();
  }
}
