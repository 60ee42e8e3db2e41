/** Syncs as they get on, in whichever process they run. */
import type pg from 'pg';
import type { Notices } from '../database/notices.ts';
import { readSession } from '../database/session.ts';
import { contextSlot } from '../graphql/context.ts';
import type { Row } from '../graphql/entity.ts';
import { createRowFeed } from '../graphql/row-feed.ts';
import { JOB_PROGRESS } from '../jobs/enqueue.ts';
import type { Actor } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';

/** Filled by the server for every operation. */
export const syncFeedSlot = contextSlot<SyncFeed>('feed of syncs');

const OVER: ReadonlySet<unknown> = new Set(['completed', 'failed', 'cancelled', 'waiting']);

export interface SyncFeed {
  /**
   * The sync's row, until it has ended; as long as the actor may see it, which is asked for every event. Nothing where there is
   * no sync yet.
   * @throws AppError NOT_FOUND, as the last event, once its source is hidden from them or gone
   */
  readonly follow: (actor: Actor, syncJobId: string | null) => AsyncIterableIterator<Row, undefined>;
  /** Ends what is still followed. */
  readonly close: () => void;
}

/** The feed of a process, on its one listener. */
export function createSyncFeed(pool: pg.Pool, notices: Pick<Notices, 'on'>): SyncFeed {
  const feed = createRowFeed({
    notices,
    // A sync goes by the key of its job.
    channel: JOB_PROGRESS,
    stateOf: (row) =>
      Object.values(row).map((value) => (value instanceof Date ? value.getTime() : JSON.stringify(asText(value)))),
    isOver: (row) => OVER.has(row['status']),
  });
  const look = async (actor: Actor, key: string | null): Promise<Row | undefined> => {
    if (key === null) return undefined;
    const [row] = await readSession(pool, actor, (query) =>
      query<Row>('sync followed', 'SELECT * FROM sync_jobs WHERE sync_job_id = $1', [key]),
    );
    if (row !== undefined) return row;
    throw new AppError('NOT_FOUND', 'There is no sync with this id', { path: 'sourceId' });
  };
  return { follow: (actor, id) => feed.follow({ id: id ?? '', look: () => look(actor, id) }), close: feed.close };
}

const asText = (value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value);
