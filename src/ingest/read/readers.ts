/** Which reader reads which file. */
import type { FileFormat } from '../dataset.ts';
import { csvReader } from './csv.ts';
import { duckdbReader } from './duckdb.ts';
import { jsonReader } from './json.ts';
import { jsonlReader } from './jsonl.ts';
import { markdownReader } from './markdown.ts';
import { parquetReader } from './parquet.ts';
import type { Reader } from './reader.ts';
import { xlsxReader } from './xlsx.ts';

const READERS: Record<FileFormat, Reader> = {
  csv: csvReader,
  duckdb: duckdbReader,
  json: jsonReader,
  jsonl: jsonlReader,
  markdown: markdownReader,
  parquet: parquetReader,
  xlsx: xlsxReader,
};

const FORMATS: Readonly<Record<string, FileFormat>> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.json': 'json',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.xlsx': 'xlsx',
  '.parquet': 'parquet',
  '.duckdb': 'duckdb',
  '.md': 'markdown',
  '.markdown': 'markdown',
};

export function readerFor(format: FileFormat): Reader {
  return READERS[format];
}

/** The format that an extension (`.csv`, lower case) stands for, or undefined. */
export function formatOf(extension: string): FileFormat | undefined {
  return Object.hasOwn(FORMATS, extension) ? FORMATS[extension] : undefined;
}
