/** A server in a process of its own, waited for until it serves. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

export interface ServerProcess {
  /** `http://127.0.0.1:PORT`, without a path. */
  readonly url: string;
  readonly pid: number | undefined;
  /** Milliseconds from its start until it said where it serves. */
  readonly startedIn: number;
  /** Megabytes that it holds in memory now; undefined where the system does not tell. */
  readonly memory: () => Promise<number | undefined>;
  /** The most that it ever held, in megabytes. */
  readonly peakMemory: () => Promise<number | undefined>;
  /** SIGTERM, and waits for its end. */
  readonly stop: () => Promise<void>;
}

const ADDRESS = /http:\/\/127\.0\.0\.1:\d+/;

/**
 * Starts `node ARGV` and waits for a line of its output with its address. `env` is all that it knows beside PATH and HOME.
 * @throws with what it wrote when it ends before that
 */
export async function startServerProcess(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ServerProcess> {
  const begun = performance.now();
  const child = spawn(process.execPath, argv, {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let told = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    told = `${told}${text}`.slice(-4_000);
  });
  const url = await addressOf(child, () => told);
  return {
    url,
    pid: child.pid,
    startedIn: performance.now() - begun,
    memory: () => memoryOf(child.pid, 'VmRSS'),
    peakMemory: () => memoryOf(child.pid, 'VmHWM'),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    },
  };
}

async function addressOf(child: ChildProcess, told: () => string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  child.once('error', reject);
  child.once('exit', (code) => reject(new Error(`The server ended with ${code} before it served:\n${told()}`)));
  if (child.stdout === null) throw new Error('The server has no output to read its address from');
  createInterface({ input: child.stdout }).on('line', (line) => {
    const found = ADDRESS.exec(line)?.[0];
    if (found !== undefined) resolve(found);
  });
  return promise;
}

async function memoryOf(pid: number | undefined, what: 'VmRSS' | 'VmHWM'): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = new RegExp(`^${what}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}
