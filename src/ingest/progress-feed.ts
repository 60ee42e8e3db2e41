/** Progress of imports as it happens, in whichever process they run. */
import type pg from 'pg';
import { asDatabaseError } from '../database/errors.ts';
import type { Notices } from '../database/notices.ts';
import type { Row } from '../graphql/entity.ts';
import { createRowFeed, type RowFeed } from '../graphql/row-feed.ts';

/** Each import's row, until the import has ended. */
export type ProgressFeed = RowFeed;

/** The feed of a process, on its one listener. */
export function createProgressFeed(pool: pg.Pool, notices: Pick<Notices, 'on'>): ProgressFeed {
  return createRowFeed({
    notices,
    channel: 'import_progress',
    look: (importId) => readImport(pool, importId),
    stateOf: (row) => [row['status'], row['bytes_read'], row['read'], row['rejected']],
    isOver: (row) => row['status'] !== 'running',
  });
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
