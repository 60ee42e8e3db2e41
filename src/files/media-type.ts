/** What a file is, by its first bytes: what a client says of it is never believed. */

interface Mark {
  readonly mediaType: string;
  readonly at: number;
  readonly bytes: Buffer;
}

const mark = (mediaType: string, bytes: string, at = 0): Mark => ({
  mediaType,
  at,
  bytes: Buffer.from(bytes, 'latin1'),
});

/** The formats that imports read, by how each begins. */
const MARKS: readonly Mark[] = [
  mark('application/gzip', '\x1f\x8b'),
  mark('application/zip', 'PK\x03\x04'),
  mark('application/vnd.apache.parquet', 'PAR1'),
  mark('application/vnd.sqlite3', 'SQLite format 3\0'),
  mark('application/vnd.duckdb', 'DUCK', 8),
];

/** So many bytes say what can be said. */
export const SNIFFED_BYTES = 4_096;

const isControl = (byte: number): boolean => byte < 0x20 && ![0x09, 0x0a, 0x0c, 0x0d].includes(byte);

/**
 * The media type of bytes that begin so: one of the formats above, `application/json` and `text/plain` for text of any kind, or
 * undefined for what is none of them. Markup is plain text, too: a browser must never be told to run it.
 */
export function sniffMediaType(first: Uint8Array): string | undefined {
  const start = Buffer.from(first.buffer, first.byteOffset, Math.min(first.byteLength, SNIFFED_BYTES));
  const marked = MARKS.find(({ at, bytes }) => start.subarray(at, at + bytes.length).equals(bytes));
  if (marked !== undefined) return marked.mediaType;
  if (isUtf16(start)) return 'text/plain; charset=utf-16';
  if (start.some(isControl)) return undefined;
  // A letter may be cut in two where the sniffed bytes end.
  const text = new TextDecoder('utf-8').decode(start, { stream: true });
  return /^\ufeff?\s*[[{]/.test(text) ? 'application/json' : 'text/plain; charset=utf-8';
}

const isUtf16 = (start: Buffer): boolean =>
  start.length >= 2 && ((start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff));
