/** The rows of a dataset, written into a file of any format as exports write them. */
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import type { ExportColumn, RowFormat } from '../../src/exports/format.ts';
import { duckdbFormat } from '../../src/exports/formats/duckdb.ts';
import { parquetFormat } from '../../src/exports/formats/parquet.ts';
import { xlsxFormat } from '../../src/exports/formats/xlsx.ts';
import type { Dataset } from '../../src/ingest/dataset.ts';
import { exportFileName } from '../../src/ingest/exported/export-file.ts';
import { recordColumns } from '../../src/ingest/stages.ts';
import { readTable } from '../../src/ingest/table.ts';
import { escapeFormula, keepApostrophe } from '../../src/kernel/formula-cell.ts';

const KINDS: Readonly<Record<string, ExportColumn['kind']>> = {
  integer: 'integer',
  bigint: 'bigint',
  boolean: 'boolean',
  'double precision': 'float',
  'timestamp(3) with time zone': 'dateTime',
  jsonb: 'json',
};

const ROW_FORMATS: Readonly<Record<string, RowFormat>> = {
  xlsx: xlsxFormat,
  parquet: parquetFormat,
  duckdb: duckdbFormat,
};

export const FORMATS = ['csv', 'json', 'jsonl', 'xlsx', 'parquet', 'duckdb'] as const;
export type Format = (typeof FORMATS)[number];

/** Writes the file into the folder and returns its name. */
export async function exportRows(
  pool: pg.Pool,
  dataset: Dataset,
  format: Format,
  folder: string,
  escapeFormulas = false,
): Promise<string> {
  const client = await pool.connect();
  const name = exportFileName(dataset.name, `.${format}`);
  try {
    const { columns: types } = await readTable(client, dataset.table);
    const columns = recordColumns(dataset).map((column): ExportColumn => {
      const { type = 'text', required = false } = types.get(column) ?? {};
      return { name: column, kind: KINDS[type] ?? 'text', nullable: !required };
    });
    const texts = columns.map(({ name: column, kind }) =>
      kind === 'dateTime'
        ? `to_char("${column}" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
        : `"${column}"::text`,
    );
    const { rows } = await client.query<(string | null)[]>({
      text: `SELECT ${texts.join(', ')} FROM ${dataset.table} ORDER BY ${dataset.key.join(', ')}`,
      rowMode: 'array',
    });
    const path = join(folder, name);
    const writer = ROW_FORMATS[format];
    if (writer !== undefined) {
      async function* batches(): AsyncGenerator<readonly (string | null)[][]> {
        yield rows;
      }
      await writer.write({ columns, batches: batches() }, createWriteStream(path), { name: dataset.name });
    } else await writeFile(path, textOf(format, columns, rows, escapeFormulas));
    return name;
  } finally {
    client.release();
  }
}

function textOf(
  format: Format,
  columns: readonly ExportColumn[],
  rows: readonly (string | null)[][],
  escaped: boolean,
): string {
  if (format === 'csv') {
    const cell = (value: string | null): string => {
      if (value === null) return '';
      const kept = escaped ? escapeFormula(value) : keepApostrophe(value);
      return kept === '' || /[",;\t\r\n]/.test(kept) ? `"${kept.replaceAll('"', '""')}"` : kept;
    };
    return [columns.map(({ name }) => name), ...rows].map((row) => `${row.map(cell).join(',')}\n`).join('');
  }
  const objects = rows.map(
    (row) =>
      `{${row.map((value, index) => `${JSON.stringify(columns[index]?.name)}:${jsonOf(columns[index]?.kind, value)}`).join(',')}}`,
  );
  return format === 'json' ? `[${objects.join(',\n')}]\n` : objects.map((object) => `${object}\n`).join('');
}

function jsonOf(kind: ExportColumn['kind'] | undefined, value: string | null): string {
  if (value === null) return 'null';
  return kind === 'integer' || kind === 'float' || kind === 'boolean' || kind === 'json'
    ? value
    : JSON.stringify(value);
}
