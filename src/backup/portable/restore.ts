/**
 * Puts the rows of a portable backup into an empty database: first the migrations that it was written under, then the rows, in
 * one transaction, then the migrations that came since.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { prepare } from '../../database/connect.ts';
import { identifier } from '../../database/copy.ts';
import { MIGRATIONS } from '../../database/migrate.ts';
import { crashPoint } from '../../kernel/crash-point.ts';
import { AppError } from '../../kernel/errors.ts';
import { throwIfStopped, type Watch } from '../durable.ts';
import type { PortableManifest, RowCounts, TableFile } from '../manifest.ts';
import { countRows, MADE_ANEW, readFacts, TABLES, withOwner } from '../owner.ts';
import { requireCounts } from '../physical/restore.ts';
import { requireEmpty } from './emptiness.ts';
import { makePartitions } from './partitions.ts';
import { withoutRules } from './rules.ts';
import { readTables } from './tables.ts';
import { requireKnownMigrations, withMigrationsUpTo } from './versions.ts';

export interface PortableTarget extends Watch {
  readonly ownerUrl: string;
  /** Where this release's migrations are. */
  readonly migrations?: string | undefined;
}

export interface PortableRestored {
  readonly rows: RowCounts;
  /** Migrations that the backup did not have yet. */
  readonly migratedOn: readonly string[];
  /** Tables and sequences of the backup that no migration makes: their rows were not restored. */
  readonly leftOut: readonly string[];
}

/**
 * Restores `folder`, whose files are checked already, into the database at `ownerUrl`.
 * @throws AppError CONFLICT when it is not empty, MIGRATION_FAILED when the backup is of a newer release, FILE_CHANGED, INTERRUPTED
 */
export async function restorePortable(
  folder: string,
  manifest: PortableManifest,
  { ownerUrl, migrations = MIGRATIONS, ...watch }: PortableTarget,
): Promise<PortableRestored> {
  await requireKnownMigrations(manifest, migrations);
  await withOwner(ownerUrl, watch.signal, (owner) => requireEmpty(owner, manifest));
  await withMigrationsUpTo(manifest, migrations, (known) => prepare(ownerUrl, known));
  throwIfStopped(watch.signal);
  const leftOut = await withOwner(ownerUrl, watch.signal, (owner) => load(owner, folder, manifest, watch));
  crashPoint('restore.loaded');
  const { applied } = await prepare(ownerUrl, migrations);
  const rows = await withOwner(ownerUrl, watch.signal, async (owner) => {
    await analyze(owner);
    return countRows(owner);
  });
  // As its backup tells them.
  const told = Object.entries(rows).filter(([name]) => !MADE_ANEW.includes(name));
  return { rows: Object.fromEntries(told), migratedOn: applied, leftOut };
}

/** What every value was written with; the key of no row is looked up before all rows are there. */
async function load(owner: pg.Client, folder: string, manifest: PortableManifest, watch: Watch): Promise<string[]> {
  await owner.query("BEGIN; SET LOCAL maintenance_work_mem = '256MB'");
  const known = await readTables(owner);
  const columnsOf = new Map(known.map(({ name, columns }) => [name, new Set(columns)]));
  const tables = manifest.tables.filter(({ name }) => columnsOf.has(name));
  const partitioned = new Set(known.filter((table) => table.isPartitioned).map(({ name }) => name));
  for (const table of tables) requireColumns(table, columnsOf.get(table.name));
  await makePartitions(owner, manifest.partitions);
  const { build } = await readFacts(owner);
  await withoutRules(
    owner,
    known.map(({ name }) => name),
    async () => {
      if (build !== manifest.database.build) await makeVectorsAnew(owner);
      for (const table of tables) {
        throwIfStopped(watch.signal);
        await copyIn(owner, folder, table, partitioned.has(table.name), watch);
        crashPoint('restore.table');
      }
    },
  );
  const unknown = await setSequences(owner, manifest);
  requireCounts(Object.fromEntries(tables.map(({ name, rows }) => [name, rows])), await countRows(owner));
  await forgetTransactions(
    owner,
    tables.map(({ name }) => name),
  );
  await owner.query('COMMIT');
  return [...manifest.tables.filter(({ name }) => !columnsOf.has(name)).map(({ name }) => name), ...unknown];
}

function requireColumns({ name, columns }: TableFile, known: ReadonlySet<string> | undefined): void {
  const missing = columns.filter((column) => !known?.has(column));
  if (missing.length === 0) return;
  throw new AppError(
    'MIGRATION_FAILED',
    `The backup’s table ${name} has columns that its migrations do not make: ${missing.join(', ')}`,
    {
      hint: 'Somebody added them by hand. Take them away in a copy of the database, and back that up.',
    },
  );
}

const BLOCK = 1 << 18;

async function copyIn(
  owner: pg.Client,
  folder: string,
  table: TableFile,
  isPartitioned: boolean,
  watch: Watch,
): Promise<void> {
  const { name, columns, file } = table;
  // Rows that need no clean-up later; a partitioned table takes none such.
  const freeze = isPartitioned ? '' : ' WITH (FREEZE)';
  const list = columns.map(identifier).join(', ');
  const rows = owner.query(copyFrom(`COPY ${identifier(name)} (${list}) FROM STDIN${freeze}`));
  const content = createHash('sha256');
  await pipeline(
    createReadStream(join(folder, file), { highWaterMark: BLOCK }),
    createZstdDecompress({ chunkSize: BLOCK }),
    async function* measure(chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        content.update(chunk);
        watch.onBytes?.(chunk.length);
        yield chunk;
      }
    },
    rows,
  );
  if (content.digest('hex') === table.contentSha256) return;
  throw new AppError('FILE_CHANGED', `${file} does not hold the rows that the backup says`, {
    path: join(folder, file),
    hint: 'Nothing was restored. Use another backup.',
  });
}

/**
 * Words are read from rows by the numbers of the transactions that wrote them, which mean nothing to another server: kept,
 * they would say of every row to come that it has been read. Backups of earlier releases hold them.
 */
async function forgetTransactions(owner: pg.Client, restored: readonly string[]): Promise<void> {
  for (const table of MADE_ANEW.filter((name) => restored.includes(name)))
    await owner.query(`DELETE FROM ${identifier(table)}`);
}

/**
 * Another PostgreSQL may split text into other words (17 split at letters that are not ASCII): with its vectors a search for
 * them would find nothing. The triggers that make them stay awake; {@link withoutRules} wakes the others afterwards.
 */
async function makeVectorsAnew(owner: pg.Client): Promise<void> {
  const { rows } = await owner.query<{ wake: string }>(
    `SELECT format('ALTER TABLE %s ENABLE TRIGGER %I', g.tgrelid::regclass, g.tgname) AS wake
       FROM pg_trigger g
       JOIN pg_class c ON c.oid = g.tgrelid AND c.relnamespace = 'public'::regnamespace
      WHERE g.tgname = 'search_insert'
      ORDER BY 1`,
  );
  for (const { wake } of rows) await owner.query(wake);
}

/** Returns those that no migration makes. */
async function setSequences(owner: pg.Client, { sequences }: PortableManifest): Promise<string[]> {
  const unknown: string[] = [];
  for (const { name, value, isCalled } of sequences) {
    const { rowCount } = await owner.query(
      `SELECT setval(c.oid::regclass, $2::bigint, $3)
         FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'S' AND c.relname = $1`,
      [name, value, isCalled],
    );
    if (rowCount === 0) unknown.push(name);
  }
  return unknown;
}

/** What autovacuum would do some minutes later: until then lists would be planned without any figures. */
async function analyze(owner: pg.Client): Promise<void> {
  const { rows: tables } = await owner.query<{ name: string }>(TABLES);
  if (tables.length > 0) await owner.query(`ANALYZE ${tables.map(({ name }) => identifier(name)).join(', ')}`);
}
