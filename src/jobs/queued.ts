/** Queued jobs put into the queue's hands, and taken back where these hold them no more. */
import type pg from 'pg';
import { type Query, writeSession } from '../database/session.ts';
import type { Actor } from '../kernel/actor.ts';
import { uuidv7 } from '../kernel/uuid.ts';
import type { Carrier } from './carrier.ts';
import { JOB_PROGRESS } from './enqueue.ts';
import type { JobDeclaration, JobStatus } from './job.ts';

/** Who keeps the lines of jobs. */
export const WORKER: Actor = { kind: 'schedule', label: 'schedule:jobs', role: 'admin' };

/** Posted in one transaction. */
const BATCH = 200;
/** Looked at in one transaction; the rest at the next. */
const MOST_RECONCILED = 1_000;
/** How often a job may take its process with it before it is given up. */
const MOST_LOST = 5;

export interface Waiting {
  readonly kind: string;
  /** Whether some have no ticket. */
  readonly unposted: boolean;
  /** Whether some have one and may begin. */
  readonly due: boolean;
  /** Whether some run without anybody who runs them. */
  readonly lapsed: boolean;
}

/** What there is to do of these kinds: one small statement, asked every few seconds by every worker. */
export async function look(query: Query, kinds: readonly string[]): Promise<readonly Waiting[]> {
  return query<Waiting & Record<string, unknown>>(
    'jobs look',
    `SELECT k.kind,
            EXISTS (SELECT FROM jobs j
                     WHERE j.status = 'queued' AND j.kind = k.kind AND j.ticket IS NULL) AS unposted,
            EXISTS (SELECT FROM jobs j
                     WHERE j.status = 'queued' AND j.kind = k.kind AND j.ticket IS NOT NULL
                       AND j.not_before <= now()) AS due,
            EXISTS (SELECT FROM jobs j
                     WHERE j.status = 'running' AND j.kind = k.kind AND j.lease_until < now()) AS lapsed
       FROM unnest($1::text[]) AS k(kind)
      ORDER BY k.kind`,
    [kinds],
  );
}

/** The actors who have as many running as one may. */
export async function busyActors(query: Query, perActor: number): Promise<string[]> {
  const rows = await query<{ actor: string }>(
    'jobs busy',
    "SELECT actor FROM jobs WHERE status = 'running' GROUP BY actor HAVING count(*) >= $1 ORDER BY actor",
    [perActor],
  );
  return rows.map(({ actor }) => actor);
}

/** Gives a ticket to queued jobs of a kind that have none. Several processes may do so at once. */
export async function post(pool: pg.Pool, carrier: Carrier, kind: string): Promise<void> {
  await writeSession(pool, WORKER, async ({ query, client }) => {
    const rows = await query<{ job_id: string; actor: string; not_before: Date; priority: number }>(
      'jobs unposted',
      `SELECT job_id, actor, not_before, priority
         FROM jobs
        WHERE status = 'queued' AND kind = $1 AND ticket IS NULL
        ORDER BY priority DESC, id
        LIMIT ${BATCH}
          FOR UPDATE SKIP LOCKED`,
      [kind],
    );
    if (rows.length === 0) return;
    const postings = rows.map((row) => ({
      ticket: uuidv7(),
      jobId: row.job_id,
      actor: row.actor,
      notBefore: row.not_before,
      priority: row.priority,
    }));
    await carrier.post(client, kind, postings);
    await query(
      'jobs posted',
      `UPDATE jobs j
          SET ticket = p.ticket
         FROM unnest($1::uuid[], $2::uuid[]) AS p(job_id, ticket)
        WHERE j.job_id = p.job_id`,
      [postings.map(({ jobId }) => jobId), postings.map(({ ticket }) => ticket)],
    );
  });
}

/**
 * Queues jobs of a kind again whose lease has lapsed: their process was killed, or is cut off. One that was to be cancelled is
 * cancelled; one that took too many processes with it fails. Returns their ids.
 */
export async function takeBack(
  pool: pg.Pool,
  carrier: Carrier,
  { kind, ended }: Pick<JobDeclaration, 'kind' | 'ended'>,
): Promise<string[]> {
  return writeSession(pool, WORKER, async ({ query, client }) => {
    const rows = await query<{ job_id: string; ticket: string | null }>(
      'jobs lapsed',
      `SELECT job_id, ticket
         FROM jobs
        WHERE status = 'running' AND kind = $1 AND lease_until < now()
        ORDER BY id
          FOR UPDATE SKIP LOCKED`,
      [kind],
    );
    const jobIds = rows.map(({ job_id: jobId }) => jobId);
    if (jobIds.length === 0) return [];
    await carrier.drop(
      client,
      kind,
      rows.flatMap(({ ticket }) => ticket ?? []),
    );
    const taken = await query<{ job_id: string; status: JobStatus }>(
      'jobs taken back',
      `UPDATE jobs
          SET status = CASE WHEN cancel_requested THEN 'cancelled' WHEN attempts - attempts_before >= ${MOST_LOST} THEN 'failed' ELSE 'queued' END,
              error = CASE WHEN attempts - attempts_before >= ${MOST_LOST} AND NOT cancel_requested
                           THEN '{"code": "INTERRUPTED", "message": "The process that ran this job ended, ${MOST_LOST} times",
                                  "hint": "Look into the log for why, then retry it."}'::jsonb END,
              finished_at = CASE WHEN cancel_requested OR attempts - attempts_before >= ${MOST_LOST} THEN now() END,
              not_before = now(), lease_until = NULL, ticket = NULL
        WHERE job_id = ANY($1::uuid[])
       RETURNING job_id, status`,
      [jobIds],
    );
    for (const { job_id: jobId, status } of taken) if (status !== 'queued') await ended?.(query, jobId);
    await query('jobs tell', 'SELECT pg_notify($1, id) FROM unnest($2::text[]) AS i(id)', [JOB_PROGRESS, jobIds]);
    return jobIds;
  });
}

/** Seconds from taking a ticket to the beginning of its job, at most. */
const TAKEN_SECONDS = 10;

/**
 * Makes the queue agree with the lines of a kind's jobs: those are posted anew whose ticket will never arrive (a process died
 * with it in its hands; a backup without the queue was restored), and tickets of cancelled jobs are dropped. Returns how many
 * jobs were without a way to a worker.
 */
export async function reconcile(pool: pg.Pool, carrier: Carrier, kind: string): Promise<number> {
  return writeSession(pool, WORKER, async ({ query, client }) => {
    const rows = await query<{ ticket: string; status: string }>(
      'jobs with tickets',
      `SELECT ticket, status
         FROM jobs
        WHERE kind = $1 AND ticket IS NOT NULL AND status IN ('queued', 'cancelled')
        ORDER BY id
        LIMIT ${MOST_RECONCILED}`,
      [kind],
    );
    if (rows.length === 0) return 0;
    const queued = rows.filter(({ status }) => status === 'queued').map(({ ticket }) => ticket);
    const alive = new Set(queued.length === 0 ? [] : await carrier.alive(kind, queued, TAKEN_SECONDS));
    const gone = rows.map(({ ticket }) => ticket).filter((ticket) => !alive.has(ticket));
    if (gone.length === 0) return 0;
    const freed = await query<{ status: string; ticket: string }>(
      'jobs without a way',
      `UPDATE jobs j
          SET ticket = NULL
         FROM unnest($1::uuid[]) AS gone(ticket)
        WHERE j.ticket = gone.ticket AND j.status IN ('queued', 'cancelled')
       RETURNING j.status, gone.ticket`,
      [gone],
    );
    await carrier.drop(
      client,
      kind,
      freed.map(({ ticket }) => ticket),
    );
    return freed.filter(({ status }) => status === 'queued').length;
  });
}
