/** Jobs for the command line. */
import type { Query } from '../database/session.ts';
import type { JobStatus } from './job.ts';
import type { JobFault } from './lines.ts';

/** A job as lists show it. */
export interface JobSummary {
  readonly jobId: string;
  readonly kind: string;
  readonly status: JobStatus;
  readonly actor: string;
  readonly attempts: number;
  readonly progressDone: number;
  readonly progressTotal: number | null;
  readonly progressNote: string | null;
  readonly requestedAt: Date;
  readonly finishedAt: Date | null;
  readonly error: JobFault | null;
}

const MOST = 100;

/** The newest hundred, or those of them that still wait or run. */
export async function listJobs(query: Query, onlyOpen: boolean): Promise<JobSummary[]> {
  return query<JobSummary & Record<string, unknown>>(
    'job list',
    `SELECT job_id AS "jobId", kind, status, actor, attempts, progress_done::float8 AS "progressDone",
            progress_total::float8 AS "progressTotal", progress_note AS "progressNote",
            requested_at AS "requestedAt", finished_at AS "finishedAt", error
       FROM jobs
      WHERE NOT $1 OR status IN ('queued', 'running')
      ORDER BY requested_at DESC, id DESC
      LIMIT ${MOST}`,
    [onlyOpen],
  );
}
