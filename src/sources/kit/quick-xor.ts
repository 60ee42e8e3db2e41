/** OneDrive's quickXorHash: every byte is XORed into a ring of 160 bits, each 11 bits after the last, and the length at its end. */
import type { Hasher } from './hasher.ts';

const WIDTH_BITS = 160;
const SHIFT_BITS = 11;

export function createQuickXor(): Hasher {
  // 11 and 160 have no common divisor: byte n meets the ring where byte n + 160 does, so that columns can be gathered first.
  const columns = new Uint8Array(WIDTH_BITS);
  let length = 0;
  let at = 0;
  return {
    update(bytes) {
      for (let index = 0; index < bytes.length; index += 1) {
        columns[at] = (columns[at] ?? 0) ^ (bytes[index] ?? 0);
        at += 1;
        if (at === WIDTH_BITS) at = 0;
      }
      length += bytes.length;
    },
    digest() {
      const ring = Buffer.alloc(WIDTH_BITS / 8);
      for (const [index, value] of columns.entries()) {
        const bit = (index * SHIFT_BITS) % WIDTH_BITS;
        const byte = bit >> 3;
        const wide = value << (bit & 7);
        ring[byte] = (ring[byte] ?? 0) ^ (wide & 255);
        const after = (byte + 1) % ring.length;
        ring[after] = (ring[after] ?? 0) ^ (wide >> 8);
      }
      const size = Buffer.alloc(8);
      size.writeBigUInt64LE(BigInt(length));
      for (const [index, value] of size.entries()) ring[12 + index] = (ring[12 + index] ?? 0) ^ value;
      return ring;
    },
  };
}
