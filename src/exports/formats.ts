/** The formats by name. */
import { AppError } from '../kernel/errors.ts';
import type { RowFormat } from './format.ts';
import { duckdbFormat } from './formats/duckdb.ts';
import { parquetFormat } from './formats/parquet.ts';
import { xlsxFormat } from './formats/xlsx.ts';

export const FORMAT_NAMES = ['csv', 'json', 'jsonl', 'xlsx', 'parquet', 'duckdb'] as const;
export type FormatName = (typeof FORMAT_NAMES)[number];

export interface ExportFormat {
  readonly name: FormatName;
  /** With its dot. */
  readonly extension: string;
  readonly mediaType: string;
  /** Writes it from rows; absent where the database writes it itself. */
  readonly rows?: RowFormat;
}

const ofRows = (name: FormatName, rows: RowFormat): ExportFormat => ({
  name,
  rows,
  extension: rows.extension,
  mediaType: rows.mediaType,
});

const FORMATS: Readonly<Record<FormatName, ExportFormat>> = {
  csv: { name: 'csv', extension: '.csv', mediaType: 'text/csv; charset=utf-8; header=present' },
  json: { name: 'json', extension: '.json', mediaType: 'application/json' },
  jsonl: { name: 'jsonl', extension: '.jsonl', mediaType: 'application/jsonl' },
  xlsx: ofRows('xlsx', xlsxFormat),
  parquet: ofRows('parquet', parquetFormat),
  duckdb: ofRows('duckdb', duckdbFormat),
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
