/**
 * Renames in places that know no ids: one thing gone, another come with the same content. The known line is taken over, with
 * its document and its import; nothing is read or written anew.
 */
import type { Query } from '../../database/session.ts';
import { forgetDigests } from './digests.ts';
import { MOVED } from './keep-items.ts';
import type { SyncRun } from './run.ts';

/** What the taken-over line gets from the new one; `o` is the old, `n` the new. */
const TAKEN_OVER = `
  external_id = n.external_id, parent_external_id = n.parent_external_id, name = n.name, external_path = n.external_path,
  path_key = n.path_key, item_type = n.item_type, media_type = n.media_type, size = n.size,
  external_version = n.external_version, external_hash = n.external_hash, external_modified_at = n.external_modified_at,
  external_url = n.external_url, sync_status = 'pending', error = NULL, retry_at = NULL, attempts = 0,
  rules_hash = CASE WHEN o.rules_hash LIKE '${MOVED}%' THEN o.rules_hash ELSE '${MOVED}' || o.rules_hash END`;

/** Pairs what is new with what is missing by the place's own hashes, before anything is downloaded. */
export function takeOverByHash(run: SyncRun): Promise<number> {
  if (run.connector.capabilities.rename === 'same-id' || run.connector.capabilities.hash.length === 0)
    return Promise.resolve(0);
  return run.write(async ({ query }) => {
    const taken = await query<{ old_id: bigint; new_id: bigint }>(
      'sync renames by hash',
      `WITH gone AS (
         SELECT id, external_hash, row_number() OVER (PARTITION BY external_hash ORDER BY path_key, id) AS place
           FROM sync_items
          WHERE source_id = $1 AND sync_status = 'missing' AND rules_hash IS NOT NULL AND external_hash IS NOT NULL
            AND external_hash NOT LIKE 'etag:%'),
       come AS (
         SELECT id, external_hash, row_number() OVER (PARTITION BY external_hash ORDER BY path_key, id) AS place
           FROM sync_items
          WHERE source_id = $1 AND sync_status = 'pending' AND rules_hash IS NULL AND content_hash IS NULL
            AND last_synced_at IS NULL AND external_hash IS NOT NULL)
       SELECT gone.id AS old_id, come.id AS new_id
         FROM gone JOIN come USING (external_hash, place)
        ORDER BY 1`,
      [run.source.source_id],
    );
    await takeOver(
      query,
      run,
      taken.map(({ old_id: oldId, new_id: newId }) => ({ oldId, newId })),
    );
    return { result: taken.length };
  });
}

export interface Renamed {
  readonly oldId: bigint;
  readonly newId: bigint;
}

/** Gives each known line what the new one says, and drops the new one. */
export async function takeOver(query: Query, { source }: SyncRun, renamed: readonly Renamed[]): Promise<void> {
  if (renamed.length === 0) return;
  // What was seen were the lines that go now.
  await forgetDigests(query, source.source_id, undefined);
  // A line is deleted before the update sees it: two of one external id never stand side by side.
  await query(
    'sync rename',
    `WITH come AS (
       DELETE FROM sync_items s USING unnest($1::bigint[], $2::bigint[]) AS r(old_id, new_id)
        WHERE s.id = r.new_id
       RETURNING r.old_id, s.*)
     UPDATE sync_items o SET ${TAKEN_OVER} FROM come n WHERE o.id = n.old_id`,
    [renamed.map(({ oldId }) => oldId), renamed.map(({ newId }) => newId)],
  );
}
