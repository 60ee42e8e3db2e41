/** What all read jobs share: one database with the library, Cairn, PostGraphile and the bare statements serving it. */
import { join } from 'node:path';
import pg from 'pg';
import { createToken } from '../../src/access/tokens.ts';
import { openDatabase } from '../../src/database/connect.ts';
import { openEmbedded } from '../../src/database/embedded/server.ts';
import { PROJECT_ROOT } from '../../src/kernel/config.ts';
import { createLog } from '../../src/kernel/log.ts';
import { type Releasers, withReleasers } from '../../src/kernel/release.ts';
import { readPackageVersion } from '../clients/package-version.ts';
import { type ServerProcess, startServerProcess } from '../clients/server-process.ts';
import type { Bench, Shared } from '../job.ts';
import { fillLibrary } from './fill.ts';
import { librarySize } from './library.ts';
import { ADDED_FOR_POSTGRAPHILE } from './statements.ts';

export interface World {
  readonly cairn: ServerProcess;
  readonly postgraphile: ServerProcess;
  readonly bare: ServerProcess;
  /** Of a viewer. */
  readonly token: string;
  readonly ownerUrl: string;
  /** The file that PostgreSQL logs to. */
  readonly log: string;
  readonly versions: Readonly<Record<string, string>>;
}

const COMMAND = { kind: 'command', label: 'command:bench', role: 'admin' } as const;
/** Rates are counted as for anybody, and never reached. */
const NO_RATE = '999999999999';

/** The server's upkeep would read the words of so many new rows, once and for minutes, while it is measured. */
const WORDS_READ = `
  INSERT INTO search_progress (table_name, from_transaction, to_transaction, row_id)
  SELECT name, now.xmin, now.xmin, 0
    FROM unnest(ARRAY['researches', 'videos', 'reports', 'analysis_results']) AS name,
         (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS xmin) AS now`;

/** The world, opened by the first job that asks. */
export const shareWorld = (bench: Bench): Promise<World> => bench.share('reads', () => openWorld(bench));

async function openWorld(bench: Bench): Promise<Shared<World>> {
  return withReleasers(async (releasers) => {
    const value = await open(bench, releasers);
    return { value, close: releasers.release };
  });
}

async function open(bench: Bench, releasers: Releasers): Promise<World> {
  const log = createLog({ level: 'error', secrets: [] });
  const dataDir = join(bench.folder, 'reads');
  bench.note('reads: making the library');
  // Held as long as the world is: the others attach to it, and the last one out stops it.
  const server = await openEmbedded(dataDir, log);
  releasers.add('PostgreSQL', server.release);
  const token = await makeData(dataDir, server.ownerUrl, bench);
  bench.note('reads: starting the servers');
  const started = async (argv: readonly string[], env: Readonly<Record<string, string>>) => {
    const process = await startServerProcess(argv, env);
    releasers.add(argv.join(' '), process.stop);
    return process;
  };
  const production = { NODE_ENV: 'production', GRAPHILE_ENV: 'production', BENCH_DATABASE_URL: server.ownerUrl };
  return {
    // As `npm start` runs it: the same file, every setting but these as it comes.
    cairn: await started([join(PROJECT_ROOT, 'src', 'main.ts'), 'serve'], {
      CAIRN_DATA_DIR: dataDir,
      CAIRN_RATE_LIMIT: NO_RATE,
      PORT: '0',
    }),
    postgraphile: await started([join(import.meta.dirname, 'postgraphile-process.ts')], production),
    bare: await started([join(import.meta.dirname, 'bare-process.ts')], production),
    token,
    ownerUrl: server.ownerUrl,
    log: join(server.folder, 'server.log'),
    versions: {
      PostgreSQL: await serverVersion(server.ownerUrl),
      PostGraphile: await readPackageVersion('postgraphile'),
    },
  };
}

/** Tables, rows and a viewer's token. */
async function makeData(dataDir: string, ownerUrl: string, bench: Bench): Promise<string> {
  const database = await openDatabase({ databaseUrl: undefined, dataDir }, createLog({ level: 'error', secrets: [] }));
  try {
    await fillLibrary(ownerUrl, librarySize(bench), bench.seed);
    await asOwner(ownerUrl, (owner) => owner.query(WORDS_READ));
    await asOwner(ownerUrl, (owner) => owner.query(ADDED_FOR_POSTGRAPHILE));
    return (await createToken(database, COMMAND, { name: 'bench', role: 'viewer' })).token;
  } finally {
    await database.close();
  }
}

async function serverVersion(ownerUrl: string): Promise<string> {
  const { rows } = await asOwner(ownerUrl, (owner) => owner.query<{ server_version: string }>('SHOW server_version'));
  return rows[0]?.server_version ?? 'unknown';
}

async function asOwner<T>(ownerUrl: string, work: (owner: pg.Client) => Promise<T>): Promise<T> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    return await work(owner);
  } finally {
    await owner.end();
  }
}
