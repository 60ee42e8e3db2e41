/** A request's body as a file of records: which format it is, and where in it the records stand. */
import { open } from 'node:fs/promises';
import type { SpooledBody } from '../http/spool.ts';
import type { Dataset, FileFormat, FilePattern } from './dataset.ts';
import { type Match, rank } from './match.ts';

/** Bytes, unpacked: as large as an upload may be. */
export const MOST_BYTES = 1_073_741_824;
/** Bytes, unpacked, of which most clients will see the import's end before they lose patience. */
export const MOST_WAITED = 16 * 1_048_576;

interface BodyType {
  readonly format: FileFormat;
  /** Of the path that imports of such bodies are kept under. */
  readonly extension: string;
  readonly description: string;
}

const JSON_LINES: BodyType = {
  format: 'jsonl',
  extension: 'jsonl',
  description: 'One record a line. A line that cannot be read is one reject.',
};
const CSV: BodyType = {
  format: 'csv',
  extension: 'csv',
  description: 'A header line, then one record a line; the delimiter and the encoding are found out.',
};

/** By media type. */
export const BODY_TYPES: Readonly<Record<string, BodyType>> = {
  'application/json': {
    format: 'json',
    extension: 'jsonl',
    description: 'A list of records, or an object that holds one as `records`.',
  },
  'application/x-ndjson': JSON_LINES,
  'application/jsonl': JSON_LINES,
  'application/x-jsonlines': JSON_LINES,
  'text/csv': CSV,
  'text/tab-separated-values': CSV,
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': {
    format: 'xlsx',
    extension: 'xlsx',
    description: 'A workbook; its first sheet is read.',
  },
  'application/vnd.apache.parquet': {
    format: 'parquet',
    extension: 'parquet',
    description: 'A Parquet file.',
  },
};

/** The path under which records of a dataset are kept that a client sent: batches add to what was said under it. */
export function recordsPath(dataset: string, extension = 'jsonl'): string {
  return `records/${dataset}.${extension}`;
}

/** How records of this pattern go into the dataset, with the authority of its best files. */
function recordsMatch(dataset: Dataset, pattern: Omit<FilePattern, 'pattern'>): Match {
  return { dataset, pattern: { pattern: '**', ...pattern }, authority: rank(dataset, 0) };
}

/** How a body of this type is read. */
export async function bodyMatch(
  dataset: Dataset,
  { format }: BodyType,
  body: Pick<SpooledBody, 'path'>,
): Promise<Match> {
  if (format !== 'json') return recordsMatch(dataset, { format });
  const records = (await startsWith(body.path, '{')) ? '$.records[*]' : '$[*]';
  // Programs write JSON on one line: the place among the records says more.
  return recordsMatch(dataset, { format, records, numbered: true });
}

/** Far more space than anything puts before its first bracket. */
const HEAD_BYTES = 4_096;

async function startsWith(path: string, character: string): Promise<boolean> {
  await using file = await open(path, 'r');
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  return buffer
    .toString('utf8', 0, bytesRead)
    .replace(/^\uFEFF/, '')
    .trimStart()
    .startsWith(character);
}
