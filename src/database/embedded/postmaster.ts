/** Is a server running on a data directory? Answered from its postmaster.pid and from what the named process really is. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile, readlink, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

/** The server that runs on `data`, if any. */
export async function findPostmaster(data: string): Promise<Postmaster | undefined> {
  const lines = (await readFile(pidFile(data), 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  if (!isAlive(pid) || !(await isServerOf(pid, data))) return undefined;
  const port = Number(lines[3]);
  return { pid, port: Number.isInteger(port) ? port : 0 };
}

/**
 * Removes the postmaster.pid of a server that is gone: PostgreSQL itself would take for a running server whoever has its process
 * id by now (usual after a container starts again), and a zombie that nobody reaps. Only whoever may start the server may do so:
 * another would remove the file of one that was started since.
 */
export async function forgetGone(data: string): Promise<void> {
  if ((await findPostmaster(data)) === undefined) await rm(pidFile(data), { force: true });
}

const pidFile = (data: string): string => join(data, 'postmaster.pid');

/** Whether a process with this id runs. One that has ended and that its parent has not asked about yet, a zombie, does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EPERM')) return false;
  }
  return !isZombie(pid);
}

/** As Linux tells. Elsewhere whatever adopts processes asks about them at once. */
function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    const told = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name stands before the state, in parentheses, and may hold any itself.
    return /^[ZX]/.test(told.slice(told.lastIndexOf(')') + 2));
  } catch {
    // Gone since, or of another user where those are hidden: then it is asked what it is.
    return false;
  }
}

async function isServerOf(pid: number, data: string): Promise<boolean> {
  // A postmaster's working directory is its data directory; Linux shows it, to root and to the process's own user.
  const folder = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
  if (folder !== undefined) return folder === (await realpath(data));
  if (process.platform === 'linux' || process.platform === 'win32') return true;
  const { stdout } = await run('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout.includes('postgres');
}
