/** Real processes on real data folders, for the tests of the embedded server. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { onTestFinished } from 'vitest';

export interface User {
  readonly how: string;
  readonly port: number;
  readonly ownerUrl: string;
  readonly process: ChildProcess;
  /** Sends the signal and waits; returns the exit code, or null after a kill. */
  readonly end: (signal: NodeJS.Signals) => Promise<number | null>;
}

/** A folder for one test, removed after it; open to the server's system user unless `mode` says otherwise. */
export async function temporaryFolder(mode = 0o755): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-embedded-'));
  await chmod(folder, mode);
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts a process that uses the server of `dataDir`, and waits until it does; `as` is the system user to run it as. */
export async function startUser(
  dataDir: string,
  env: NodeJS.ProcessEnv = process.env,
  as: { readonly uid?: number; readonly gid?: number } = {},
): Promise<User> {
  const script = join(import.meta.dirname, 'embedded-user.ts');
  const child = spawn(process.execPath, [script, dataDir], { ...as, env, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) await endChild(child, 'SIGTERM');
  });
  const lines = createInterface({ input: child.stdout });
  const [line]: unknown[] = await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`The process ended with ${code} before it used the server`);
    }),
  ]);
  const { how, port, ownerUrl }: { how: string; port: number; ownerUrl: string } = JSON.parse(String(line));
  return { how, port, ownerUrl, process: child, end: (signal) => endChild(child, signal) };
}

async function endChild(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const exit = once(child, 'exit');
  child.kill(signal);
  const [code] = await exit;
  return typeof code === 'number' ? code : null;
}

/** One value from the server. */
export async function ask(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const { rows } = await client.query({ text: sql, rowMode: 'array' });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}

/** The process id in the data folder's postmaster.pid, or undefined when no server claims to run. */
export async function postmasterPid(dataDir: string): Promise<number | undefined> {
  const text = await readFile(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : Number.parseInt(text, 10);
}
