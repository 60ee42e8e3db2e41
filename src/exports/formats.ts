/** The formats by name. */
import { AppError } from '../kernel/errors.ts';
import type { RowFormat } from './format.ts';

export const FORMAT_NAMES = ['csv', 'json', 'jsonl', 'xlsx', 'parquet', 'duckdb'] as const;
export type FormatName = (typeof FORMAT_NAMES)[number];

export interface ExportFormat {
  readonly name: FormatName;
  /** With its dot. */
  readonly extension: string;
  readonly mediaType: string;
  /** What writes it from rows, loaded when asked for; absent where it is made of the database's own text. */
  readonly rows?: () => Promise<RowFormat>;
}

const FORMATS: Readonly<Record<FormatName, ExportFormat>> = {
  csv: { name: 'csv', extension: '.csv', mediaType: 'text/csv; charset=utf-8; header=present' },
  json: { name: 'json', extension: '.json', mediaType: 'application/json' },
  jsonl: { name: 'jsonl', extension: '.jsonl', mediaType: 'application/jsonl' },
  xlsx: {
    name: 'xlsx',
    extension: '.xlsx',
    mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    rows: async () => (await import('./formats/xlsx.ts')).xlsxFormat,
  },
  parquet: {
    name: 'parquet',
    extension: '.parquet',
    mediaType: 'application/vnd.apache.parquet',
    rows: async () => (await import('./formats/parquet.ts')).parquetFormat,
  },
  duckdb: {
    name: 'duckdb',
    extension: '.duckdb',
    mediaType: 'application/vnd.duckdb',
    rows: async () => (await import('./formats/duckdb.ts')).duckdbFormat,
  },
};

const isFormat = (name: string): name is FormatName => Object.hasOwn(FORMATS, name);

/** @throws AppError BAD_USER_INPUT with the formats that there are */
export function formatNamed(name: string): ExportFormat {
  if (isFormat(name)) return FORMATS[name];
  throw new AppError('BAD_USER_INPUT', `There is no format ${JSON.stringify(name.slice(0, 50))}`, {
    path: 'format',
    hint: `Formats: ${FORMAT_NAMES.join(', ')}.`,
  });
}
