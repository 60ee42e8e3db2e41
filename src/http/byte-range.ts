/** What part of a file a client asks for (RFC 9110, 14). */

/** Bytes from `start` to `end`, both included. */
export interface AskedRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a Range header for something of `size` bytes. Undefined: the whole is sent, for none is asked for, or several are, or in
 * a unit or form that is not known. `beyond`: none of the bytes asked for is there.
 */
export function readRange(header: string | undefined, size: number): AskedRange | 'beyond' | undefined {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'beyond' : { start: size - length, end: size - 1 };
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Number(last);
  // Turned round it is no range, and is not looked at.
  if (last !== '' && end < start) return undefined;
  return start >= size ? 'beyond' : { start, end: Math.min(end, size - 1) };
}
