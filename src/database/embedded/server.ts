/** The embedded server as its users see it: attach to the one that runs on the data folder, or start it; the last one out stops it. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { crashPoint } from '../../kernel/crash-point.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import { type Account, serverAccount } from './account.ts';
import { attachOrStart } from './attach.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import { ensureCluster, OWNER } from './cluster.ts';
import { keepRunning } from './keeper.ts';
import { type Lock, tryExclusive, tryShared, withExclusive } from './lock.ts';
import { type Home, placeCluster, SHARED_FOLDER } from './placement.ts';
import { findPostmaster } from './postmaster.ts';
import { LOOPBACK, startServer, stopServer } from './start.ts';

export interface EmbeddedServer {
  /** The owner's connection string. A secret. */
  readonly ownerUrl: string;
  readonly port: number;
  /** Where the cluster lives. */
  readonly folder: string;
  /** `started` by this call, or `attached` to one that ran already: another process's, or one orphaned by kill -9. */
  readonly how: 'started' | 'attached';
  /** Ends this use. The server stops if no other process uses it; until then, one that ends unasked is started again. */
  readonly release: () => Promise<void>;
}

export interface EmbeddedOptions {
  /** More settings for `postgres -c`, for a server started by this call: tests switch fsync off. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Where cluster and binaries go that the server's system user could not reach in place. */
  readonly sharedFolder?: string;
  /** A file beside whose `node_modules` the binaries are found; this one unless given. */
  readonly binariesFrom?: string;
}

const DATABASE = 'cairn';

/**
 * Uses the embedded server of `dataDir` (absolute; made if absent).
 * @throws AppError DATA_DIR_INVALID, DATA_DIR_VERSION
 */
export async function openEmbedded(dataDir: string, log: Log, options: EmbeddedOptions = {}): Promise<EmbeddedServer> {
  await makeDataDir(dataDir);
  const sharedFolder = options.sharedFolder ?? SHARED_FOLDER;
  const turn = join(dataDir, 'postgres.lock');
  return withExclusive(turn, async () => {
    const account = await serverAccount();
    const home = await placeCluster(dataDir, account, sharedFolder);
    const binaries = await findBinaries(account, sharedFolder, options.binariesFrom);
    const use = shareUse(home);
    try {
      await ensureCluster(home, binaries, account);
      const start = () => startServer(home, binaries, account, options.settings ?? {});
      const { port, how } = await attachOrStart(home, start);
      const ownerUrl = await ensureDatabase(home, port);
      log.info({ port, folder: home.folder }, `embedded PostgreSQL ${how}`);
      const keeper = keepRunning(
        {
          port,
          turn,
          find: () => findPostmaster(home.data),
          start: () => startServer(home, binaries, account, options.settings ?? {}, port),
        },
        log,
      );
      return {
        ownerUrl,
        port,
        folder: home.folder,
        how,
        release: async () => {
          await keeper.stop();
          await withExclusive(turn, () => leave(home, binaries, account, use, log));
        },
      };
    } catch (thrown) {
      await leave(home, binaries, account, use, log);
      throw thrown;
    }
  });
}

async function makeDataDir(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true });
  } catch (cause) {
    throw new AppError('DATA_DIR_INVALID', `The data folder ${dataDir} cannot be made`, {
      cause,
      path: dataDir,
      hint: 'Set CAIRN_DATA_DIR to a folder that this user may write to.',
    });
  }
}

function shareUse(home: Home): Lock {
  const use = tryShared(home.users);
  if (use !== undefined) return use;
  // It is held alone only for a moment, under the lock that we hold now.
  throw new AppError('DATA_DIR_INVALID', `${home.users} is locked by a program that is not ours`, {
    path: home.users,
    hint: 'Close whatever has opened that file.',
  });
}

async function ensureDatabase(home: Home, port: number): Promise<string> {
  const password = (await readFile(home.password, 'utf8')).trim();
  const urlOf = (database: string) => `postgresql://${OWNER}:${password}@${LOOPBACK}:${port}/${database}`;
  const client = new pg.Client(urlOf('postgres'));
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end();
  }
  return urlOf(DATABASE);
}

async function leave(home: Home, binaries: Binaries, account: Account | undefined, use: Lock, log: Log): Promise<void> {
  use.release();
  const last = tryExclusive(home.users);
  if (last === undefined) {
    log.info('embedded PostgreSQL left running: another process uses it');
    return;
  }
  crashPoint('embedded.leaving');
  try {
    await stopServer(home, binaries, account);
    crashPoint('embedded.stopped');
    log.info('embedded PostgreSQL stopped');
  } finally {
    last.release();
  }
}
