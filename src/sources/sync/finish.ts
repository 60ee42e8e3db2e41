/** How a run ended, as its source says it. */
import { writeSession } from '../../database/session.ts';
import type { RunningJob } from '../../jobs/job.ts';
import { asJobError } from '../../jobs/job-errors.ts';
import type { SyncHouse } from './house.ts';
import type { SyncRun } from './run.ts';
import { asRunFault, connectionAfter } from './run-faults.ts';
import type { SyncSource } from './source.ts';

/** Ends a run that came to its end; `waiting` deletes need somebody's yes. */
export function finishRun(run: SyncRun, waiting: number): Promise<void> {
  return run.write(async ({ query }) => {
    const { source_id: sourceId } = run.source;
    await query(
      'sync source done',
      `UPDATE data_sources
          SET last_sync_at = now(), last_sync_status = $2, connection_status = 'connected', error = NULL,
              total_items_synced = (SELECT count(*) FROM sync_items WHERE source_id = $1 AND sync_status = 'synced')
        WHERE source_id = $1`,
      [sourceId, waiting > 0 ? 'waiting' : 'completed'],
    );
    await query(
      'sync state done',
      `UPDATE source_states s
          SET next_attempt_at = (SELECT min(retry_at) FROM sync_items WHERE source_id = $1 AND retry_at IS NOT NULL),
              dirty_at = CASE WHEN s.dirty_at > j.started_at THEN s.dirty_at END
         FROM jobs j
        WHERE s.source_id = $1 AND j.job_id = $2`,
      [sourceId, run.job.id],
    );
    if (waiting > 0) {
      await query(
        'sync job waits',
        `UPDATE sync_jobs
            SET status = 'waiting', progress_data = progress_data || jsonb_build_object('waiting_deletes', $2::bigint)
          WHERE sync_job_id = $1`,
        [run.job.id, waiting],
      );
    }
    return { result: undefined };
  });
}

/** Ends a run that did not. Where the database is gone too, the job's own line says it later. */
export async function recordFailure(
  house: SyncHouse,
  job: RunningJob,
  source: SyncSource,
  thrown: unknown,
): Promise<void> {
  const { code, message, hint, retryAfterMs, kind } = asJobError(asRunFault(thrown));
  // What waits or is tried again has not failed.
  const isOver = retryAfterMs === undefined && kind !== 'transient';
  const told =
    kind === 'bug'
      ? { code, message: 'The sync failed for a reason that is ours', hint: null }
      : { code, message, hint: hint ?? null };
  try {
    await writeSession(house.database.write, house.actor, async ({ query }) => {
      await query(
        'sync source failed',
        `UPDATE data_sources
            SET error = $2, connection_status = coalesce($3, connection_status),
                last_sync_status = CASE WHEN $4 THEN 'failed' ELSE last_sync_status END,
                last_sync_at = CASE WHEN $4 THEN now() ELSE last_sync_at END
          WHERE source_id = $1`,
        [source.source_id, JSON.stringify(told), connectionAfter(thrown) ?? null, isOver],
      );
      await job.fence(query);
    });
  } catch (err) {
    house.log.warn({ err, sourceId: source.source_id }, 'the failure of a sync could not be recorded');
  }
}
