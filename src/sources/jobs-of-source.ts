/** The jobs of a source are seen by whoever sees the source. */
import type { Query } from '../database/session.ts';

/** Its syncs and write-backs. */
const OF_SOURCE = `
  (j.job_id IN (SELECT sync_job_id FROM sync_jobs WHERE source_id = $1)
   OR j.kind = 'write-back'
      AND j.arguments ->> 'writeBackId' IN (SELECT write_back_id::text FROM write_backs WHERE source_id = $1))`;

/**
 * Shows or hides the jobs of a source that turns shared or private; `privateTo` is its owner, or null. Called before the source's
 * own line changes, whose change reaches the lines of its syncs: a worker that ends a job takes them in this order.
 */
export async function showJobs(query: Query, sourceId: string, privateTo: string | null): Promise<void> {
  await query(
    'jobs of a source shown',
    `UPDATE jobs j
        SET private_to = $2
       FROM (SELECT id FROM jobs j WHERE ${OF_SOURCE} ORDER BY id FOR UPDATE) o
      WHERE j.id = o.id`,
    [sourceId, privateTo],
  );
}
