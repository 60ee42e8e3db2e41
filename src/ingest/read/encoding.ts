/** Which encoding a text file has: decided over all of its bytes, because one late byte can refute a guess from the first ones. */
import { isAscii, isUtf8 } from 'node:buffer';
import { AppError } from '../../kernel/errors.ts';

export type TextEncodingName = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

export interface EncodingDetector {
  /** Takes the file's next bytes; the pass that hashes the file feeds it. Keeps no reference to them. */
  push(chunk: Buffer): void;
  /** The encoding, or AppError FILE_ENCODING where every reading would garble some of the text. */
  result(): TextEncodingName;
}

/** Bytes that Windows-1252 leaves undefined: a file that has one is not Windows-1252. */
const UNDEFINED_IN_1252 = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);
/** Text of any kind stays far below one control character in fifty bytes; programs and images are far above. */
const BINARY_SHARE = 0.02;
/** A whole chunk of valid UTF-8 beyond ASCII does not come about by chance in another encoding. */
const WEIGHT_OF_VALID_CHUNK = 64;

/** How many bytes at the start of `bytes` are whole UTF-8 characters; the rest (0 to 3 bytes) waits for the next chunk. */
export function wholeUtf8(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return needed > back ? bytes.length - back : bytes.length;
    }
  }
  return bytes.length;
}

/** Length of the byte order mark at the start of a file in `encoding`: 0, 2 or 3. */
export function markLength(head: Buffer, encoding: TextEncodingName): number {
  if (encoding === 'utf-8') return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  if (encoding === 'utf-16le') return head[0] === 0xff && head[1] === 0xfe ? 2 : 0;
  if (encoding === 'utf-16be') return head[0] === 0xfe && head[1] === 0xff ? 2 : 0;
  return 0;
}

export function encodingDetector(): EncodingDetector {
  let head: Buffer = Buffer.alloc(0);
  let carry: Buffer = Buffer.alloc(0);
  let size = 0;
  const pairs: PairCounts = { little: 0, big: 0, ascii: 0, odd: -1 };
  const utf8: Utf8Counts = { sequences: 0, invalid: 0, firstInvalid: -1, undefinedIn1252: -1, controls: 0, seen: 0 };

  function take(bytes: Buffer, offset: number): void {
    if (isAscii(bytes)) return;
    if (isUtf8(bytes)) utf8.sequences += WEIGHT_OF_VALID_CHUNK;
    else countUtf8(bytes, offset, utf8);
  }

  return {
    push(chunk) {
      if (head.length < 4) head = Buffer.concat([head, chunk.subarray(0, 4 - head.length)]);
      countPairs(chunk, size, pairs);
      const joined = carry.length > 0 ? Buffer.concat([carry, chunk]) : chunk;
      const whole = wholeUtf8(joined);
      take(joined.subarray(0, whole), size - carry.length);
      carry = Buffer.from(joined.subarray(whole));
      size += chunk.length;
    },
    result() {
      if (carry.length > 0) countUtf8(carry, size - carry.length, utf8);
      carry = Buffer.alloc(0);
      return decide(head, size, pairs, utf8);
    },
  };
}

interface Utf8Counts {
  sequences: number;
  invalid: number;
  firstInvalid: number;
  undefinedIn1252: number;
  controls: number;
  seen: number;
}

/** Pairs of bytes that look like an ASCII character in UTF-16, and pairs that cannot be one: both bytes printable. */
interface PairCounts {
  little: number;
  big: number;
  ascii: number;
  odd: number;
}

function decide(head: Buffer, size: number, pairs: PairCounts, utf8: Utf8Counts): TextEncodingName {
  const marked = (['utf-8', 'utf-16le', 'utf-16be'] as const).find((name) => markLength(head, name) > 0);
  if (marked === 'utf-16le' && size >= 4 && head[2] === 0 && head[3] === 0)
    throw refusal('it is UTF-32, which is not read');
  const wide = marked ?? (size % 2 === 0 ? wideByPairs(pairs) : undefined);
  if (wide === 'utf-16le' || wide === 'utf-16be') {
    if (size % 2 !== 0) throw refusal('it is UTF-16 with an odd number of bytes, so it is cut short');
    return wide;
  }
  if (utf8.invalid === 0) return 'utf-8';
  const where = `byte ${utf8.firstInvalid + 1} is no valid UTF-8`;
  if (marked === 'utf-8' || utf8.sequences >= utf8.invalid) throw refusal(`${where}, though the rest of it is`);
  if (utf8.controls > utf8.seen * BINARY_SHARE) throw refusal('it looks like binary data, not text');
  if (utf8.undefinedIn1252 >= 0)
    throw refusal(`${where}, and byte ${utf8.undefinedIn1252 + 1} is no Windows-1252 either`);
  return 'windows-1252';
}

function wideByPairs({ little, big, ascii }: PairCounts): TextEncodingName | undefined {
  if (little > ascii + big) return 'utf-16le';
  if (big > ascii + little) return 'utf-16be';
  return undefined;
}

function refusal(reason: string): AppError {
  return new AppError('FILE_ENCODING', `The file's encoding is not clear: ${reason}.`, {
    hint: 'Save the file as UTF-8 and import it again.',
  });
}

/** A large chunk without NUL is no UTF-16 text, nor is the first of a file: it is not looked at pair by pair. */
const LARGE_CHUNK = 4096;

function countPairs(chunk: Buffer, offset: number, counts: PairCounts): void {
  if (chunk.length === 0) return;
  const isSplit = offset % 2 === 1;
  if (isSplit) countPair(counts.odd, chunk[0] ?? 0, counts);
  const at = isSplit ? 1 : 0;
  counts.odd = (chunk.length - at) % 2 === 1 ? (chunk.at(-1) ?? 0) : -1;
  if ((chunk.length >= LARGE_CHUNK || offset === 0) && !chunk.includes(0)) counts.ascii += chunk.length / 2;
  else for (let i = at; i + 1 < chunk.length; i += 2) countPair(chunk[i] ?? 0, chunk[i + 1] ?? 0, counts);
}

function countPair(first: number, second: number, counts: PairCounts): void {
  if (second === 0 && first !== 0 && first < 0x80) counts.little += 1;
  else if (first === 0 && second !== 0 && second < 0x80) counts.big += 1;
  else if (isPrintable(first) && isPrintable(second)) counts.ascii += 1;
}

function isPrintable(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function countUtf8(bytes: Buffer, offset: number, counts: Utf8Counts): void {
  counts.seen += bytes.length;
  for (let i = 0; i < bytes.length; ) {
    const byte = bytes[i] ?? 0;
    if (byte < 0x80) {
      if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte !== 0x0c) counts.controls += 1;
      i += 1;
      continue;
    }
    if (UNDEFINED_IN_1252.has(byte) && counts.undefinedIn1252 < 0) counts.undefinedIn1252 = offset + i;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    if (byte >= 0xc2 && i + length <= bytes.length && isUtf8(bytes.subarray(i, i + length))) {
      counts.sequences += 1;
      i += length;
    } else {
      counts.invalid += 1;
      if (counts.firstInvalid < 0) counts.firstInvalid = offset + i;
      i += 1;
    }
  }
}
