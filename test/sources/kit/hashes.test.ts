/** The hashes of the providers, against their published values and against the slow way to say them. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { HashAlgorithm } from '../../../src/sources/connector.ts';
import { createHasher, isDigest, writeDigest } from '../../../src/sources/kit/content-hash.ts';

/** In portions of every size, so that none is a boundary by luck. */
function hashOf(algorithm: HashAlgorithm, bytes: Uint8Array): string {
  const hasher = createHasher(algorithm);
  if (hasher === undefined) throw new Error(`${algorithm} is no hash of content`);
  let step = 1;
  for (let at = 0; at < bytes.length; at += step, step = (step * 7 + 3) % 1_000_003) {
    hasher.update(bytes.subarray(at, at + step));
  }
  return writeDigest(algorithm, hasher.digest()).value;
}

const bytesOf = (length: number): Buffer =>
  Buffer.from(Uint8Array.from({ length }, (_, at) => (at * 31 + (at >> 8)) & 255));

test.each([
  ['crc32c', '', 'AAAAAA=='],
  ['crc32c', '123456789', '4waSgw=='],
  ['quickxor', '', 'AAAAAAAAAAAAAAAAAAAAAAAAAAA='],
  ['quickxor', 'J', 'SgAAAAAAAAAAAAAAAQAAAAAAAAA='],
  ['md5', 'abc', '900150983cd24fb0d6963f7d28e17f72'],
] as const)('%s of "%s" is %s', (algorithm, text, expected) => {
  expect(hashOf(algorithm, Buffer.from(text))).toBe(expected);
});

test('quickxor is the ring of 160 bits that its definition says', () => {
  const bytes = bytesOf(1000);
  const width = 160n;
  let ring = 0n;
  for (const [at, byte] of bytes.entries()) {
    const wide = BigInt(byte) << (BigInt(at * 11) % width);
    ring ^= (wide & ((1n << width) - 1n)) ^ (wide >> width);
  }
  ring ^= BigInt(bytes.length) << 96n;
  const expected = Buffer.from(Array.from({ length: 20 }, (_, at) => Number((ring >> BigInt(at * 8)) & 255n)));
  expect(hashOf('quickxor', bytes)).toBe(expected.toString('base64'));
});

test('crc32c is what one bit after the other gives', () => {
  const bytes = bytesOf(4099);
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  const expected = Buffer.alloc(4);
  expected.writeUInt32BE(~crc >>> 0);
  expect(hashOf('crc32c', bytes)).toBe(expected.toString('base64'));
});

describe('dropbox', () => {
  const sha = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
  test.each([0, 1, 4_194_303, 4_194_304, 4_194_305, 9_000_000])('%d bytes are hashed in blocks of 4 MiB', (length) => {
    const bytes = Buffer.alloc(length, 'cairn');
    const blocks = Array.from({ length: Math.ceil(length / 4_194_304) }, (_, at) =>
      sha(bytes.subarray(at * 4_194_304, (at + 1) * 4_194_304)),
    );
    expect(hashOf('dropbox', bytes)).toBe(sha(Buffer.concat(blocks)).toString('hex'));
  });
});

test('a digest is known in hexadecimal of any case and in base64, and no other is', () => {
  const digest = createHash('md5').update('abc').digest();
  for (const value of [digest.toString('hex'), digest.toString('hex').toUpperCase(), digest.toString('base64')]) {
    expect(isDigest({ algorithm: 'md5', value }, digest)).toBe(true);
  }
  expect(isDigest({ algorithm: 'md5', value: createHash('md5').digest('hex') }, digest)).toBe(false);
  expect(isDigest({ algorithm: 'md5', value: '' }, digest)).toBe(false);
  expect(createHasher('etag')).toBeUndefined();
});
