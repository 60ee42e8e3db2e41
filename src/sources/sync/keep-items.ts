/** Told items beside the lines that are known of them: what is as it was is seen and not written. */
import type { Query } from '../../database/session.ts';
import type { Pass } from './pass.ts';
import type { SyncRun } from './run.ts';
import type { SyncSource } from './source.ts';
import type { ToldItem } from './told-item.ts';

/** Before `rules_hash`: the content is as it was processed, and the path is another by now. */
export const MOVED = 'moved:';

/**
 * Which of the items are new or not as they were: their places. Those that are known count as seen in the pass, under the
 * `digest` of what was told of them where all are as they were.
 */
export async function compareItems(
  query: Query,
  source: SyncSource,
  items: readonly ToldItem[],
  pass: Pass | undefined,
  digest: string | undefined,
): Promise<readonly number[]> {
  const [compared] = await query<{ changed: readonly number[] | null }>(
    'sync items compared',
    // One look into the index for each, whatever the table's size: a join would read all of it for every batch.
    `WITH told AS MATERIALIZED (
       SELECT s.place, t.id,
              t.external_version = s.version AND t.external_path = s.path
                AND (t.external_hash = s.hash OR t.external_hash IS NULL OR s.hash IS NULL)
                AND t.parent_external_id IS NOT DISTINCT FROM s.parent_id
                AND t.sync_status NOT IN ('missing', 'deleted') AS is_same
         FROM unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
              WITH ORDINALITY AS s(external_id, version, path, hash, parent_id, place)
         LEFT JOIN LATERAL (
              SELECT * FROM sync_items WHERE source_id = $1 AND external_id = s.external_id OFFSET 0) t ON true
     ), seen AS (
       INSERT INTO sync_seen (source_id, owner_id, pass, batch, ids, digest)
       SELECT $1, $2, $3, $9, array_agg(id) FILTER (WHERE id IS NOT NULL), CASE WHEN bool_and(is_same IS TRUE) THEN $10 END
         FROM told
        WHERE $3::uuid IS NOT NULL
       HAVING count(id) > 0)
     SELECT array_agg(place::integer - 1 ORDER BY place) AS changed FROM told WHERE is_same IS NOT TRUE`,
    [
      source.source_id,
      source.owner_id,
      pass?.id ?? null,
      items.map(({ externalId }) => externalId),
      items.map(({ version }) => version),
      items.map(({ path }) => path),
      items.map(({ hash }) => hash),
      items.map(({ parentId }) => parentId),
      pass?.nextBatch() ?? 0,
      digest ?? null,
    ],
  );
  return compared?.changed ?? [];
}

/** Whether the content is what it was: by hash where there are two, else by version; or it is what we wrote there ourselves. */
const SAME_CONTENT = `(coalesce(t.external_hash = excluded.external_hash, t.external_version = excluded.external_version)
                       OR coalesce(t.written_version = excluded.external_version, false))`;
/**
 * Of another version it may pass: what failed may be that it was written to. What was processed could not be listed once, and
 * is listed now.
 */
const STILL_FAILED =
  "(t.sync_status = 'failed' AND t.rules_hash IS NULL AND t.external_version = excluded.external_version)";
/** What an item that was processed is, once it is back or told anew. */
const PROCESSED = "CASE WHEN t.reason IS NULL THEN 'synced' ELSE 'skipped' END";

/** Writes new items and those that are not as they were. No item may come twice. */
export async function upsertItems(
  query: Query,
  { source }: SyncRun,
  items: readonly ToldItem[],
  pass: Pass | undefined,
): Promise<void> {
  await query(
    'sync items told',
    `WITH told AS (
       INSERT INTO sync_items AS t (source_id, owner_id, is_shared, external_id, parent_external_id, name, external_path, path_key,
                                    item_type, media_type, size, external_version, external_hash, external_modified_at,
                                    external_url, sync_status, reason, rules_hash)
       SELECT $1, $2, $3, s.external_id, s.parent_id, s.name, s.path, s.path_key, s.kind, s.media_type, s.size, s.version, s.hash,
              s.modified_at, s.url, CASE WHEN s.has_content THEN 'pending' ELSE 'skipped' END,
              CASE WHEN NOT s.has_content THEN coalesce(s.skipped, 'there is nothing to read in a ' || s.kind) END,
              CASE WHEN NOT s.has_content THEN 'nothing' END
         FROM unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::bigint[],
                     $12::text[], $13::text[], $14::timestamptz[], $15::text[], $16::boolean[], $19::text[])
              WITH ORDINALITY AS s(external_id, parent_id, name, path, path_key, kind, media_type, size, version, hash,
                                   modified_at, url, has_content, skipped, place)
        ORDER BY s.place
       ON CONFLICT (source_id, external_id) DO UPDATE
          SET parent_external_id = excluded.parent_external_id, name = excluded.name, external_path = excluded.external_path,
              path_key = excluded.path_key, item_type = excluded.item_type, media_type = excluded.media_type,
              size = excluded.size, external_version = excluded.external_version,
              external_hash = coalesce(excluded.external_hash, CASE WHEN ${SAME_CONTENT} THEN t.external_hash END),
              external_modified_at = excluded.external_modified_at, external_url = excluded.external_url,
              sync_status = CASE
                WHEN excluded.sync_status = 'skipped' THEN 'skipped'
                WHEN NOT ${SAME_CONTENT} OR t.sync_status = 'deleted' OR t.rules_hash IS NULL THEN
                  CASE WHEN ${STILL_FAILED} THEN 'failed' ELSE 'pending' END
                WHEN t.external_path IS DISTINCT FROM excluded.external_path THEN 'pending'
                WHEN t.rules_hash LIKE '${MOVED}%' THEN 'pending'
                WHEN t.sync_status IN ('missing', 'failed') THEN ${PROCESSED}
                ELSE t.sync_status END,
              rules_hash = CASE
                WHEN excluded.sync_status = 'skipped' THEN 'nothing'
                WHEN NOT ${SAME_CONTENT} OR t.sync_status = 'deleted' THEN NULL
                WHEN t.external_path IS DISTINCT FROM excluded.external_path AND t.rules_hash NOT LIKE '${MOVED}%'
                  THEN '${MOVED}' || t.rules_hash
                ELSE t.rules_hash END,
              reason = CASE WHEN excluded.sync_status = 'skipped' THEN excluded.reason
                            WHEN ${SAME_CONTENT} AND t.sync_status <> 'deleted' THEN t.reason END,
              error = CASE WHEN ${STILL_FAILED} THEN t.error END,
              attempts = CASE WHEN ${STILL_FAILED} THEN t.attempts ELSE 0 END,
              retry_at = CASE WHEN ${STILL_FAILED} THEN t.retry_at END
       RETURNING id, (xmax = 0) AS is_new)
     INSERT INTO sync_seen (source_id, owner_id, pass, batch, ids)
     SELECT $1, $2, $17, $18, array_agg(id) FROM told WHERE is_new AND $17::uuid IS NOT NULL HAVING count(*) > 0`,
    [
      source.source_id,
      source.owner_id,
      source.is_shared,
      items.map(({ externalId }) => externalId),
      items.map(({ parentId }) => parentId),
      items.map(({ name }) => name),
      items.map(({ path }) => path),
      items.map(({ pathKey }) => pathKey),
      items.map(({ kind }) => kind),
      items.map(({ mediaType }) => mediaType),
      items.map(({ size }) => size),
      items.map(({ version }) => version),
      items.map(({ hash }) => hash),
      items.map(({ modifiedAt }) => modifiedAt),
      items.map(({ url }) => url),
      items.map(({ hasContent }) => hasContent),
      pass?.id ?? null,
      pass?.nextBatch() ?? 0,
      items.map(({ skipped }) => skipped),
    ],
  );
}
