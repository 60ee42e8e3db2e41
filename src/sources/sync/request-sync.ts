/** Asking for a sync: whoever asks, one source has one run. */
import type { Query } from '../../database/session.ts';
import { enqueueJob } from '../../jobs/enqueue.ts';
import { AGAIN } from '../../jobs/job.ts';
import type { SyncJobType } from '../vocabulary.ts';
import { actorOfSource, keepSource, type SyncSource } from './source.ts';
import { ALSO_FOR, SYNC } from './sync-job.ts';

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
  /** Others who asked for the same, as the history names them. */
  readonly alsoFor?: readonly string[];
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
  { type, requestedBy, approveDeletes = false, retriesAll = false, priority, alsoFor = [] }: SyncRequest,
): Promise<{ readonly jobId: string; readonly isNew: boolean }> {
  const { source_id: sourceId, owner_id: ownerId, is_shared: isShared } = source;
  const jobId = await enqueueJob(query, {
    kind: SYNC,
    arguments: {
      ...{ sourceId, type, approveDeletes, ...(retriesAll && { retriesAll }) },
      ...(alsoFor.length > 0 && { [ALSO_FOR]: alsoFor }),
    },
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
    `UPDATE jobs j
        SET arguments = arguments
              || CASE WHEN $2 THEN '{"approveDeletes": true}'::jsonb ELSE '{}' END
              || CASE WHEN $5 THEN '{"retriesAll": true}'::jsonb ELSE '{}' END
              || CASE WHEN $4 LIKE 'schedule:%' OR arguments -> '${ALSO_FOR}' ? $4 THEN '{}'
                      ELSE jsonb_build_object('${ALSO_FOR}',
                             coalesce(arguments -> '${ALSO_FOR}', '[]') || to_jsonb($4::text)) END
              || CASE WHEN status = 'running'
                      THEN jsonb_build_object('${AGAIN}', CASE
                             WHEN a.again ->> 'type' = 'full_sync'
                             THEN a.again || CASE WHEN $2 THEN '{"approves": true}'::jsonb ELSE '{}' END
                             ELSE jsonb_build_object('type', $3::text, 'by', $4::text, 'approves',
                                    $2 OR coalesce((a.again ->> 'approves')::boolean, false)) END)
                      WHEN status = 'queued' AND $3 = 'full_sync' THEN '{"type": "full_sync"}'
                      ELSE '{}' END
       FROM (SELECT job_id,
                    -- As releases wrote it that an upgrade may find under way.
                    CASE jsonb_typeof(arguments -> '${AGAIN}') WHEN 'string'
                         THEN jsonb_build_object('type', arguments -> '${AGAIN}', 'by', arguments -> 'againBy',
                                                 'approves', arguments -> 'againApproves')
                         ELSE arguments -> '${AGAIN}' END AS again
               FROM jobs WHERE job_id = $1 FOR UPDATE) a
      WHERE j.job_id = a.job_id AND status IN ('queued', 'running')
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
