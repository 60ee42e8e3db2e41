/** The command line as users have it: a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { PROJECT_ROOT } from '../../src/kernel/config.ts';

export interface CairnProcess {
  readonly process: ChildProcess;
  /** What it wrote so far. */
  readonly out: () => string;
  readonly err: () => string;
  /** Its exit code, once it has ended by itself; null after a kill. */
  readonly ended: Promise<number | null>;
}

/** Starts `cairn ...argv`; killed after the test if it still runs. `env` is all it knows beside PATH. */
export function startCairn(argv: readonly string[], env: Readonly<Record<string, string>>): CairnProcess {
  const child = spawn(process.execPath, [join(PROJECT_ROOT, 'src', 'main.ts'), ...argv], {
    cwd: PROJECT_ROOT,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text.out += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text.err += chunk;
  });
  const ended = once(child, 'close').then(([code]) => (typeof code === 'number' ? code : null));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { process: child, out: () => text.out, err: () => text.err, ended };
}
