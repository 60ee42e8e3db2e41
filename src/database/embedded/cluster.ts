/** Making a cluster, and refusing one that these binaries cannot run. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crashPoint } from '../../kernel/crash-point.ts';
import { AppError } from '../../kernel/errors.ts';
import { type Account, giveTo } from './account.ts';
import type { Binaries } from './binaries.ts';
import type { Home } from './placement.ts';

const run = promisify(execFile);

/** The owner of the embedded cluster. */
export const OWNER = 'cairn';

/** A data directory that is being written; the next start that makes one removes it. */
export const UNFINISHED = 'data.new.';

/** PostgreSQL refuses a data directory that others may read. */
export const OWNER_ONLY = 0o700;

/** What the server's processes see: none of PGPORT, PGDATA and their kind, and the same language everywhere. */
export const SERVER_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: '/usr/bin:/bin',
  ...(process.platform === 'win32' && { SystemRoot: 'C:\\Windows' }),
  LC_ALL: 'C',
  TZ: 'UTC',
};

/** Without the locale flags an unset LANG gives SQL_ASCII; without the checksums a bad disk goes unnoticed. */
const INITDB_FLAGS = [
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--data-checksums',
  '--auth=scram-sha-256',
  `--username=${OWNER}`,
];

/**
 * Makes the cluster unless there is one; then makes sure that these binaries and this account can run it.
 * @throws AppError DATA_DIR_VERSION for another major version's, DATA_DIR_INVALID for one that is not ours or damaged.
 */
export async function ensureCluster(home: Home, binaries: Binaries, account: Account | undefined): Promise<void> {
  const found = await stat(home.data).catch(() => undefined);
  if (found === undefined) return createCluster(home, binaries, account);
  const owner = account?.uid ?? process.getuid?.();
  if (owner !== undefined && found.uid !== owner) {
    throw new AppError(
      'DATA_DIR_INVALID',
      `The cluster in ${home.data} belongs to user id ${found.uid}, but the server would run as ${owner}`,
      {
        path: home.data,
        hint: `Run as the user that made it, or give it over: chown -R ${owner} '${home.folder}'`,
      },
    );
  }
  const version = await readFile(join(home.data, 'PG_VERSION'), 'utf8').catch((cause: unknown) => {
    throw new AppError('DATA_DIR_INVALID', `${home.data} is no PostgreSQL data directory`, {
      cause,
      path: home.data,
      hint: 'Restore it from a backup, or move the folder away to begin with an empty database.',
    });
  });
  if (version.trim() === binaries.major) return;
  throw new AppError(
    'DATA_DIR_VERSION',
    `The cluster in ${home.data} is of PostgreSQL ${version.trim()}; this release runs ${binaries.major}`,
    {
      path: home.data,
      hint: 'Start the release that wrote it and run there: npm run -s cairn -- backup DIR --portable. Then, with this release: npm run -s cairn -- restore DIR/cairn-… --into NEW_DATA_DIR (or set DATABASE_URL).',
    },
  );
}

async function createCluster(home: Home, binaries: Binaries, account: Account | undefined): Promise<void> {
  const password = randomBytes(24).toString('base64url');
  const passwordForInitdb = join(home.folder, 'password.initdb');
  // Renamed into place whole: an initdb that was killed must not look like a cluster. Under a name of its own: one whose
  // parent was killed may still be writing.
  const unfinished = join(home.folder, `${UNFINISHED}${randomBytes(4).toString('hex')}`);
  for (const name of await readdir(home.folder)) {
    if (name.startsWith(UNFINISHED)) await rm(join(home.folder, name), { recursive: true, force: true, maxRetries: 5 });
  }
  await writeSecret(home.password, password);
  await writeSecret(passwordForInitdb, password);
  try {
    await giveTo(account, passwordForInitdb);
    await run(binaries.initdb, [`--pgdata=${unfinished}`, `--pwfile=${passwordForInitdb}`, ...INITDB_FLAGS], {
      ...account,
      cwd: home.folder,
      env: SERVER_ENVIRONMENT,
    });
  } catch (cause) {
    throw new AppError('DATA_DIR_INVALID', `The database could not be made in ${home.folder}`, {
      cause,
      path: home.folder,
      hint: 'The cause names what PostgreSQL met: usually a full disk or missing rights.',
    });
  } finally {
    await rm(passwordForInitdb, { force: true });
  }
  crashPoint('embedded.initdb');
  await rename(unfinished, home.data);
}

/** Writes a file that only this user reads. */
export async function writeSecret(path: string, text: string): Promise<void> {
  // The mode holds only for new files.
  await rm(path, { force: true });
  await writeFile(path, `${text}\n`, { mode: 0o600 });
}
