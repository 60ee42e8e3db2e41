/** If-Match and If-None-Match of a write: checked inside its transaction, against the row that it has locked. */

import { type LockedRow, lockRows } from '../../history/edit.ts';
import { type EntityTags, readEntityTags, requireMatch } from '../../http/entity-tag.ts';
import { HttpError } from '../../http/http-error.ts';
import { matchedTag } from '../../rest/row-tag.ts';
import { lockForHand } from '../by-hand.ts';
import type { Mutable } from './mutable.ts';
import type { HandWrite } from './write-rows.ts';

export interface Precondition {
  /** What If-Match names. */
  readonly match: EntityTags | undefined;
  /** `If-None-Match: *`: there must be no such row yet. */
  readonly onlyNew: boolean;
}

/** What a request's headers ask of the row as it is. */
export const preconditionOf = (
  match: EntityTags | undefined,
  headers: { readonly 'if-none-match'?: string | undefined },
): Precondition => ({ match, onlyNew: readEntityTags(headers['if-none-match']) === '*' });

/** Locks the row and says how it stands; undefined where there is none. `moves` is as {@link lockForHand} takes it. */
export async function lockedRow(
  write: HandWrite,
  mutable: Mutable,
  key: string,
  moves: boolean,
): Promise<LockedRow | undefined> {
  await lockForHand(write, write.relations, mutable.table, moves);
  return (await lockRows(write.query, mutable, [key])).get(key);
}

/** @throws HttpError 412 CONFLICT where the row is not as the client saw it */
export function requirePrecondition(
  { reads }: Mutable,
  key: string,
  row: LockedRow | undefined,
  { match, onlyNew }: Precondition,
): void {
  requireMatch(match, row && matchedTag(row, match));
  if (!onlyNew || row === undefined) return;
  throw new HttpError(412, 'CONFLICT', `There is a ${reads.type} ${key} already`, {
    hint: 'Leave If-None-Match out to replace it.',
  });
}
