/** Processes of a case: started, waited for at a crash point, ended. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PROJECT_ROOT } from '../src/kernel/config.ts';
import { timed } from './times.ts';

const COMPILE_CACHE = join(PROJECT_ROOT, 'node_modules', '.cache', 'cairn-faults');

export interface Child {
  readonly process: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  /** Resolves with its exit code; null after a kill. */
  readonly ended: Promise<number | null>;
}

/** Starts one of the project's scripts. `env` is all that it knows beside PATH; `flags` are Node's. */
export function startScript(
  script: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  input: 'ignore' | 'pipe' = 'ignore',
  flags: readonly string[] = [],
): Child {
  const child = spawn(process.execPath, [...flags, join(PROJECT_ROOT, script), ...argv], {
    cwd: PROJECT_ROOT,
    // Without the cache each child would spend most of its time on reading the same files.
    env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: COMPILE_CACHE, ...env },
    stdio: [input, 'pipe', 'pipe'],
  });
  const text = { out: '', err: '' };
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text.out += chunk;
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text.err += chunk;
  });
  const ended = once(child, 'close').then(([code]) => (typeof code === 'number' ? code : null));
  return { process: child, out: () => text.out, err: () => text.err, ended };
}

/**
 * Lets a child that stands still go on, until what is returned is called: it may be about to stop only, and a signal that
 * came before would be lost.
 */
export function resume(child: Child): () => void {
  const timer = setInterval(() => child.process.kill('SIGCONT'), 50);
  const stop = (): void => clearInterval(timer);
  void child.ended.then(stop);
  child.process.kill('SIGCONT');
  return stop;
}

/** The child's exit code, or 'hangs' after `milliseconds`; then it is killed. */
export async function endOf(child: Child, milliseconds: number): Promise<number | null | 'hangs'> {
  const late = new AbortController();
  const found = await timed(
    'run',
    Promise.race([
      child.ended,
      sleep(milliseconds, 'hangs' as const, { signal: late.signal }).catch(() => 'hangs' as const),
    ]),
  );
  late.abort();
  if (found !== 'hangs') return found;
  child.process.kill('SIGKILL');
  await child.ended;
  return 'hangs';
}
