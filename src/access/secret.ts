/** Secrets that are handed out once and kept as a hash only: tokens, sessions, sign-in links. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { hashBytes } from '../kernel/hash.ts';

const TOKEN_FORM = /^cairn_([A-Za-z0-9_-]{43})_([0-9a-f]{8})$/;
/** `cairn_` and six characters: enough to tell tokens apart in a list, too few to guess the rest. */
const PREFIX_LENGTH = 12;

/** 256 random bits, base64url. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What is kept of a secret: SHA-256, hex. A slow hash would only protect secrets that people choose. */
export function secretHash(secret: string): string {
  return hashBytes(secret);
}

/** A new bearer token: `cairn_<32 random bytes, base64url>_<CRC-32 of them, hex>`. */
export function newToken(): { token: string; prefix: string; hash: string } {
  const secret = newSecret();
  const token = `cairn_${secret}_${checksum(secret)}`;
  return { token, prefix: token.slice(0, PREFIX_LENGTH), hash: secretHash(token) };
}

/** Whether a text can be one of our tokens at all: a cut or mistyped one is told apart without asking the database. */
export function isTokenForm(text: string): boolean {
  const [, secret, sum] = TOKEN_FORM.exec(text) ?? [];
  return secret !== undefined && sum === checksum(secret);
}

/** Compares in a time that does not depend on where two texts differ, nor on their lengths. */
export function sameSecret(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function checksum(secret: string): string {
  return crc32(secret).toString(16).padStart(8, '0');
}
