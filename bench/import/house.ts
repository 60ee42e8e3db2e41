/** Where imports are measured: an embedded server with two databases of the same tables, one for Cairn and one for the limit. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { openDatabase, prepare } from '../../src/database/connect.ts';
import { MIGRATIONS } from '../../src/database/migrate.ts';
import { loadRegistry } from '../../src/ingest/registry.ts';
import { type ImportResult, type Ingest, importFile } from '../../src/ingest/run.ts';
import type { Actor } from '../../src/kernel/actor.ts';
import { silentLog } from '../../src/kernel/log.ts';
import type { Bench, Shared } from '../job.ts';
import { writeChannels } from './video-file.ts';

export interface House {
  readonly ingest: Ingest;
  /** The owner of Cairn's database. */
  readonly owner: pg.Pool;
  /** The owner of the limit's, which holds the same migrated tables. */
  readonly limit: pg.Pool;
  readonly limitUrl: string;
  /** For files. */
  readonly folder: string;
  readonly versions: Readonly<Record<string, string>>;
}

export const BENCHER: Actor = { kind: 'command', label: 'command:bench', role: 'admin' };

/** Every table that an import of videos or channels may write. */
const WRITTEN = 'videos, channels, employees, change_log, "references", origins, rejects, imports, tombstones';

/** The house of the suite, opened once. */
export function houseOf(bench: Bench): Promise<House> {
  return bench.share('import house', () => openHouse(join(bench.folder, 'import')));
}

/** Opens the embedded server in `folder` with both databases, their channels in place. */
export async function openHouse(folder: string): Promise<Shared<House>> {
  await mkdir(folder, { recursive: true });
  const log = silentLog();
  const database = await openDatabase({ databaseUrl: undefined, dataDir: join(folder, 'data') }, log);
  const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 2 });
  await owner.query('CREATE DATABASE "limit"');
  const url = new URL(database.ownerUrl);
  url.pathname = '/limit';
  await prepare(url.href, MIGRATIONS);
  const limit = new pg.Pool({ connectionString: url.href, max: 1 });
  const { rows } = await owner.query<{ version: string }>("SELECT current_setting('server_version') AS version");
  const ingest: Ingest = { ...(await loadRegistry()), database, log };
  return {
    value: {
      ingest,
      owner,
      limit,
      limitUrl: url.href,
      folder,
      versions: { PostgreSQL: rows[0]?.version ?? 'unknown' },
    },
    close: async () => {
      await Promise.all([owner.end(), limit.end()]);
      await database.close();
    },
  };
}

/** Empties both databases and gives them the channels again. */
export async function emptyHouse(house: House): Promise<void> {
  const channels = join(house.folder, 'channels.csv');
  await writeChannels(channels);
  for (const pool of [house.owner, house.limit]) await pool.query(`TRUNCATE ${WRITTEN} CASCADE`);
  await requireImported(importInto(house, channels, 'channels.csv'));
  await house.limit.query(
    "INSERT INTO channels (channel_id, name, platform) SELECT 'c' || n, 'Channel ' || n, 'youtube' FROM generate_series(0, 499) n",
  );
}

/** What a contender left behind must not be paid by the next: dirty pages and dead rows. */
export async function settleHouse({ owner, limit }: House): Promise<void> {
  for (const pool of [owner, limit]) await pool.query('VACUUM ANALYZE videos');
  await owner.query('CHECKPOINT');
}

export function importInto({ ingest }: House, file: string, path: string): Promise<ImportResult> {
  return importFile(ingest, { file, path, actor: BENCHER });
}

/** The import's outcome. @throws Error when it did not take the file in */
export async function requireImported(importing: Promise<ImportResult>): Promise<ImportResult> {
  const result = await importing;
  if (result.status === 'imported') return result;
  throw new Error(`${result.path} is ${result.status}: ${result.error?.message ?? ''}`);
}

/** Runs `work` and returns how long it took, in seconds. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}
