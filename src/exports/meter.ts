/** Counts and hashes bytes on their way. */
import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';

export interface Meter extends Transform {
  readonly bytes: () => number;
  /** SHA-256, hexadecimal; once, when all bytes have passed. */
  readonly hash: () => string;
}

/** A stream that passes everything on; `onBytes` hears how many there were so far. */
export function createMeter(onBytes?: (bytes: number) => void): Meter {
  const hash = createHash('sha256');
  let bytes = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      onBytes?.(bytes);
      done(null, chunk);
    },
  });
  return Object.assign(meter, { bytes: () => bytes, hash: () => hash.digest('hex') });
}
