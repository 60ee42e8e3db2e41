/**
 * The lines of jobs as workers write them. Every write of an attempt names it: one that lost its lease changes nothing. Times
 * are the database's: two machines need not agree on theirs.
 */
import type { Query } from '../database/session.ts';
import type { JobData, JobStatus } from './job.ts';

/** Seconds: longer than a stop of the process or the network that is worth waiting for. */
const LEASE_SECONDS = 15;

export interface Attempt {
  readonly jobId: string;
  readonly attempt: number;
}

export interface JobFault {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

/** What a worker needs of a line. */
export interface ClaimedJob {
  readonly job_id: string;
  readonly kind: string;
  readonly arguments: JobData;
  readonly attempts: number;
  readonly attempts_before: number;
  readonly actor: string;
  readonly actor_kind: string;
  readonly role: string;
  readonly scopes: readonly string[] | null;
  readonly credential_kind: string | null;
  readonly credential_id: string | null;
  readonly user_id: string | null;
}

const LEASE = `now() + interval '${LEASE_SECONDS} seconds'`;

/**
 * Begins the next attempt of a queued job whose ticket this is: `busy` while its actor has `perActor` running, in whichever
 * processes; `gone` when there is nothing to begin.
 */
export async function claim(
  query: Query,
  jobId: string,
  ticket: string,
  perActor: number,
): Promise<ClaimedJob | 'busy' | 'gone'> {
  // Two claims of one actor count one after the other.
  const [known] = await query<{ actor: string }>(
    'job lock',
    `SELECT actor, pg_advisory_xact_lock(hashtextextended('jobs of ' || actor, 0))
       FROM jobs
      WHERE job_id = $1 AND ticket = $2 AND status = 'queued'`,
    [jobId, ticket],
  );
  if (known === undefined) return 'gone';
  const [counted] = await query<{ is_busy: boolean }>(
    'job turns',
    "SELECT count(*) >= $2 AS is_busy FROM jobs WHERE actor = $1 AND status = 'running'",
    [known.actor, perActor],
  );
  if (counted?.is_busy) return 'busy';
  const [claimed] = await query<ClaimedJob & Record<string, unknown>>(
    'job claim',
    `UPDATE jobs
        SET status = 'running', attempts = attempts + 1, started_at = now(), lease_until = ${LEASE},
            progress_done = 0, progress_total = NULL, progress_note = NULL
      WHERE job_id = $1 AND ticket = $2 AND status = 'queued'
     RETURNING job_id, kind, arguments, attempts, attempts_before, actor, actor_kind, role, scopes,
               credential_kind, credential_id, user_id`,
    [jobId, ticket],
  );
  return claimed ?? 'gone';
}

/** Takes a ticket off a job that could not begin: it is posted anew. */
export async function putOff(query: Query, jobId: string, ticket: string): Promise<void> {
  await query('job put off', "UPDATE jobs SET ticket = NULL WHERE job_id = $1 AND ticket = $2 AND status = 'queued'", [
    jobId,
    ticket,
  ]);
}

export interface Renewed {
  readonly job_id: string;
  readonly attempts: number;
  readonly cancel_requested: boolean;
}

/** Renews the leases of these attempts; those that are not in the answer are held no more. */
export async function renew(query: Query, attempts: readonly Attempt[]): Promise<readonly Renewed[]> {
  return query<Renewed & Record<string, unknown>>(
    'job renew',
    `UPDATE jobs j
        SET lease_until = ${LEASE}
       FROM unnest($1::uuid[], $2::int[]) AS held(job_id, attempt)
      WHERE j.job_id = held.job_id AND j.attempts = held.attempt AND j.status = 'running'
     RETURNING j.job_id, j.attempts, j.cancel_requested`,
    [attempts.map(({ jobId }) => jobId), attempts.map(({ attempt }) => attempt)],
  );
}

export interface Ending {
  readonly status: Extract<JobStatus, 'completed' | 'failed' | 'cancelled'>;
  readonly result: JobData | undefined;
  readonly error: JobFault | undefined;
}

/** Ends an attempt's job; false when the attempt held it no more. A cancelled job keeps no error. */
export async function end(query: Query, { jobId, attempt }: Attempt, ending: Ending): Promise<boolean> {
  const ended = await query(
    'job end',
    `UPDATE jobs
        SET status = $3, result = $4, error = $5, finished_at = now(), lease_until = NULL, ticket = NULL
      WHERE job_id = $1 AND attempts = $2 AND status = 'running'
     RETURNING job_id`,
    [
      jobId,
      attempt,
      ending.status,
      ending.result === undefined ? null : JSON.stringify(ending.result),
      ending.error === undefined ? null : JSON.stringify(ending.error),
    ],
  );
  return ended.length > 0;
}

export interface PutBack {
  /** From now on. */
  readonly seconds: number;
  readonly error?: JobFault | undefined;
  /** Whether the attempt is one of those that a kind has: not where it was only told to wait. */
  readonly counts?: boolean | undefined;
}

/** Puts an attempt's job back into the queue; false when the attempt held it no more. */
export async function putBack(
  query: Query,
  { jobId, attempt }: Attempt,
  { seconds, error, counts = true }: PutBack,
): Promise<boolean> {
  const back = await query(
    'job put back',
    `UPDATE jobs
        SET status = 'queued', not_before = now() + make_interval(secs => $3), error = $4,
            lease_until = NULL, ticket = NULL, attempts_before = attempts_before + $5
      WHERE job_id = $1 AND attempts = $2 AND status = 'running'
     RETURNING job_id`,
    [jobId, attempt, seconds, error === undefined ? null : JSON.stringify(error), counts ? 0 : 1],
  );
  return back.length > 0;
}

/** Whether the attempt holds its job; its line is locked until the transaction ends. */
export async function holds(query: Query, { jobId, attempt }: Attempt): Promise<boolean> {
  const held = await query(
    'job fence',
    "SELECT FROM jobs WHERE job_id = $1 AND attempts = $2 AND status = 'running' FOR UPDATE",
    [jobId, attempt],
  );
  return held.length > 0;
}

/** Tells followers, once the transaction commits, that a job's line has changed; and workers that there is something to do. */
export async function tell(query: Query, channel: string, jobId: string): Promise<void> {
  await query('job tell', 'SELECT pg_notify($1, $2)', [channel, jobId]);
}
