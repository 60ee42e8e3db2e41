/** Jobs as they get on, in whichever process they run. */
import type pg from 'pg';
import { asDatabaseError } from '../database/errors.ts';
import type { Notices } from '../database/notices.ts';
import type { Row } from '../graphql/entity.ts';
import { createRowFeed, type RowFeed } from '../graphql/row-feed.ts';
import { JOB_PROGRESS } from './enqueue.ts';

/** Each job's row, until the job has ended. */
export function createJobFeed(pool: pg.Pool, notices: Pick<Notices, 'on'>): RowFeed {
  return createRowFeed({
    notices,
    channel: JOB_PROGRESS,
    look: (jobId) => readJob(pool, jobId),
    stateOf: (row) =>
      ['status', 'attempts', 'progress_done', 'progress_total', 'progress_note', 'cancel_requested'].map(
        (column) => row[column],
      ),
    isOver: (row) => row['finished_at'] !== null,
  });
}

async function readJob(pool: pg.Pool, jobId: string): Promise<Row | undefined> {
  try {
    const { rows } = await pool.query<Row>({
      name: 'job followed',
      text: 'SELECT * FROM jobs WHERE job_id = $1',
      values: [jobId],
    });
    return rows[0];
  } catch (thrown) {
    throw asDatabaseError(thrown);
  }
}
