/** Entity tags of rows: `"3-9x"` is version 3 of the row number 9x, and `"3-9x-…"` says as well what was counted for it. */
import { hash } from 'node:crypto';
import type { EntityTags } from '../http/entity-tag.ts';

/** Which row, and at which version. A key alone names another row once it was deleted and made anew. */
export interface TaggedRow {
  readonly version: number;
  /** A whole number of its table's own. */
  readonly id: string;
}

/** The tag of a row; `counted` is its text where that holds more than the row itself. */
export function rowTag({ version, id }: TaggedRow, counted?: string): string {
  const more = counted === undefined ? '' : `-${hash('sha256', counted, 'hex').slice(0, 16)}`;
  return `"${version}-${BigInt(id).toString(36)}${more}"`;
}

/**
 * The tag among those of an If-Match that stands for the row as it is, or else its own: what was counted is nothing that a
 * write could undo, and whoever read the row in a list knows its version alone.
 */
export function matchedTag(row: TaggedRow, match: EntityTags | undefined): string {
  const own = rowTag(row);
  if (match === undefined || match === '*') return own;
  const stem = `${own.slice(0, -1)}-`;
  return match.find((tag) => tag === `"${row.version}"` || tag.startsWith(stem)) ?? own;
}
