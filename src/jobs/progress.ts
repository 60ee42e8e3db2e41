/** How far a job is, written a few times a second beside whatever it does. */
import type pg from 'pg';
import type { Log } from '../kernel/log.ts';
import { JOB_PROGRESS } from './enqueue.ts';
import type { RunningJob } from './job.ts';
import type { Attempt } from './lines.ts';

export interface JobProgress {
  readonly tell: RunningJob['progress'];
  /** Writes what was told last, waits for it, and writes nothing after it. */
  readonly stop: () => Promise<void>;
}

/** Often enough for a moving bar, seldom enough to cost nothing. */
const INTERVAL_MS = 250;
const LONGEST_NOTE = 200;

export function jobProgress(pool: pg.Pool, log: Log, { jobId, attempt }: Attempt): JobProgress {
  let told: { readonly done: number; readonly total: number | null; readonly note: string | null } | undefined;
  let writing: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const write = async (): Promise<void> => {
    timer = undefined;
    const state = told;
    if (state === undefined) return;
    told = undefined;
    try {
      await pool.query({
        name: 'job progress',
        text: `WITH told AS (
                 UPDATE jobs SET progress_done = $3, progress_total = $4, progress_note = $5
                  WHERE job_id = $1 AND attempts = $2 AND status = 'running'
                 RETURNING job_id)
               SELECT pg_notify('${JOB_PROGRESS}', job_id::text) FROM told`,
        values: [jobId, attempt, state.done, state.total, state.note],
      });
    } catch (err) {
      // The job itself goes on: progress is a courtesy, and the next call tells it anew.
      log.warn({ err, jobId }, 'the progress of a job could not be written');
    }
  };
  return {
    tell: (done, total, note) => {
      if (stopped) return;
      told = {
        done: whole(done),
        total: total === null ? null : whole(total),
        note: note === undefined ? null : note.slice(0, LONGEST_NOTE).toWellFormed().replaceAll('\0', ''),
      };
      timer ??= setTimeout(() => {
        writing = writing.then(write);
      }, INTERVAL_MS);
    },
    stop: async () => {
      stopped = true;
      if (timer !== undefined) {
        clearTimeout(timer);
        writing = writing.then(write);
      }
      await writing;
    },
  };
}

const whole = (count: number): number => (Number.isFinite(count) ? Math.max(0, Math.round(count)) : 0);
