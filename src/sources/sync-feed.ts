/** Syncs as they get on, in whichever process they run. */
import type pg from 'pg';
import type { Notices } from '../database/notices.ts';
import { readSession } from '../database/session.ts';
import { contextSlot } from '../graphql/context.ts';
import type { Row } from '../graphql/entity.ts';
import { createRowFeed, type RowFeed } from '../graphql/row-feed.ts';
import { JOB_PROGRESS } from '../jobs/enqueue.ts';
import { HOUSEKEEPER } from '../kernel/actor.ts';

/** Filled by the server for every operation. */
export const syncFeedSlot = contextSlot<RowFeed>('feed of syncs');

const OVER: ReadonlySet<unknown> = new Set(['completed', 'failed', 'cancelled', 'waiting']);

/** Each sync's row, until it has ended. Whoever follows one has been asked whether they may see it. */
export function createSyncFeed(pool: pg.Pool, notices: Pick<Notices, 'on'>): RowFeed {
  return createRowFeed({
    notices,
    // A sync goes by the key of its job.
    channel: JOB_PROGRESS,
    look: async (key) => {
      const [row] = await readSession(pool, HOUSEKEEPER, (query) =>
        query<Row>('sync followed', 'SELECT * FROM sync_jobs WHERE sync_job_id = $1', [key]),
      );
      return row;
    },
    stateOf: (row) =>
      Object.values(row).map((value) => (value instanceof Date ? value.getTime() : JSON.stringify(asText(value)))),
    isOver: (row) => OVER.has(row['status']),
  });
}

const asText = (value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value);
