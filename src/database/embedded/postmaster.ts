/** Is a server running on a data directory? Answered from its postmaster.pid and from what the named process really is. */
import { execFile } from 'node:child_process';
import { readFile, readlink, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Postmaster {
  readonly pid: number;
  readonly port: number;
}

/**
 * The server that runs on `data`, if any. A postmaster.pid left by a server that died is removed when its process id has
 * meanwhile gone to another program, which PostgreSQL itself would take for a running server (usual after a container starts again).
 */
export async function findPostmaster(data: string): Promise<Postmaster | undefined> {
  const file = join(data, 'postmaster.pid');
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  if (!isAlive(pid)) return undefined;
  if (!(await isServerOf(pid, data))) {
    await rm(file, { force: true });
    return undefined;
  }
  const port = Number(lines[3]);
  return { pid, port: Number.isInteger(port) ? port : 0 };
}

/** Whether a process with this id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM';
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
