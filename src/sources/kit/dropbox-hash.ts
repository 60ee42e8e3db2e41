/** Dropbox's content_hash: SHA-256 over the SHA-256 of each 4 MiB block (dropbox.com/developers/reference/content-hash). */
import { createHash, type Hash } from 'node:crypto';
import type { Hasher } from './hasher.ts';

const BLOCK_BYTES = 4 * 1024 * 1024;

export function createDropboxHash(): Hasher {
  const whole = createHash('sha256');
  let block: Hash | undefined;
  let filled = 0;
  return {
    update(bytes) {
      for (let from = 0; from < bytes.length; ) {
        block ??= createHash('sha256');
        const part = bytes.subarray(from, from + BLOCK_BYTES - filled);
        block.update(part);
        filled += part.length;
        from += part.length;
        if (filled < BLOCK_BYTES) continue;
        whole.update(block.digest());
        block = undefined;
        filled = 0;
      }
    },
    digest() {
      if (block !== undefined) whole.update(block.digest());
      return whole.digest();
    },
  };
}
