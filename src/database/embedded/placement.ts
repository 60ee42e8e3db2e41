/** Where a data folder's cluster lives: inside it, or, where the server's system user cannot go there, in a place that it can reach. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '../../kernel/errors.ts';
import { hashBytes } from '../../kernel/hash.ts';
import { type Account, giveTo, isReachable } from './account.ts';

/** A cluster and what belongs to it. */
export interface Home {
  readonly folder: string;
  /** PostgreSQL's own data directory. */
  readonly data: string;
  /** The owner's password, mode 0600. */
  readonly password: string;
  /** The port of the last start, kept so that other tools can go on using it. */
  readonly port: string;
  readonly log: string;
  /** Held, shared, by every process that uses the server: the one that gets it alone is the last. */
  readonly users: string;
}

/** A file in the data folder that says where the cluster is, if not in the data folder itself. */
const POINTER = 'postgres-location';

/** Where clusters and binaries go that the server could not reach in place. */
export const SHARED_FOLDER = '/var/lib/cairn';

/**
 * Finds or makes the place of the cluster of `dataDir`. Call it under the data folder's lock.
 * @throws AppError DATA_DIR_INVALID when the place it points to is gone, or was locked up after the cluster was made.
 */
export async function placeCluster(dataDir: string, account: Account | undefined, sharedFolder: string): Promise<Home> {
  const pointer = join(dataDir, POINTER);
  const elsewhere = (await readFile(pointer, 'utf8').catch(() => '')).trim();
  if (elsewhere !== '') return existing(elsewhere, pointer);
  const inside = homeAt(join(dataDir, 'postgres'));
  const reachable = await isReachable(dataDir, account);
  if (reachable) return make(inside, account);
  if (await isFolder(inside.data)) {
    throw new AppError(
      'DATA_DIR_INVALID',
      `The database's system user can no longer reach its cluster in ${inside.folder}`,
      {
        path: inside.folder,
        hint: 'Open the folders above it again (chmod o+x), or run as the user that owns the data folder.',
      },
    );
  }
  // The name is new each time: a data folder that was removed and made again must not meet its old rows.
  const name = `${basename(dataDir).replace(/^\.+/, '')}-${hashBytes(dataDir).slice(0, 8)}-${randomBytes(4).toString('hex')}`;
  await mkdir(sharedFolder, { recursive: true, mode: 0o755 });
  const home = await make(homeAt(join(sharedFolder, name)), account);
  await writeFile(pointer, `${home.folder}\n`);
  return home;
}

/** The cluster of `dataDir` if it has one; makes nothing. */
export async function findHome(dataDir: string): Promise<Home | undefined> {
  const elsewhere = (await readFile(join(dataDir, POINTER), 'utf8').catch(() => '')).trim();
  const home = homeAt(elsewhere === '' ? join(dataDir, 'postgres') : elsewhere);
  return (await isFolder(home.data)) ? home : undefined;
}

function homeAt(folder: string): Home {
  return {
    folder,
    data: join(folder, 'data'),
    password: join(folder, 'password'),
    port: join(folder, 'port'),
    log: join(folder, 'server.log'),
    users: join(folder, 'users.lock'),
  };
}

async function existing(folder: string, pointer: string): Promise<Home> {
  if (await isFolder(folder)) return homeAt(folder);
  throw new AppError('DATA_DIR_INVALID', `${pointer} says that the database is in ${folder}, which does not exist`, {
    path: pointer,
    hint: 'Bring that folder back, or remove the pointer file to begin with an empty database.',
  });
}

async function make(home: Home, account: Account | undefined): Promise<Home> {
  await mkdir(home.folder, { recursive: true, mode: 0o755 });
  await giveTo(account, home.folder);
  return home;
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
