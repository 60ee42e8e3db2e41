/** Jobs ended before their time and begun again, by those whose they are or by who looks after everybody's. */
import type { Query } from '../database/session.ts';
import { createParams } from '../graphql/params.ts';
import type { Actor } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';
import { JOB_PROGRESS, JOBS } from './enqueue.ts';
import { AGAIN, BECAUSE, type JobStatus } from './job.ts';
import { shownJobs } from './jobs.read.ts';
import { tell } from './lines.ts';
import { loadJobs } from './registry.ts';

interface Found {
  readonly job_id: string;
  readonly kind: string;
  readonly status: JobStatus;
  readonly actor: string;
}

/** Locked until the transaction ends. @throws AppError NOT_FOUND, also for somebody else's: ids must not be told apart */
async function lockOwn(query: Query, actor: Actor, jobId: string): Promise<Found> {
  const params = createParams(jobId);
  const [found] = await query<Found & Record<string, unknown>>(
    'job of an actor',
    `SELECT job_id, kind, status, actor
       FROM jobs j
      WHERE job_id::text = $1 AND ${shownJobs(actor)('j', params)}
        FOR UPDATE`,
    params.values,
  );
  if (found !== undefined) return found;
  throw new AppError('NOT_FOUND', 'There is no job with this id', { path: 'jobId' });
}

/**
 * Cancels a job: one that waits at once, one that runs as soon as it lets go, with what was asked of it up to now. Cancelling
 * twice changes nothing more.
 * @throws AppError NOT_FOUND; CONFLICT for one that has completed or failed
 */
export async function cancelJob(query: Query, actor: Actor, jobId: string): Promise<void> {
  const { status, kind } = await lockOwn(query, actor, jobId);
  if (status === 'cancelled') return;
  if (status === 'completed' || status === 'failed') throw ended(status, 'Only a job that waits or runs is cancelled.');
  await query(
    'job cancel',
    `UPDATE jobs
        SET cancel_requested = true, arguments = arguments - '${AGAIN}',
            status = CASE status WHEN 'queued' THEN 'cancelled' ELSE status END,
            finished_at = CASE status WHEN 'queued' THEN now() END
      WHERE job_id = $1`,
    [jobId],
  );
  if (status === 'queued') await (await loadJobs()).find((job) => job.kind === kind)?.ended?.(query, jobId);
  // Whichever worker runs it ends it; its ticket, where it only waited, leads to nothing any more.
  await tell(query, JOBS, jobId);
  await tell(query, JOB_PROGRESS, jobId);
}

/**
 * Queues a job anew that failed or was cancelled, as whoever asked for it.
 * @throws AppError NOT_FOUND; CONFLICT for one that waits, runs or has completed, and where another does its work already
 */
export async function retryJob(query: Query, actor: Actor, jobId: string): Promise<void> {
  const found = await lockOwn(query, actor, jobId);
  if (found.status !== 'failed' && found.status !== 'cancelled')
    throw ended(found.status, 'Only a job that failed or was cancelled is begun again.');
  await requirePlace(query, jobId);
  // Its own requester asks with the rights of today; a keeper lends it none.
  const { credential } = actor;
  const rights =
    found.actor === actor.label
      ? [
          actor.kind,
          actor.role,
          actor.scopes ?? null,
          credential?.kind ?? null,
          credential?.id ?? null,
          credential?.userId ?? null,
        ]
      : undefined;
  await query(
    'job retry',
    `UPDATE jobs
        SET status = 'queued', attempts_before = attempts, not_before = now(), started_at = NULL, finished_at = NULL,
            error = NULL, cancel_requested = false,
            progress_done = 0, progress_total = NULL, progress_note = NULL
      WHERE job_id = $1`,
    [jobId],
  );
  if (rights !== undefined) {
    await query(
      'job retry as oneself',
      `UPDATE jobs
          SET actor_kind = $2, role = $3, scopes = $4, credential_kind = $5, credential_id = $6, user_id = $7
        WHERE job_id = $1`,
      [jobId, ...rights],
    );
  }
  await tell(query, JOBS, '');
  await tell(query, JOB_PROGRESS, jobId);
}

/** @throws AppError CONFLICT where another job, in this one's place, waits or runs */
async function requirePlace(query: Query, jobId: string): Promise<void> {
  const places = `
       FROM jobs j
       JOIN jobs o ON o.kind = j.kind AND o.actor = j.actor AND o.singleton = j.singleton AND o.status IN ('queued', 'running')
      WHERE j.job_id = $1`;
  // What one that did not begin was to note of this one is what this one does.
  await query(
    'job no more needed',
    `UPDATE jobs
        SET status = 'cancelled', cancel_requested = true, finished_at = now()
      WHERE status = 'queued' AND arguments ? '${BECAUSE}' AND job_id IN (SELECT o.job_id ${places} AND NOT j.arguments ? '${BECAUSE}')`,
    [jobId],
  );
  const [other] = await query<{ job_id: string; is_noting: boolean }>(
    'job in its place',
    `SELECT o.job_id, o.arguments ? '${BECAUSE}' AS is_noting ${places}`,
    [jobId],
  );
  if (other === undefined) return;
  if (other.is_noting) {
    throw new AppError('CONFLICT', 'What this job left undone is just being noted', {
      path: 'jobId',
      hint: 'Try again in a moment.',
    });
  }
  throw new AppError('CONFLICT', `Another job does what this one would: ${other.job_id}`, {
    path: 'jobId',
    hint: 'Follow that one; this one can be begun again when that has ended.',
  });
}

const ended = (status: JobStatus, hint: string): AppError =>
  new AppError('CONFLICT', `This job is ${status}`, { path: 'jobId', hint });
