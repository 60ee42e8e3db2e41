/** Progress of imports as it happens, in whichever process they run. */
import type pg from 'pg';
import { asDatabaseError } from '../database/errors.ts';
import type { Notices } from '../database/notices.ts';
import type { Row } from '../graphql/entity.ts';
import { createRowFeed } from '../graphql/row-feed.ts';

export interface ProgressFeed {
  /** The import's row, until the import has ended; while it waits its turn, as long as `isExpected` says so. */
  readonly follow: (
    importId: string,
    isExpected?: () => boolean | Promise<boolean>,
  ) => AsyncIterableIterator<Row, undefined>;
  /** Ends what is still followed. */
  readonly close: () => void;
}

/** The feed of a process, on its one listener. */
export function createProgressFeed(pool: pg.Pool, notices: Pick<Notices, 'on'>): ProgressFeed {
  const feed = createRowFeed({
    notices,
    channel: 'import_progress',
    stateOf: (row) => [row['status'], row['bytes_read'], row['read'], row['rejected']],
    isOver: (row) => row['status'] !== 'running',
  });
  return {
    follow: (id, isExpected) =>
      feed.follow({ id, look: () => readImport(pool, id), ...(isExpected !== undefined && { isExpected }) }),
    close: feed.close,
  };
}

async function readImport(pool: pg.Pool, importId: string): Promise<Row | undefined> {
  try {
    const { rows } = await pool.query<Row>({
      name: 'import followed',
      text: 'SELECT * FROM imports WHERE import_id = $1',
      values: [importId],
    });
    return rows[0];
  } catch (thrown) {
    throw asDatabaseError(thrown);
  }
}
