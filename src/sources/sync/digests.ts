/**
 * What a listing told of a batch of items, as one hash: where the pass before ended with the same one, the batch is as it was, and
 * one line of the database is looked at instead of all of its items'.
 */
import { createHash } from 'node:crypto';
import type { Query } from '../../database/session.ts';
import type { Pass } from './pass.ts';
import type { ToldItem } from './told-item.ts';

/** Of all by which it is seen that an item is as it was, in the order of the listing. */
export function digestOf(items: readonly ToldItem[]): string {
  const hash = createHash('sha256');
  let text = '';
  for (const { externalId, version, path, hash: told, parentId } of items) {
    text += `${externalId}\0${version}\0${path === externalId ? '' : path}\0${told ?? ''}\0${parentId ?? ''}\n`;
    if (text.length < PORTION) continue;
    hash.update(text);
    text = '';
  }
  return hash.update(text).digest('base64');
}

/** Characters hashed at once. */
const PORTION = 1 << 16;

/** Whether the pass before has seen just that: then this one has seen its items too. */
export async function seeAgain(query: Query, sourceId: string, pass: Pass, digest: string): Promise<boolean> {
  const seen = await query(
    'sync batch seen again',
    `UPDATE sync_seen
        SET pass = $2, batch = $3
      WHERE source_id = $1 AND pass <> $2
        AND batch = (SELECT min(batch) FROM sync_seen WHERE source_id = $1 AND pass <> $2 AND digest = $4)
     RETURNING batch`,
    [sourceId, pass.id, pass.nextBatch(), digest],
  );
  if (seen.length > 0) pass.isAgain();
  return seen.length > 0;
}

/** Of all passes but this one. */
export async function forgetDigests(query: Query, sourceId: string, pass: Pass | undefined): Promise<void> {
  await query('sync digests forgotten', 'DELETE FROM sync_seen WHERE source_id = $1 AND pass IS DISTINCT FROM $2', [
    sourceId,
    pass?.id ?? null,
  ]);
}
