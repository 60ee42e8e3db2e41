/** The messages that ask a prepared statement, as one piece: each that is written alone costs as much as a small statement. */

/** The end of a transaction of its own. */
export const SYNC = Buffer.from([0x53, 0, 0, 0, 4]);
const EXECUTE = Buffer.from([0x45, 0, 0, 0, 9, 0, 0, 0, 0, 0]);

interface Asked {
  /** Under which it was prepared on the connection. */
  readonly name: string;
  readonly values: readonly (string | null)[];
}

/** Bind and Execute through the nameless portal; values are sent and rows are given as text. */
export function askMessages({ name, values }: Asked): Buffer {
  let size = 1 + 4 + 1 + Buffer.byteLength(name) + 1 + 2 + 2 + 2;
  for (const value of values) size += 4 + (value === null ? 0 : Buffer.byteLength(value));
  const bytes = Buffer.allocUnsafe(size + EXECUTE.length);
  bytes[0] = 0x42;
  let at = bytes.writeInt32BE(size - 1, 1);
  at = bytes.writeUInt8(0, at);
  at += bytes.write(name, at);
  at = bytes.writeUInt8(0, at);
  // All are text.
  at = bytes.writeInt16BE(0, at);
  at = bytes.writeInt16BE(values.length, at);
  for (const value of values) {
    const start = at + 4;
    at = start + (value === null ? 0 : bytes.write(value, start));
    bytes.writeInt32BE(value === null ? -1 : at - start, start - 4);
  }
  at = bytes.writeInt16BE(0, at);
  EXECUTE.copy(bytes, at);
  return bytes;
}
