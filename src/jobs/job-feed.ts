/** Jobs as they get on, in whichever process they run. */
import type pg from 'pg';
import { asDatabaseError } from '../database/errors.ts';
import type { Notices } from '../database/notices.ts';
import type { Row } from '../graphql/entity.ts';
import { createParams } from '../graphql/params.ts';
import { createRowFeed } from '../graphql/row-feed.ts';
import type { Actor } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';
import { JOB_PROGRESS } from './enqueue.ts';
import { shownJobs } from './jobs.read.ts';

export interface JobFeed {
  /**
   * The job's row, until the job has ended; as long as the actor may see it, which is asked for every event.
   * @throws AppError NOT_FOUND, as the last event, once they may not: of a source hidden from them, say
   */
  readonly follow: (actor: Actor, jobId: string) => AsyncIterableIterator<Row, undefined>;
  /** Ends what is still followed. */
  readonly close: () => void;
}

/** The feed of a process, on its one listener. */
export function createJobFeed(pool: pg.Pool, notices: Pick<Notices, 'on'>): JobFeed {
  const feed = createRowFeed({
    notices,
    channel: JOB_PROGRESS,
    stateOf: (row) =>
      ['status', 'attempts', 'progress_done', 'progress_total', 'progress_note', 'cancel_requested'].map(
        (column) => row[column],
      ),
    isOver: (row) => row['finished_at'] !== null,
  });
  return {
    follow: (actor, jobId) => feed.follow({ id: jobId, look: () => readJob(pool, actor, jobId) }),
    close: feed.close,
  };
}

async function readJob(pool: pg.Pool, actor: Actor, jobId: string): Promise<Row> {
  const params = createParams(jobId);
  try {
    const text = `SELECT * FROM jobs j WHERE job_id = $1 AND ${shownJobs(actor)('j', params)}`;
    const { rows } = await pool.query<Row>(text, [...params.values]);
    if (rows[0] !== undefined) return rows[0];
    throw new AppError('NOT_FOUND', 'There is no job with this id', { path: 'jobId' });
  } catch (thrown) {
    throw asDatabaseError(thrown);
  }
}
