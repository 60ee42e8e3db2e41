/** A worker of a test's own kinds of jobs. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createNotices } from '../../src/database/notices.ts';
import { writeSession } from '../../src/database/session.ts';
import { enqueueJob, type NewJob } from '../../src/jobs/enqueue.ts';
import { defineJob, type JobDeclaration } from '../../src/jobs/job.ts';
import { openPgBoss } from '../../src/jobs/pg-boss-carrier.ts';
import { startWorker, type Worker, type WorkerTiming } from '../../src/jobs/worker.ts';
import { createLog } from '../../src/kernel/log.ts';
import { TESTER, type TestDatabase } from './database.ts';

/** Quick enough for tests; the shares are those of the real ones. */
export const QUICK: WorkerTiming = { lookMs: 200, renewMs: 100, reconcileMs: 200, backoffMs: 20 };

export interface TestWorker extends Worker {
  readonly logged: () => string;
}

/** Starts one; stop it before the test ends. */
export function testWorker(
  database: TestDatabase,
  jobs: readonly JobDeclaration[],
  timing: Partial<WorkerTiming> = {},
): TestWorker {
  const lines: string[] = [];
  const log = createLog({ level: 'debug', stream: { write: (line) => void lines.push(line) } });
  const notices = createNotices(database.apiUrl, log);
  const worker = startWorker({
    database,
    log,
    notices,
    fillContext: () => undefined,
    loadJobs: async () => jobs,
    openCarrier: () => openPgBoss(database.write, log),
    timing: { ...QUICK, ...timing },
  });
  return {
    logged: () => lines.join(''),
    stop: async (grace) => {
      await worker.stop(grace);
      await notices.close();
    },
  };
}

/** A kind of job that any viewer may ask for. */
export const job = (declaration: Pick<JobDeclaration, 'kind' | 'run'> & Partial<JobDeclaration>): JobDeclaration =>
  defineJob({ role: 'viewer', retries: 0, concurrency: 4, ...declaration });

/** Enqueues in a transaction of its own. */
export const enqueue = (database: TestDatabase, wanted: Partial<NewJob> & Pick<NewJob, 'kind'>): Promise<string> =>
  writeSession(database.write, TESTER, ({ query }) => enqueueJob(query, { arguments: {}, actor: TESTER, ...wanted }));

export interface JobLine {
  readonly status: string;
  readonly attempts: number;
  /** Of those the ones that count for nothing any more. */
  readonly attempts_before: number;
  readonly result: unknown;
  readonly error: { readonly code: string; readonly message: string; readonly hint: string | null } | null;
  readonly ticket: string | null;
  readonly progress_done: bigint;
  readonly progress_total: bigint | null;
  readonly progress_note: string | null;
}

export async function jobLine(database: TestDatabase, jobId: string): Promise<JobLine> {
  const { rows } = await database.owner.query<JobLine>('SELECT * FROM jobs WHERE job_id = $1', [jobId]);
  const [line] = rows;
  if (line === undefined) throw new Error(`There is no job ${jobId}`);
  return line;
}

/** The line once it has one of these states. */
export async function jobOnce(database: TestDatabase, jobId: string, ...states: readonly string[]): Promise<JobLine> {
  const wanted = states.length === 0 ? ['completed', 'failed', 'cancelled'] : states;
  for (let tried = 0; ; tried += 1) {
    const line = await jobLine(database, jobId);
    if (wanted.includes(line.status)) return line;
    if (tried > 500) throw new Error(`The job ${jobId} is ${line.status} for ever`);
    await sleep(20);
  }
}
