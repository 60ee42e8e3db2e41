import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Payload } from '../put-file.ts';
import type { Patch } from './find-patches.ts';

/** Writes a file with spans replaced; all between them passes through byte for byte. @param patches in the order of the file */
export async function applyPatches(from: string, to: string, patches: readonly Patch[]): Promise<Payload> {
  const hash = createHash('sha256');
  let size = 0;
  async function* pieces(): AsyncGenerator<Buffer> {
    let at = 0;
    for (const { offset, length, bytes } of patches) {
      if (offset > at) yield* createReadStream(from, { start: at, end: offset - 1 });
      yield bytes;
      at = offset + length;
    }
    yield* createReadStream(from, { start: at });
  }
  async function* metered(): AsyncGenerator<Buffer> {
    for await (const piece of pieces()) {
      hash.update(piece);
      size += piece.length;
      yield piece;
    }
  }
  await pipeline(metered(), createWriteStream(to, { mode: 0o600 }));
  return { file: to, size, hash: hash.digest('hex') };
}
