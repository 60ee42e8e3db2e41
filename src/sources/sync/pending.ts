/** The items that wait to be read, a page at a time. */
import type { Query } from '../../database/session.ts';
import type { SyncRun } from './run.ts';

export interface PendingItem {
  readonly id: bigint;
  readonly external_id: string;
  readonly name: string;
  readonly external_path: string;
  readonly item_type: string;
  readonly media_type: string | null;
  readonly size: bigint | null;
  readonly external_version: string;
  readonly external_hash: string | null;
  readonly external_modified_at: Date | null;
  readonly external_url: string | null;
  readonly content_hash: string | null;
  readonly dataset: string | null;
  readonly import_id: string | null;
  readonly local_document_id: string | null;
  readonly attempts: number;
  readonly rules_hash: string | null;
  readonly is_new: boolean;
}

/** The next after `after`, in the order in which they came. */
export function readPending(query: Query, { source }: SyncRun, after: bigint, most: number): Promise<PendingItem[]> {
  return query<PendingItem & Record<string, unknown>>(
    'sync items pending',
    `SELECT id, external_id, name, external_path, item_type, media_type, size, external_version, external_hash,
            external_modified_at, external_url, content_hash, dataset, import_id, local_document_id, attempts, rules_hash,
            last_synced_at IS NULL AS is_new
       FROM sync_items
      WHERE source_id = $1 AND sync_status = 'pending' AND id > $2
      ORDER BY id
      LIMIT $3`,
    [source.source_id, after, most],
  );
}

/** What failed and is due again waits with the others: all of it, where a person asks for everything. Returns how many there are. */
export async function readyPending(query: Query, { source, job }: Pick<SyncRun, 'source' | 'job'>): Promise<number> {
  await query(
    'sync items due again',
    `UPDATE sync_items
        SET sync_status = 'pending', retry_at = NULL
      WHERE source_id = $1 AND sync_status = 'failed'
        AND (retry_at <= now()
             OR retry_at IS NOT NULL AND EXISTS (SELECT FROM jobs WHERE job_id = $2 AND arguments @> '{"retriesAll": true}'))`,
    [source.source_id, job.id],
  );
  const [counted] = await query<{ waiting: bigint }>(
    'sync items waiting',
    "SELECT count(*) AS waiting FROM sync_items WHERE source_id = $1 AND sync_status = 'pending'",
    [source.source_id],
  );
  return Number(counted?.waiting ?? 0);
}
