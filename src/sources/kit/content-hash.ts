/** The hashes of content that providers tell, taken while it streams. */
import { createHash } from 'node:crypto';
import type { ContentHash, HashAlgorithm } from '../connector.ts';
import { createCrc32c } from './crc32c.ts';
import { createDropboxHash } from './dropbox-hash.ts';
import type { Hasher } from './hasher.ts';
import { createQuickXor } from './quick-xor.ts';

const HASHERS: Readonly<Record<HashAlgorithm, (() => Hasher) | undefined>> = {
  dropbox: createDropboxHash,
  md5: () => builtIn('md5'),
  sha1: () => builtIn('sha1'),
  sha256: () => builtIn('sha256'),
  quickxor: createQuickXor,
  crc32c: createCrc32c,
  // Only the place knows what an etag is taken of.
  etag: undefined,
};

/** What an etag looks like that is an MD5; one that is none may look so too, since a store may make them as it likes. */
export function supposedHash(etag: string): ContentHash | undefined {
  return /^[\da-f]{32}$/i.test(etag) ? { algorithm: 'md5', value: etag, isSupposed: true } : undefined;
}

/** Undefined where the content does not give the value: of an etag. */
export function createHasher(algorithm: HashAlgorithm): Hasher | undefined {
  return HASHERS[algorithm]?.();
}

/** Whether a digest is what was told, be it written in hexadecimal of any case or in base64. */
export function isDigest(told: ContentHash, digest: Buffer): boolean {
  const value = told.value.trim();
  if (value.length === digest.length * 2) return value.toLowerCase() === digest.toString('hex');
  return Buffer.from(value, 'base64').equals(digest);
}

/** `dropbox`, `md5`, `sha1` and `sha256` in lower-case hexadecimal, `quickxor` and `crc32c` in base64: as their providers write them. */
export function writeDigest(algorithm: HashAlgorithm, digest: Buffer): ContentHash {
  const encoding = algorithm === 'quickxor' || algorithm === 'crc32c' ? 'base64' : 'hex';
  return { algorithm, value: digest.toString(encoding) };
}

function builtIn(name: string): Hasher {
  const hash = createHash(name);
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
}
