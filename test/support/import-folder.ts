/** Folders made for one test, imported, and what the database then holds. */
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type pg from 'pg';
import { afterAll } from 'vitest';
import type { Dataset } from '../../src/ingest/dataset.ts';
import { registryOf } from '../../src/ingest/registry.ts';
import { type FolderResult, type ImportResult, type Ingest, importFolder } from '../../src/ingest/run.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { clearTables } from './clear-tables.ts';
import { TESTER, type TestDatabase } from './database.ts';

/** A file of a test: its path in the folder, its bytes, and how many hours after a fixed time it was written. */
export interface TestFile {
  readonly path: string;
  readonly content: string | Buffer;
  readonly hour?: number;
}

const EPOCH = Date.UTC(2025, 0, 1) / 1000;

const made: string[] = [];
afterAll(async () => {
  for (const folder of made) await rm(folder, { recursive: true, force: true });
});

/** A new folder with these files; it is removed after the test file. */
export async function makeFolder(files: readonly TestFile[] = []): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-test-'));
  made.push(folder);
  await writeFiles(folder, files);
  return folder;
}

export async function writeFiles(folder: string, files: readonly TestFile[]): Promise<void> {
  for (const { path, content, hour = 0 } of files) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    await utimes(file, EPOCH + hour * 3600, EPOCH + hour * 3600);
  }
}

export function ingestOf(database: TestDatabase, datasets: readonly Dataset[]): Ingest {
  return { ...registryOf(datasets), database, log: silentLog() };
}

/** Imports a folder's files, in the order given or all of them. */
export async function importAll(ingest: Ingest, root: string, paths?: readonly string[]): Promise<FolderResult> {
  const files = paths?.map((path) => ({ path, file: join(root, path) }));
  return importFolder(ingest, { root, files, actor: TESTER });
}

/** Imports one file of a folder. */
export async function importOne(ingest: Ingest, root: string, path: string): Promise<ImportResult> {
  const { imports } = await importAll(ingest, root, [path]);
  const [only] = imports;
  if (only === undefined) throw new Error(`${path} is not imported: no dataset claims it`);
  return only;
}

/** Files written and imported one after the other: what most tests begin with. */
export async function importFiles(ingest: Ingest, files: readonly TestFile[]): Promise<FolderResult> {
  const root = await makeFolder(files);
  return importAll(
    ingest,
    root,
    files.map(({ path }) => path),
  );
}

/** What the audited tables are; links last. */
export const ROW_TABLES = [
  'employees',
  'researches',
  'channels',
  'videos',
  'video_segments',
  'influencers',
  'search_queue',
  'reports',
  'analysis_results',
  'research_videos',
  'video_influencers',
] as const;

/** Columns that say when and whence, and those that follow from others. */
const HIDDEN = [
  'id',
  'version',
  'created_at',
  'updated_at',
  'updated_date',
  'created_date',
  'origin_import_id',
  'origin_line',
  'search_english',
  'search_simple',
  'search_often',
];

export type Contents = Readonly<Record<string, readonly unknown[]>>;

/**
 * Every row without ids, times and origins, and every mention with what it led to: what an order of imports may not change.
 * A foreign key that was found is left out of the mentions: the row itself says it, and only one that waited has a mention.
 */
export async function contents(pool: pg.Pool): Promise<Contents> {
  const tables: Record<string, unknown[]> = {};
  for (const table of ROW_TABLES) {
    const { rows } = await pool.query(
      `SELECT r.row
         FROM (SELECT to_jsonb(t) - $1::text[]
                      || jsonb_build_object('origin_raw', coalesce(jsonb_strip_nulls(t.origin_raw), '{}')) AS row
                 FROM ${table} t) r
        ORDER BY r.row::text`,
      [HIDDEN],
    );
    if (rows.length > 0) tables[table] = rows.map(({ row }) => row);
  }
  const { rows } = await pool.query(
    `SELECT concat_ws(' ', relation, owner_key, target_by, target, '→', coalesce(resolved_key, '?'), attributes::text,
                      CASE WHEN applied THEN 'applied' END, dataset, path) AS mention
       FROM "references" WHERE authority >= 100 OR resolved_key IS NULL ORDER BY 1`,
  );
  if (rows.length > 0) tables['mentions'] = rows.map(({ mention }) => mention);
  return tables;
}

/** A mark that changes with any write to any table but the imports. */
export async function writeMark(pool: pg.Pool): Promise<string> {
  const tables = [...ROW_TABLES, 'change_log', 'references', 'origins', 'rejects', 'plans', 'tombstones'];
  const marks = tables.map(
    (table) =>
      `SELECT '${table}' AS name, count(*) AS rows, coalesce(sum(hashtextextended(t.xmin::text || t.ctid::text || t::text, 0)), 0) AS mark FROM "${table}" t`,
  );
  const { rows } = await pool.query(
    `SELECT string_agg(m::text, ' ' ORDER BY name) AS mark FROM (${marks.join(' UNION ALL ')}) m`,
  );
  return rows[0].mark;
}

/** Drops every row, reject, mention and import, so that one database serves many runs. */
export async function emptyTables(pool: pg.Pool): Promise<void> {
  await clearTables(pool, [
    ...ROW_TABLES,
    'references',
    'origins',
    'rejects',
    'plans',
    'tombstones',
    'imports',
    'change_log',
  ]);
}

/** What a crashed or failed import may not leave behind. */
export async function leftovers(pool: pg.Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ what: string }>(
    `SELECT 'temporary table ' || relname AS what FROM pg_class WHERE relpersistence = 't' AND relkind = 'r'
     UNION ALL
     SELECT 'lock ' || locktype || ' ' || objid FROM pg_locks l JOIN pg_database d ON d.oid = l.database
      WHERE locktype = 'advisory' AND d.datname = current_database()
     UNION ALL
     SELECT 'transaction ' || state FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'
     UNION ALL
     SELECT 'running import ' || path FROM imports WHERE status = 'running'`,
  );
  return rows.map(({ what }) => what);
}
