/**
 * DuckDB files with one table, written through the library's own appender into a temporary file and streamed from there:
 * the library writes pages in its own order, which no stream can take.
 */
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { type DuckDb, loadDuckDb } from '../../kernel/duckdb.ts';
import { AppError } from '../../kernel/errors.ts';
import type { ExportColumn, ExportRows, FormatOptions, RowFormat } from '../format.ts';
import { microsOf } from './moment.ts';
import { batchesOf, pour, type Row } from './rows.ts';

/** A data chunk holds no more rows. */
const CHUNK_ROWS = 2048;
/** Of the library's own; a checkpoint between the chunks keeps what waits in it small. */
const SETTINGS = { threads: '1', memory_limit: '128MB', autoinstall_known_extensions: 'false' };

export const duckdbFormat: RowFormat = {
  name: 'duckdb',
  extension: '.duckdb',
  write: writeDuckDb,
};

async function writeDuckDb(
  rows: ExportRows,
  out: Parameters<RowFormat['write']>[1],
  options: FormatOptions,
): Promise<void> {
  const duckdb = await loadDuckDb();
  const folder = await mkdtemp(join(tmpdir(), 'cairn-duckdb-'));
  try {
    const file = join(folder, 'export.duckdb');
    await fillFile(duckdb, file, rows, options).catch((thrown: unknown) => {
      throw asDiskFault(thrown);
    });
    await pour(createReadStream(file), out, options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The library tells of a full disk in words only. */
function asDiskFault(thrown: unknown): unknown {
  if (!(thrown instanceof Error && /no space left on device|disk quota exceeded|file too large/i.test(thrown.message)))
    return thrown;
  return new AppError('DISK_FULL', 'The disk of temporary files is full: a DuckDB file is made there first', {
    cause: thrown,
    hint: 'Free some space, or set TMPDIR to a folder on a larger disk.',
  });
}

async function fillFile(duckdb: DuckDb, file: string, rows: ExportRows, options: FormatOptions): Promise<void> {
  const instance = await duckdb.DuckDBInstance.create(file, SETTINGS);
  try {
    const connection = await instance.connect();
    try {
      await fillTable(duckdb, connection, rows, options);
      await connection.run('CHECKPOINT');
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}

async function fillTable(
  duckdb: DuckDb,
  connection: DuckDBConnection,
  rows: ExportRows,
  options: FormatOptions,
): Promise<void> {
  const { columns } = rows;
  const declared = columns.map(
    ({ name, kind, nullable }) => `${quoted(name)} ${SQL_TYPES[kind] ?? 'VARCHAR'}${nullable ? '' : ' NOT NULL'}`,
  );
  await connection.run(`CREATE TABLE ${quoted(options.name)} (${declared.join(', ')})`);
  const types = columns.map(({ kind }) => typeOf(duckdb, kind));
  // One for all rows: what a chunk holds beside JavaScript's own memory goes when the collector comes by, and no sooner.
  const chunk = duckdb.DuckDBDataChunk.create(types);
  const appender = await connection.createAppender(options.name);
  try {
    for await (const batch of batchesOf(rows, options)) {
      for (let at = 0; at < batch.length; at += CHUNK_ROWS) {
        const part = batch.slice(at, at + CHUNK_ROWS);
        chunk.reset();
        chunk.setColumns(columns.map((column, index) => part.map((row: Row) => cellOf(duckdb, column, row[index]))));
        appender.appendDataChunk(chunk);
      }
      appender.flushSync();
    }
  } finally {
    appender.closeSync();
  }
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** JSON is a text with a mark on it: chunks hold it as text. */
const SQL_TYPES: Readonly<Partial<Record<ExportColumn['kind'], string>>> = {
  integer: 'INTEGER',
  bigint: 'BIGINT',
  float: 'DOUBLE',
  boolean: 'BOOLEAN',
  dateTime: 'TIMESTAMP WITH TIME ZONE',
  json: 'JSON',
};

function typeOf(duckdb: DuckDb, kind: ExportColumn['kind']): DuckDBType {
  if (kind === 'integer') return duckdb.INTEGER;
  if (kind === 'bigint') return duckdb.BIGINT;
  if (kind === 'float') return duckdb.DOUBLE;
  if (kind === 'boolean') return duckdb.BOOLEAN;
  if (kind === 'dateTime') return duckdb.TIMESTAMPTZ;
  return duckdb.VARCHAR;
}

function cellOf(duckdb: DuckDb, { kind }: ExportColumn, value: string | null | undefined): DuckDBValue {
  if (value === null || value === undefined) return null;
  if (kind === 'integer' || kind === 'float') return Number(value);
  if (kind === 'bigint') return BigInt(value);
  if (kind === 'boolean') return value === 'true';
  return kind === 'dateTime' ? new duckdb.DuckDBTimestampTZValue(microsOf(value)) : value;
}
