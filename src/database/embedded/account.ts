/** PostgreSQL refuses to run as root, so a start by root runs it as the system user `postgres`. */
import { execFile } from 'node:child_process';
import { chown, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '../../kernel/errors.ts';

const run = promisify(execFile);

/** The system user that the server runs as; undefined means whoever runs this process. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const NAME = 'postgres';

/**
 * The account to run the server as: none unless this process is root; then the user `postgres`, created if absent.
 * @throws AppError DATA_DIR_INVALID when the user cannot be created.
 */
export async function serverAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  return (await findAccount()) ?? (await createAccount());
}

/** Gives a file or folder to the account. */
export async function giveTo(account: Account | undefined, path: string): Promise<void> {
  if (account !== undefined) await chown(path, account.uid, account.gid);
}

/** Whether the account can walk down to `path` (which exists) and read it: a 0700 folder above it locks another user out. */
export async function isReachable(path: string, account: Account | undefined): Promise<boolean> {
  if (account === undefined) return true;
  for (let folder = path; ; folder = dirname(folder)) {
    if (!(await hasRight(folder, account, folder === path ? 0o5 : 0o1))) return false;
    if (folder === dirname(folder)) return true;
  }
}

async function hasRight(path: string, account: Account, right: number): Promise<boolean> {
  const { mode, uid, gid } = await stat(path);
  const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0;
  return ((mode >> shift) & right) === right;
}

async function findAccount(): Promise<Account | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', NAME]), run('id', ['-g', NAME])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    // `id` fails when there is no such user; creating it reports everything else.
    return undefined;
  }
}

async function createAccount(): Promise<Account> {
  try {
    await run('groupadd', ['--system', '--force', NAME]);
    await run('useradd', ['--system', '--gid', NAME, '--no-create-home', '--shell', '/usr/sbin/nologin', NAME]);
  } catch (cause) {
    // Another start may have created it a moment ago.
    const created = await findAccount();
    if (created !== undefined) return created;
    throw new AppError(
      'DATA_DIR_INVALID',
      'PostgreSQL cannot run as root, and the system user "postgres" could not be created',
      {
        cause,
        hint: 'Create a system user "postgres", run as an ordinary user, or set DATABASE_URL to a server of your own.',
      },
    );
  }
  const created = await findAccount();
  if (created !== undefined) return created;
  throw new AppError('DATA_DIR_INVALID', 'The system user "postgres" was created but cannot be found', {
    hint: 'Run as an ordinary user, or set DATABASE_URL to a server of your own.',
  });
}
