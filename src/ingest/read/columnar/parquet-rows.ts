/** The rows of a Parquet file, a row group at a time. Runs in a process of its own: see process.ts. */
import { type FileHandle, open } from 'node:fs/promises';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import {
  type AsyncBuffer,
  type Compressors,
  type DecodedArray,
  type FileMetaData,
  type ParquetParsers,
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
  snappyUncompress,
} from 'hyparquet';
import { type ColumnarRows, momentText, ROWS_AT_ONCE, rowText, Unreadable } from './rows.ts';

const MB = 1024 * 1024;
/** Groups are read whole. Writers make them of 122,880 or a million rows, and of 128 MB. */
const MOST_GROUP_CELLS = 40_000_000;
const MOST_GROUP_BYTES = 1024 * MB;
const MOST_PAGE_BYTES = 256 * MB;
const MOST_FOOTER_BYTES = 64 * MB;
/** `PAR1`, with which such a file ends. */
const MAGIC = 0x31524150;

export async function parquetRows(path: string, size: number): Promise<ColumnarRows> {
  const handle = await open(path, 'r');
  try {
    return await openRows(handle, size);
  } catch (thrown) {
    await handle.close();
    throw thrown;
  }
}

async function openRows(handle: FileHandle, size: number): Promise<ColumnarRows> {
  const file = bufferOf(handle, size);
  const footer = size < 12 ? undefined : new DataView(await file.slice(size - 8, size));
  if (footer?.getUint32(4, true) === MAGIC && footer.getUint32(0, true) > MOST_FOOTER_BYTES)
    throw new Unreadable('FILE_TOO_LARGE', 'says that its footer is larger than 64 MB', SMALLER);
  const metadata = await parquetMetadataAsync(file);
  checkSizes(metadata, size);
  const names = parquetSchema(metadata).children.map(({ element }) => element.name);
  return { names, batches: batchesOf(handle, file, metadata, names) };
}

const SMALLER = 'Write it with smaller row groups.';

/** What the footer says is a claim: nothing is made room for before it is found possible. */
function checkSizes({ row_groups: groups }: FileMetaData, size: number): void {
  for (const { columns, num_rows: rows } of groups) {
    let bytes = 0;
    for (const { meta_data: chunk } of columns) {
      if (chunk === undefined || Number(chunk.total_compressed_size) > size)
        throw new Unreadable('FILE_MALFORMED', 'says that it is longer than it is', 'Write it anew.');
      bytes += Number(chunk.total_uncompressed_size);
    }
    if (rows < 0n || Number(rows) * columns.length > MOST_GROUP_CELLS || bytes > MOST_GROUP_BYTES)
      throw new Unreadable('FILE_TOO_LARGE', 'has a row group that would not fit into memory', SMALLER);
  }
}

async function* batchesOf(
  handle: FileHandle,
  file: AsyncBuffer,
  metadata: FileMetaData,
  names: readonly string[],
): AsyncGenerator<readonly string[]> {
  const encoded = names.map((name) => JSON.stringify(name));
  try {
    let rowStart = 0;
    for (const { num_rows: count } of metadata.row_groups) {
      const rowEnd = rowStart + Number(count);
      const columns = await readGroup(file, metadata, rowStart, rowEnd);
      const cells = names.map((name) => columns.get(name) ?? []);
      if (cells.some((column) => column.length !== Number(count)))
        throw new Unreadable('FILE_MALFORMED', 'has columns of different lengths', 'Write it anew.');
      for (let at = 0; at < Number(count); at += ROWS_AT_ONCE) {
        const rows: string[] = [];
        for (let row = at; row < Math.min(at + ROWS_AT_ONCE, Number(count)); row += 1)
          rows.push(
            rowText(
              encoded,
              cells.map((column) => valueText(column[row])),
            ),
          );
        yield rows;
      }
      rowStart = rowEnd;
    }
  } finally {
    await handle.close();
  }
}

async function readGroup(
  file: AsyncBuffer,
  metadata: FileMetaData,
  rowStart: number,
  rowEnd: number,
): Promise<Map<string, unknown[]>> {
  const columns = new Map<string, unknown[]>();
  if (rowStart === rowEnd) return columns;
  const onChunk = ({ columnName, columnData }: { columnName: string; columnData: DecodedArray }): void => {
    const held = columns.get(columnName);
    if (held === undefined) columns.set(columnName, Array.from(columnData));
    else for (const value of columnData) held.push(value);
  };
  await parquetRead({ file, metadata, rowStart, rowEnd, compressors: COMPRESSORS, parsers: PARSERS, onChunk });
  // The chunks are told after the read is over, in the turn that follows.
  await new Promise((resolve) => setImmediate(resolve));
  return columns;
}

function bounded(outputLength: number): number {
  if (outputLength >= 0 && outputLength <= MOST_PAGE_BYTES) return outputLength;
  throw new Unreadable('FILE_TOO_LARGE', 'has a page that unpacks to more than 256 MB', SMALLER);
}

const COMPRESSORS: Compressors = {
  SNAPPY: (input, length) => {
    const output = new Uint8Array(bounded(length));
    snappyUncompress(input, output);
    return output;
  },
  GZIP: (input, length) => gunzipSync(input, { maxOutputLength: Math.max(1, bounded(length)) }),
  BROTLI: (input, length) => brotliDecompressSync(input, { maxOutputLength: Math.max(1, bounded(length)) }),
  ZSTD: (input, length) => zstdDecompressSync(input, { maxOutputLength: Math.max(1, bounded(length)) }),
};

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Moments to the microsecond, JSON as its text, and no text with bytes replaced unseen. */
const PARSERS: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (millis: bigint | undefined) => moment(millis, (value) => value * 1000n),
  timestampFromMicroseconds: (micros: bigint | undefined) => moment(micros, (value) => value),
  timestampFromNanoseconds: (nanos: bigint | undefined) => moment(nanos, (value) => value / 1000n),
  dateFromDays: (days: number | undefined) =>
    days === undefined ? undefined : momentText(BigInt(days) * 86_400_000_000n).slice(0, 10),
  stringFromBytes: (bytes: Uint8Array | undefined) => bytes && strict.decode(bytes),
  jsonFromBytes: (bytes: Uint8Array | undefined) => bytes && strict.decode(bytes),
};

function moment(value: bigint | number | undefined, toMicros: (value: bigint) => bigint): string | undefined {
  return value === undefined || value === null ? undefined : `${momentText(toMicros(BigInt(value)))}Z`;
}

/** A value as JSON. Numbers keep their digits; bytes become hexadecimal text. */
function valueText(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : `"${value}"`;
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString('hex'));
  if (value instanceof Date) return JSON.stringify(value.toISOString());
  if (Array.isArray(value)) return `[${value.map(valueText).join(',')}]`;
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}:${valueText(item)}`)
    .join(',')}}`;
}

/** Slices of the file; a span that the file does not have is damage, not an empty answer. */
function bufferOf(handle: FileHandle, size: number): AsyncBuffer {
  return {
    byteLength: size,
    async slice(start, end = size) {
      if (!(start >= 0 && start <= end && end <= size))
        throw new Unreadable('FILE_MALFORMED', 'points outside of itself', 'Write it anew.');
      const bytes = new Uint8Array(end - start);
      for (let done = 0; done < bytes.length; ) {
        const { bytesRead } = await handle.read(bytes, done, bytes.length - done, start + done);
        if (bytesRead === 0) throw new Unreadable('FILE_MALFORMED', 'ends early', 'Copy it anew.');
        done += bytesRead;
      }
      return bytes.buffer;
    },
  };
}
