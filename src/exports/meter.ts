/** Counts and hashes bytes on their way. */
import { createHash } from 'node:crypto';
import type { Sink } from './sink.ts';

export interface Meter extends Sink {
  readonly bytes: () => number;
  /** SHA-256, hexadecimal; once, when all bytes have passed. */
  readonly hash: () => string;
}

/** A sink that passes everything on; `onBytes` hears how many there were so far. */
export function createMeter(sink: Sink, onBytes?: (bytes: number) => void): Meter {
  const hash = createHash('sha256');
  let bytes = 0;
  return {
    bytes: () => bytes,
    hash: () => hash.digest('hex'),
    write: (piece) => {
      hash.update(piece);
      bytes += piece.length;
      onBytes?.(bytes);
      return sink.write(piece);
    },
  };
}
