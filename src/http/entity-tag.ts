/** Entity tags: whether what a client holds is what it would be sent. */
import { hash } from 'node:crypto';
import { HttpError } from './http-error.ts';

/** What If-Match or If-None-Match names: any tag there is, or these, each with its quotes. */
export type EntityTags = '*' | readonly string[];

/** The strong tag of what is sent, with its quotes. */
export function entityTag(body: string | Buffer): string {
  return `"${hash('sha256', body, 'base64url').slice(0, 22)}"`;
}

const TAG = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g;

/** Reads If-Match or If-None-Match; what is no tag names nothing. */
export function readEntityTags(header: string | undefined): EntityTags | undefined {
  if (header === undefined) return undefined;
  if (header.trim() === '*') return '*';
  return header.match(TAG) ?? [];
}

/** Whether the client holds `tag` already. Weak comparison: what was compressed on its way is still the same. */
export function isHeld(held: EntityTags | undefined, tag: string): boolean {
  if (held === undefined) return false;
  return held === '*' || held.some((known) => opaque(known) === opaque(tag));
}

const opaque = (tag: string): string => tag.replace(/^W\//, '');

/**
 * Refuses a write whose If-Match names another state than `current`; undefined for a row that is not there.
 * @throws HttpError 412 CONFLICT
 */
export function requireMatch(wanted: EntityTags | undefined, current: string | undefined): void {
  if (wanted === undefined) return;
  if (current !== undefined && (wanted === '*' || wanted.includes(current))) return;
  throw new HttpError(412, 'CONFLICT', 'It has been changed since you read it', {
    hint: 'Read it again, and send its new ETag as If-Match.',
  });
}
