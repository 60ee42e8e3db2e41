/** Jobs that wait in vain: a hub may have processes that answer requests, and none that runs jobs. */
import type { Query } from '../database/session.ts';

export interface UnworkedJobs {
  readonly waiting: number;
  /** When the first of them might have begun. */
  readonly since: Date;
}

/** What to do about them. */
export const START_WORKER = 'Start a server, or a worker: npm start -- --role worker';

/**
 * The jobs that nobody has taken in so many seconds, or that one, while no job is held and none was begun or ended in that time:
 * whoever works takes what it may within a few. Undefined where there are none.
 */
export async function unworkedJobs(
  query: Query,
  seconds: number,
  jobId: string | null = null,
): Promise<UnworkedJobs | undefined> {
  const [found] = await query<{ waiting: number; since: Date | null; is_worked: boolean | null }>(
    'jobs unworked',
    `SELECT count(*) FILTER (WHERE waits_since < before)::float8 AS waiting,
            min(waits_since) AS since,
            bool_or(status = 'running' AND lease_until >= now() OR started_at >= before
                    OR status IN ('completed', 'failed') AND finished_at >= before) AS is_worked
       FROM jobs,
            LATERAL (SELECT now() - make_interval(secs => $1) AS before,
                            CASE WHEN $2::uuid IS NOT NULL AND job_id <> $2 THEN NULL
                                 WHEN status = 'queued' THEN not_before
                                 WHEN status = 'running' THEN lease_until END AS waits_since) w`,
    [seconds, jobId],
  );
  const { waiting = 0, since = null, is_worked: isWorked } = found ?? {};
  return waiting === 0 || since === null || isWorked === true ? undefined : { waiting, since };
}
