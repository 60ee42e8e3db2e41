/** Jobs for the command line: all of them, for whoever runs the hub; of private ones not what they are about. */
import type { Query } from '../database/session.ts';
import type { JobStatus } from './job.ts';
import { isAskedFor } from './jobs.read.ts';
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
export async function listJobs(query: Query, owner: string, onlyOpen: boolean): Promise<JobSummary[]> {
  return query<JobSummary & Record<string, unknown>>(
    'job list',
    `SELECT job_id AS "jobId", kind, status, actor, attempts, progress_done::float8 AS "progressDone",
            progress_total::float8 AS "progressTotal", requested_at AS "requestedAt", finished_at AS "finishedAt",
            CASE WHEN shown THEN progress_note END AS "progressNote",
            CASE WHEN shown OR error IS NULL THEN error
                 ELSE jsonb_build_object('code', error -> 'code', 'message', 'It is about what is private to somebody', 'hint', NULL)
            END AS error
       FROM jobs j,
            LATERAL (SELECT private_to IS NULL OR private_to = $2 AS shown) s
      WHERE (NOT $1 OR status IN ('queued', 'running')) AND ${isAskedFor('j')}
      ORDER BY requested_at DESC, id DESC
      LIMIT ${MOST}`,
    [onlyOpen, owner],
  );
}
