/** Rules that are others by now: what they make something else of is read anew, everything else stays as it is. */
import { crashPoint } from '../../kernel/crash-point.ts';
import type { Claims } from './claims.ts';
import { MOVED } from './keep-items.ts';
import type { SyncRun } from './run.ts';

const PAGE = 5_000;

/** Goes through all items where the rules are not those of `before`, and keeps that it did. */
export async function reclaim(run: SyncRun, claims: Claims, before: string | null): Promise<void> {
  if (before === claims.hash) return;
  const { source_id: sourceId } = run.source;
  let after = 0n;
  for (let isMore = before !== null; isMore; ) {
    run.job.signal.throwIfAborted();
    isMore = await run.write(async ({ query }) => {
      const items = await query<{ id: bigint; external_path: string; rules_hash: string }>(
        'sync items of other rules',
        `SELECT id, external_path, rules_hash
           FROM sync_items
          WHERE source_id = $1 AND id > $2 AND sync_status IN ('synced', 'skipped', 'failed', 'missing', 'conflict')
            AND rules_hash IS NOT NULL AND rules_hash <> 'nothing'
          ORDER BY id
          LIMIT ${PAGE}`,
        [sourceId, after],
      );
      after = items.at(-1)?.id ?? after;
      const other = items.filter(
        ({ external_path: path, rules_hash: mark }) => claims.of(path).mark !== mark && !mark.startsWith(MOVED),
      );
      if (other.length > 0) {
        // Without a content hash one is read anew even where its bytes are the same.
        await query(
          'sync items claimed anew',
          `UPDATE sync_items
              SET rules_hash = NULL, content_hash = NULL, reason = NULL, error = NULL, retry_at = NULL, attempts = 0,
                  sync_status = CASE sync_status WHEN 'missing' THEN 'missing' ELSE 'pending' END
            WHERE id = ANY ($1::bigint[])`,
          [other.map(({ id }) => id)],
        );
      }
      return { result: items.length === PAGE };
    });
  }
  await run.write(async ({ query }) => {
    await query('sync rules', 'UPDATE source_states SET rules_hash = $2 WHERE source_id = $1', [sourceId, claims.hash]);
    return { result: undefined };
  });
  crashPoint('sync.reclaimed');
}
