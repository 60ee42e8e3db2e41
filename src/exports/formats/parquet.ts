/** Parquet files with typed columns, a row group at a time. */
import { zstdCompressSync } from 'node:zlib';
import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { ExportColumn, ExportRows, FormatOptions, RowFormat } from '../format.ts';
import { microsOf } from './moment.ts';
import { batchesOf, pour, type Row } from './rows.ts';

/** A group is held in memory until it is written: large enough to pack and scan well, small enough beside a server's work. */
const GROUP_ROWS = 10_000;
const GROUP_CHARACTERS = 4 * 1024 * 1024;

export const parquetFormat: RowFormat = {
  name: 'parquet',
  extension: '.parquet',
  write: (rows, out, options) => pour(parquetBytes(rows, options), out, options),
};

async function* parquetBytes(rows: ExportRows, options: FormatOptions): AsyncGenerator<Uint8Array> {
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({
    writer: bytes,
    schema: schemaOf(rows.columns, 'text'),
    codec: 'ZSTD',
    compressors: { ZSTD: (input) => zstdCompressSync(input) },
    createdBy: 'cairn',
  });
  const taken = (): Uint8Array => {
    const chunk = bytes.getBytes().slice();
    bytes.index = 0;
    return chunk;
  };
  for await (const group of groupsOf(rows, options)) {
    const columnData = rows.columns.map((column, index) => ({
      name: column.name,
      data: group.map((row) => cellOf(column, row[index] ?? null)),
      // Bounds of documents say nothing and cost their bytes.
      statistics: column.kind !== 'json',
    }));
    await writer.write({ columnData, rowGroupSize: group.length });
    yield taken();
  }
  // Marked as JSON from the start, the texts would be parsed and written anew, other than they were.
  writer.schema = schemaOf(rows.columns, 'JSON');
  await writer.finish();
  yield taken();
}

async function* groupsOf(rows: ExportRows, options: FormatOptions): AsyncGenerator<readonly Row[]> {
  let group: Row[] = [];
  let characters = 0;
  for await (const batch of batchesOf(rows, options)) {
    for (const row of batch) {
      group.push(row);
      for (const value of row) characters += value?.length ?? 0;
      if (group.length < GROUP_ROWS && characters < GROUP_CHARACTERS) continue;
      yield group;
      group = [];
      characters = 0;
    }
  }
  if (group.length > 0) yield group;
}

function schemaOf(columns: readonly ExportColumn[], json: 'text' | 'JSON'): SchemaElement[] {
  return [{ name: 'root', num_children: columns.length }, ...columns.map((column) => elementOf(column, json))];
}

function elementOf({ name, kind, nullable }: ExportColumn, json: 'text' | 'JSON'): SchemaElement {
  const column = { name, repetition_type: nullable ? ('OPTIONAL' as const) : ('REQUIRED' as const) };
  if (kind === 'integer') return { ...column, type: 'INT32' };
  if (kind === 'bigint') return { ...column, type: 'INT64' };
  if (kind === 'float') return { ...column, type: 'DOUBLE' };
  if (kind === 'boolean') return { ...column, type: 'BOOLEAN' };
  if (kind === 'dateTime') {
    const moment = { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' } as const;
    return { ...column, type: 'INT64', converted_type: 'TIMESTAMP_MICROS', logical_type: moment };
  }
  if (kind === 'json' && json === 'JSON')
    return { ...column, type: 'BYTE_ARRAY', converted_type: 'JSON', logical_type: { type: 'JSON' } };
  return { ...column, type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } };
}

function cellOf({ kind }: ExportColumn, value: string | null): unknown {
  if (value === null) return null;
  if (kind === 'integer' || kind === 'float') return Number(value);
  if (kind === 'bigint') return BigInt(value);
  if (kind === 'boolean') return value === 'true';
  return kind === 'dateTime' ? microsOf(value) : value;
}
