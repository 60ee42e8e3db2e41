/** The worker of a process: jobs are run where requests are not kept waiting by what it takes to begin. */
import type { Database } from '../database/connect.ts';
import type { JobDeclaration } from '../jobs/job.ts';
import { startWorker, type Worker } from '../jobs/worker.ts';
import type { Log } from '../kernel/log.ts';
import type { Services } from './services.ts';

export interface JobsOptions {
  readonly database: Database;
  readonly log: Log;
  readonly services: Pick<Services, 'notices' | 'fillContext'>;
  /** Every `*.job.ts` unless given. */
  readonly jobs?: readonly JobDeclaration[];
}

/** Starts it. Kinds of jobs and the queue are loaded when the first job is there: a start needs neither. */
export function startJobs({ database, log, services, jobs }: JobsOptions): Worker {
  return startWorker({
    database,
    log,
    notices: services.notices,
    fillContext: services.fillContext,
    loadJobs: async () => jobs ?? (await import('../jobs/registry.ts')).loadJobs(),
    openCarrier: async () => (await import('../jobs/pg-boss-carrier.ts')).openPgBoss(database.write, log),
  });
}
