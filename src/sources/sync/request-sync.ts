/** Asking for a sync: whoever asks, one source has one run. */
import type { Query } from '../../database/session.ts';
import { enqueueJob } from '../../jobs/enqueue.ts';
import { AGAIN } from '../../jobs/job.ts';
import type { SyncJobType } from '../vocabulary.ts';
import { actorOfSource, keepSource, type SyncSource } from './source.ts';
import { SYNC } from './sync-job.ts';

export interface SyncRequest {
  /** `full_sync` lists everything anew; the others go on where the last run ended. */
  readonly type: SyncJobType;
  /** Such as `user:anna@example.org` or `schedule:nightly`. */
  readonly requestedBy: string;
  /** Yes to the deletes that the guard asks about. */
  readonly approveDeletes?: boolean;
  /** Whether what failed is tried again before its time: where a person asks for everything. */
  readonly retriesAll?: boolean;
  /** As of every job: the higher ones begin first. */
  readonly priority?: number;
}

/** Runs that end in the middle of being asked; one more is chance. */
const TRIES = 3;

/**
 * Asks for a sync within a transaction whose owner may see the source, and returns the key of the job, which is also that of
 * its line in sync_jobs. One that waits or runs already takes the request over: its key is returned, and it goes round once
 * more where it may have passed what the request is about, or asks for another run when it ends.
 * @throws AppError NOT_FOUND where the source was deleted or hidden meanwhile
 */
export async function requestSync(
  query: Query,
  { source_id: sourceId }: Pick<SyncSource, 'source_id'>,
  request: SyncRequest,
): Promise<string> {
  const source = await keepSource(query, sourceId);
  for (let tried = 1; ; tried += 1) {
    const { jobId, isNew } = await askFor(query, source, request);
    // What ended between the two looks has not heard of it: another is asked for.
    if (isNew || (await joinSync(query, jobId, request)) || tried === TRIES) return jobId;
  }
}

async function askFor(
  query: Query,
  source: SyncSource,
  { type, requestedBy, approveDeletes = false, retriesAll = false, priority }: SyncRequest,
): Promise<{ readonly jobId: string; readonly isNew: boolean }> {
  const { source_id: sourceId, owner_id: ownerId, is_shared: isShared } = source;
  const jobId = await enqueueJob(query, {
    kind: SYNC,
    arguments: { sourceId, type, approveDeletes, ...(retriesAll && { retriesAll }) },
    actor: actorOfSource(source),
    singleton: sourceId,
    privateTo: isShared ? undefined : ownerId,
    ...(priority !== undefined && { priority }),
  });
  const made = await query(
    'sync job of a request',
    `INSERT INTO sync_jobs (sync_job_id, source_id, owner_id, is_shared, job_type, requested_by)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (sync_job_id) DO NOTHING
     RETURNING id`,
    [jobId, sourceId, ownerId, isShared, type, requestedBy],
  );
  return { jobId, isNew: made.length > 0 };
}

/**
 * A run that was asked for before: a yes is never taken back, and everything is more than what changed. False where it has ended
 * by now.
 */
async function joinSync(
  query: Query,
  jobId: string,
  { type, requestedBy, approveDeletes = false, retriesAll = false }: SyncRequest,
): Promise<boolean> {
  const joined = await query(
    'sync joined',
    `UPDATE jobs
        SET arguments = arguments
              || CASE WHEN $2 THEN '{"approveDeletes": true}'::jsonb ELSE '{}' END
              || CASE WHEN $5 THEN '{"retriesAll": true}'::jsonb ELSE '{}' END
              || CASE WHEN status = 'running'
                      THEN jsonb_build_object('${AGAIN}', CASE
                             WHEN arguments #>> '{${AGAIN},type}' = 'full_sync'
                             THEN (arguments -> '${AGAIN}') || CASE WHEN $2 THEN '{"approves": true}'::jsonb ELSE '{}' END
                             ELSE jsonb_build_object('type', $3::text, 'by', $4::text, 'approves',
                                    $2 OR coalesce((arguments #>> '{${AGAIN},approves}')::boolean, false)) END)
                      WHEN status = 'queued' AND $3 = 'full_sync' THEN '{"type": "full_sync"}'
                      ELSE '{}' END
      WHERE job_id = $1 AND status IN ('queued', 'running')
     RETURNING id`,
    [jobId, approveDeletes, type, requestedBy, retriesAll],
  );
  await query(
    'sync job joined',
    "UPDATE sync_jobs SET job_type = $2 WHERE sync_job_id = $1 AND status = 'queued' AND $2 = 'full_sync'",
    [jobId, type],
  );
  return joined.length > 0;
}
