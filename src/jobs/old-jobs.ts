/** Jobs that ended a while ago are forgotten: what came of them stands elsewhere. */
import type pg from 'pg';
import { writeSession } from '../database/session.ts';
import { WORKER } from './queued.ts';

const KEPT_DAYS = 7;

/** Deletes jobs that ended more than seven days ago; returns how many. */
export async function forgetOldJobs(pool: pg.Pool): Promise<number> {
  const gone = await writeSession(pool, WORKER, ({ query }) =>
    query('jobs forget', `DELETE FROM jobs WHERE finished_at < now() - interval '${KEPT_DAYS} days' RETURNING job_id`),
  );
  return gone.length;
}
