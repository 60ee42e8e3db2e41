/** What a listing says is gone becomes `missing`: it may be a rename, and the guard may stop what follows. */
import type { Query } from '../../database/session.ts';
import type { Segment } from './batch.ts';

const LIVE = "t.sync_status NOT IN ('missing', 'deleted')";

/** By id or by path, and what lies below folders where that is said. What is not known is ignored. */
export async function forgetGone(query: Query, sourceId: string, deletes: Segment['deletes']): Promise<void> {
  const byId = deletes.filter(({ id }) => id !== null);
  if (byId.length > 0) {
    await query(
      'sync items gone by id',
      `WITH RECURSIVE gone AS (
         SELECT t.id, t.external_id, t.item_type = 'folder' AND d.subtree AS has_children
           FROM unnest($2::text[], $3::boolean[]) AS d(external_id, subtree)
           JOIN sync_items t ON t.source_id = $1 AND t.external_id = d.external_id
         UNION
         SELECT t.id, t.external_id, t.item_type = 'folder'
           FROM gone g
           JOIN sync_items t ON t.source_id = $1 AND t.parent_external_id = g.external_id
          WHERE g.has_children)
       UPDATE sync_items t SET sync_status = 'missing' FROM gone g WHERE t.id = g.id AND ${LIVE}`,
      [sourceId, byId.map(({ id }) => id), byId.map(({ subtree }) => subtree)],
    );
  }
  const byPath = deletes.filter(({ pathKey }) => pathKey !== null);
  if (byPath.length === 0) return;
  const keys = byPath.map(({ pathKey }) => pathKey);
  const above = byPath.filter(({ subtree }) => subtree).map(({ pathKey }) => pathKey);
  await query(
    'sync items gone by path',
    `UPDATE sync_items t SET sync_status = 'missing' WHERE t.source_id = $1 AND t.path_key = ANY ($2::text[]) AND ${LIVE}`,
    [sourceId, keys],
  );
  await forgetBelow(query, sourceId, above);
}

/** What lay at and below a path that another thing has by now. */
export async function forgetReplaced(query: Query, sourceId: string, replaced: Segment['replaced']): Promise<void> {
  const folders = await query<{ path_key: string; is_folder: boolean }>(
    'sync items replaced',
    `UPDATE sync_items t
        SET sync_status = 'missing'
       FROM unnest($2::text[], $3::text[]) AS r(path_key, external_id)
      WHERE t.source_id = $1 AND t.path_key = r.path_key AND t.external_id <> r.external_id AND ${LIVE}
     RETURNING t.path_key, t.item_type = 'folder' AS is_folder`,
    [sourceId, replaced.map(({ pathKey }) => pathKey), replaced.map(({ id }) => id)],
  );
  const above = folders.filter(({ is_folder: isFolder }) => isFolder).map(({ path_key: key }) => key);
  await forgetBelow(query, sourceId, above);
}

/** Nothing lies below a file: a thousand deleted files need no look at everything else. */
async function forgetBelow(query: Query, sourceId: string, above: readonly (string | null)[]): Promise<void> {
  if (above.length === 0) return;
  await query(
    'sync items gone below',
    `WITH folders AS MATERIALIZED (
       SELECT k.path_key || '/' AS below
         FROM unnest($2::text[]) AS k(path_key)
        WHERE NOT EXISTS (SELECT FROM sync_items f
                           WHERE f.source_id = $1 AND f.path_key = k.path_key AND f.item_type <> 'folder'))
     UPDATE sync_items t
        SET sync_status = 'missing'
       FROM folders
      WHERE t.source_id = $1 AND starts_with(t.path_key, folders.below) AND ${LIVE}`,
    [sourceId, above],
  );
}
