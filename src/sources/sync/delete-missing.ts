/** What is gone from the place goes from here: documents, never rows; and not too much of it without a yes. */
import { crashPoint } from '../../kernel/crash-point.ts';
import type { SyncRun } from './run.ts';
import { syncOrderOf } from './sync-job.ts';
import { dropDocuments } from './write-documents.ts';

const BATCH = 2_000;
/** So few may always go: the share of a small place says nothing. */
const FEW = 10;

export interface Deletes {
  /** Left as they are, until somebody says yes. */
  readonly waiting: number;
}

/** Deletes what is missing, unless the guard stops it. */
export async function deleteMissing(run: SyncRun): Promise<Deletes> {
  const { source_id: sourceId, delete_guard: guard } = run.source;
  const waiting = await run.write(async ({ query }) => {
    const [counted] = await query<{ missing: bigint; left: bigint; approved: unknown }>(
      'sync items missing',
      `SELECT m.missing, CASE WHEN m.missing = 0 THEN 0 ELSE (
                SELECT count(*) FROM sync_items WHERE source_id = $1 AND sync_status NOT IN ('missing', 'deleted') AND item_type <> 'folder')
              END AS left, (SELECT arguments FROM jobs WHERE job_id = $2) AS approved
         FROM (SELECT count(*) FILTER (WHERE item_type <> 'folder') AS missing
                 FROM sync_items WHERE source_id = $1 AND sync_status = 'missing') m`,
      [sourceId, run.job.id],
    );
    const missing = Number(counted?.missing ?? 0);
    const left = Number(counted?.left ?? 0);
    const isMuch = (missing > FEW && missing * 100 > guard * (missing + left)) || (missing > 0 && left === 0);
    // Asked anew: a yes may have come while the run was under way.
    const isApproved = syncOrderOf(Object(counted?.approved ?? run.job.arguments)).approveDeletes;
    return { result: isMuch && !isApproved ? missing : 0 };
  });
  crashPoint('sync.guarded');
  if (waiting > 0) return { waiting };
  for (let isMore = true; isMore; ) {
    run.job.signal.throwIfAborted();
    isMore = await run.write(async ({ query }) => {
      const gone = await query<{ local_document_id: string | null; is_folder: boolean }>(
        'sync items deleted',
        `WITH gone AS (
           SELECT id, local_document_id FROM sync_items
            WHERE source_id = $1 AND sync_status = 'missing' ORDER BY id LIMIT ${BATCH})
         UPDATE sync_items t
            SET sync_status = 'deleted', local_document_id = NULL, rules_hash = NULL, content_hash = NULL, reason = NULL,
                error = NULL, retry_at = NULL
           FROM gone
          WHERE t.id = gone.id
         RETURNING gone.local_document_id, t.item_type = 'folder' AS is_folder`,
        [sourceId],
      );
      await dropDocuments(
        query,
        gone.flatMap(({ local_document_id: id }) => id ?? []),
      );
      return {
        result: gone.length === BATCH,
        counts: { deleted: gone.filter(({ is_folder: isFolder }) => !isFolder).length },
      };
    });
    crashPoint('sync.deleted');
  }
  return { waiting: 0 };
}
