/** A file's bytes as text, strictly: what is no valid text in the file's encoding stops the file and is never replaced. */
import { isUtf8 } from 'node:buffer';
import { AppError } from '../../kernel/errors.ts';
import { markLength, type TextEncodingName, wholeUtf8 } from './encoding.ts';
import { MAX_RECORD_BYTES } from './reader.ts';
import { readBytes, type SpooledFile } from './source.ts';

/** The part of a file's text that is being looked at. */
export interface TextWindow {
  readonly text: string;
  /** Where the text starts in the file, in bytes. */
  readonly offset: number;
  /** True once, for the file's last window, whose text may be empty. */
  readonly isLast: boolean;
  /** How many bytes the characters `from`..`to` take in the file. */
  bytes(from: number, to: number): number;
  /** Says that the text from this index on is still needed: the next window starts there. Default: none of it. */
  keepFrom(index: number): void;
}

/**
 * A file as windows of text, each continuing where the one before was kept from. A window whose text is kept whole is
 * followed by one at least twice as long. Throws FILE_ENCODING, and FILE_TOO_LARGE where more than 64 MB are kept.
 */
export async function* readWindows(
  file: SpooledFile,
  encoding: TextEncodingName,
  onBytes?: (bytes: number) => void,
): AsyncGenerator<TextWindow> {
  let gathered: Buffer[] = [];
  let size = 0;
  let wanted = 0;
  let offset = 0;
  let hasStarted = false;

  // Bytes are held over, not text: a text put together from two pieces is slower to scan, character by character.
  function next(isLast: boolean): TextWindow {
    let bytes = gathered.length === 1 && gathered[0] !== undefined ? gathered[0] : Buffer.concat(gathered, size);
    if (!hasStarted) {
      offset = markLength(bytes, encoding);
      bytes = bytes.subarray(offset);
      hasStarted = true;
    }
    const whole = wholeCharacters(bytes, encoding);
    if (isLast && whole < bytes.length) throw broken('it ends in the middle of a character');
    const used = bytes.subarray(0, whole);
    const text = DECODERS[encoding](used);
    const count = byteCount(encoding, text, used.length);
    const start = offset;
    hold(whole);
    return {
      text,
      offset: start,
      isLast,
      bytes: count,
      keepFrom: (index) => hold(index >= text.length ? whole : count(0, index)),
    };

    function hold(from: number): void {
      const kept = bytes.subarray(from);
      gathered = kept.length > 0 ? [kept] : [];
      size = kept.length;
      wanted = Math.min(size * 2, MAX_RECORD_BYTES + 1);
      offset = start + from;
    }
  }

  for await (const chunk of readBytes(file)) {
    onBytes?.(chunk.length);
    gathered.push(chunk);
    size += chunk.length;
    if (size < wanted) continue;
    yield next(false);
    if (size > MAX_RECORD_BYTES) throw tooLong(file, offset);
  }
  yield next(true);
}

const windows1252 = new TextDecoder('windows-1252');

const DECODERS: Record<TextEncodingName, (bytes: Buffer) => string> = {
  'utf-8': (bytes) => {
    if (!isUtf8(bytes)) throw broken('it holds bytes that are no UTF-8');
    return bytes.toString('utf8');
  },
  'utf-16le': (bytes) => bytes.toString('utf16le'),
  'utf-16be': (bytes) => Buffer.from(bytes).swap16().toString('utf16le'),
  'windows-1252': (bytes) => windows1252.decode(bytes),
};

/** ASCII text, the usual case, is counted without looking at it again. */
function byteCount(encoding: TextEncodingName, text: string, size: number): (from: number, to: number) => number {
  if (encoding === 'utf-16le' || encoding === 'utf-16be') return (from, to) => (to - from) * 2;
  if (size === text.length) return (from, to) => to - from;
  return (from, to) => Buffer.byteLength(text.slice(from, to));
}

/** A surrogate pair is kept together, so that a window never ends in half a character. */
function wholeCharacters(bytes: Buffer, encoding: TextEncodingName): number {
  if (encoding === 'windows-1252') return bytes.length;
  if (encoding === 'utf-8') return wholeUtf8(bytes);
  const even = bytes.length - (bytes.length % 2);
  if (even < 2) return even;
  const high = encoding === 'utf-16le' ? bytes[even - 1] : bytes[even - 2];
  return high !== undefined && high >= 0xd8 && high <= 0xdb ? even - 2 : even;
}

function broken(reason: string): AppError {
  return new AppError('FILE_ENCODING', `The file is not the text it seemed to be: ${reason}.`, {
    hint: 'Save the file as UTF-8 and import it again.',
  });
}

function tooLong(file: SpooledFile, offset: number): AppError {
  return new AppError(
    'FILE_TOO_LARGE',
    `The record at byte ${offset + 1} of ${file.facts.path} is longer than 64 MB.`,
    {
      hint: 'A quote or bracket is probably opened there and never closed.',
    },
  );
}
