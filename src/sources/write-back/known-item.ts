/** What the source's items tell of a path, and what they are told when we have written it. */
import type { Query } from '../../database/session.ts';
import type { RemoteItem } from '../connector.ts';
import { foldPath } from '../kit/paths.ts';
import type { SyncSource } from '../sync/source.ts';
import { toldItem } from '../sync/told-item.ts';
import type { KnownItem, Payload } from './put-file.ts';

/** The item that lies at the path now; of several that did, the one that is still there. */
export async function readKnownItem(query: Query, sourceId: string, path: string): Promise<KnownItem | undefined> {
  const [item] = await query<KnownItem & Record<string, unknown>>(
    'write-back item',
    `SELECT external_id, external_version, written_version, content_hash, sync_status
       FROM sync_items
      WHERE source_id = $1 AND path_key = ANY ($2::text[]) AND item_type <> 'folder'
      ORDER BY sync_status IN ('missing', 'deleted'), external_path = $3 DESC, id DESC
      LIMIT 1`,
    [sourceId, [...new Set([path, path.toLowerCase(), foldPath(path)])], path],
  );
  return item;
}

/**
 * Writes the item as the next listing will tell it, so that it is no change then. A document that we wrote over is read anew:
 * its text is another by now. `importId`: of the import that took in what was written.
 */
export async function recordWritten(
  query: Query,
  source: SyncSource,
  remote: RemoteItem,
  { hash: contentHash }: Payload,
  importId: string | null = null,
): Promise<void> {
  const item = toldItem(remote);
  await query(
    'write-back item written',
    `INSERT INTO sync_items AS t (source_id, owner_id, is_shared, external_id, parent_external_id, name, external_path, path_key,
                                  item_type, media_type, size, external_version, external_hash, external_modified_at,
                                  external_url, content_hash, written_version, import_id, sync_status, rules_hash, last_synced_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $12, $17, 'synced', 'written', now())
     ON CONFLICT (source_id, external_id) DO UPDATE
        SET parent_external_id = coalesce(excluded.parent_external_id, t.parent_external_id), name = excluded.name,
            external_path = excluded.external_path, path_key = excluded.path_key, size = excluded.size,
            external_version = excluded.external_version, external_hash = excluded.external_hash,
            external_modified_at = excluded.external_modified_at, content_hash = excluded.content_hash,
            written_version = excluded.written_version,
            import_id = coalesce(excluded.import_id, t.import_id), error = NULL, retry_at = NULL, attempts = 0,
            sync_status = CASE WHEN t.local_document_id IS NOT NULL THEN 'pending'
                               WHEN t.sync_status = 'skipped' THEN 'skipped' ELSE 'synced' END,
            rules_hash = CASE WHEN t.local_document_id IS NULL THEN coalesce(t.rules_hash, 'written') END,
            last_synced_at = now()`,
    [
      source.source_id,
      source.owner_id,
      source.is_shared,
      item.externalId,
      item.parentId,
      item.name,
      item.path,
      item.pathKey,
      item.kind,
      item.mediaType,
      item.size,
      item.version,
      item.hash,
      item.modifiedAt,
      item.url,
      contentHash,
      importId,
    ],
  );
}

/** Says at the item that theirs and ours differ; the next listing takes theirs in, and ends it. */
export async function recordConflict(
  query: Query,
  sourceId: string,
  { external_id: externalId }: KnownItem,
  copy: string,
): Promise<void> {
  const error = {
    code: 'CONFLICT',
    message: `Somebody else changed it while we did: ours was written beside it, as ${copy}`,
    hint: 'Theirs is taken in with the next sync. Take over from our copy what is missing, and remove it.',
  };
  await query(
    'write-back item in conflict',
    "UPDATE sync_items SET sync_status = 'conflict', error = $3 WHERE source_id = $1 AND external_id = $2",
    [sourceId, externalId, JSON.stringify(error)],
  );
}
