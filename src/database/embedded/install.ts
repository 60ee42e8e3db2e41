/** A cluster that comes from elsewhere, such as a backup, put into a data folder that has none. */
import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../kernel/errors.ts';
import { type Account, giveTo, serverAccount } from './account.ts';
import { findBinaries } from './binaries.ts';
import { OWNER_ONLY, UNFINISHED, writeSecret } from './cluster.ts';
import { withExclusive } from './lock.ts';
import { type Home, placeCluster, SHARED_FOLDER } from './placement.ts';

export interface Incoming {
  /** The major version that wrote it, as PG_VERSION spells it. */
  readonly major: string;
  /** Its owner's password. */
  readonly password: string;
  /** Writes the data directory's files into `folder`, which exists and is empty. */
  readonly fill: (folder: string) => Promise<void>;
}

/**
 * Puts a cluster into `dataDir` (absolute; made if absent), renamed into its place whole: whatever fails leaves none.
 * @throws AppError CONFLICT when there is one already, DATA_DIR_VERSION when these binaries cannot run it; and what `fill` throws
 */
export async function installCluster(dataDir: string, incoming: Incoming): Promise<void> {
  await mkdir(dataDir, { recursive: true });
  await withExclusive(join(dataDir, 'postgres.lock'), async () => {
    const account = await serverAccount();
    const binaries = await findBinaries(account, SHARED_FOLDER);
    if (binaries.major !== incoming.major) {
      throw new AppError(
        'DATA_DIR_VERSION',
        `These are files of PostgreSQL ${incoming.major}; this release runs ${binaries.major}`,
        {
          hint: 'Restore them with the release that wrote them, take a backup there with --portable, and restore that one here.',
        },
      );
    }
    const home = await placeCluster(dataDir, account, SHARED_FOLDER);
    if (await exists(home.data)) {
      throw new AppError('CONFLICT', `${dataDir} holds a database already`, {
        path: dataDir,
        hint: 'Name a new data folder with --into, or move this one away.',
      });
    }
    await fillHome(home, account, incoming);
  });
}

/** Takes a cluster out again that was put in and did not prove right, so that nobody begins to work with it. Its server must be stopped. */
export async function removeCluster(dataDir: string): Promise<void> {
  await withExclusive(join(dataDir, 'postgres.lock'), async () => {
    const home = await placeCluster(dataDir, await serverAccount(), SHARED_FOLDER);
    const removed = join(home.folder, UNFINISHED + randomBytes(4).toString('hex'));
    await rename(home.data, removed);
    await rm(removed, { recursive: true, maxRetries: 5 });
  });
}

async function fillHome(home: Home, account: Account | undefined, { password, fill }: Incoming): Promise<void> {
  const unfinished = join(home.folder, UNFINISHED + randomBytes(4).toString('hex'));
  try {
    await mkdir(unfinished, { mode: OWNER_ONLY });
    await fill(unfinished);
    await giveAll(account, unfinished);
    await writeSecret(home.password, password);
    await rename(unfinished, home.data);
  } catch (thrown) {
    await rm(unfinished, { recursive: true, force: true, maxRetries: 5 });
    throw thrown;
  }
}

async function giveAll(account: Account | undefined, folder: string): Promise<void> {
  if (account === undefined) return;
  await giveTo(account, folder);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    await giveTo(account, join(entry.parentPath, entry.name));
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
