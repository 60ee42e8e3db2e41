/** Progress of imports as it happens, in whichever process they run. */
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { asDatabaseError } from '../database/errors.ts';
import type { Notices } from '../database/notices.ts';
import type { Row } from '../graphql/entity.ts';

export interface ProgressFeed {
  /**
   * The import's row now and whenever it changes, until the import has ended. While there is no row yet it waits as long
   * as `isExpected` says that there will be one.
   */
  readonly follow: (importId: string, isExpected: () => boolean) => AsyncIterableIterator<Row, undefined>;
  /** Ends what is still followed. */
  readonly close: () => void;
}

/** A notice may be lost with its connection, and the end of an import whose process was killed sends none. */
const LOOK_AGAIN_MS = 1_000;

/** The feed of a process, on its one listener. */
export function createProgressFeed(pool: pg.Pool, notices: Pick<Notices, 'on'>): ProgressFeed {
  const leaving = new Set<() => void>();
  return {
    follow: (importId, isExpected) => {
      const turn = createTurn();
      const hearing = notices.on('import_progress', (told) => {
        if (told === undefined || told === importId) turn.wake();
      });
      const leave = (): void => {
        hearing.stop();
        leaving.delete(leave);
        turn.end();
      };
      leaving.add(leave);
      const look = async (): Promise<Row | undefined> => {
        // While nothing can be heard, followers look again by themselves.
        await hearing.ready.catch(() => undefined);
        return readImport(pool, importId);
      };
      return followRow(look, turn, isExpected, leave);
    },
    close: () => {
      for (const leave of leaving) leave();
    },
  };
}

/** One follower's turn to look: now, when woken, or after a while. */
interface Turn {
  readonly wake: () => void;
  readonly end: () => void;
  /** False when the follower has left. */
  readonly next: () => Promise<boolean>;
}

function createTurn(): Turn {
  let due = true;
  let ended = false;
  let waiting = new AbortController();
  return {
    wake: () => {
      due = true;
      waiting.abort();
    },
    end: () => {
      ended = true;
      waiting.abort();
    },
    next: async () => {
      if (!due && !ended) {
        waiting = new AbortController();
        await sleep(LOOK_AGAIN_MS, undefined, { signal: waiting.signal, ref: false }).catch(() => undefined);
      }
      due = false;
      return !ended;
    },
  };
}

/** Written out, since a generator that waits for its turn cannot be told to stop. */
function followRow(
  look: () => Promise<Row | undefined>,
  turn: Turn,
  isExpected: () => boolean,
  leave: () => void,
): AsyncIterableIterator<Row, undefined> {
  let shown: string | undefined;
  let over = false;
  const done: IteratorReturnResult<undefined> = { done: true, value: undefined };
  const end = (): IteratorReturnResult<undefined> => {
    over = true;
    leave();
    return done;
  };
  return {
    next: async () => {
      while (!over && (await turn.next())) {
        // Asked before looking: an import that began in between is there by then.
        const expected = isExpected();
        const row = await look();
        if (row === undefined && !expected) break;
        const state = row && JSON.stringify([row['status'], String(row['bytes_read']), row['read'], row['rejected']]);
        if (row === undefined || state === shown) continue;
        shown = state;
        if (row['status'] === 'running') return { done: false, value: row };
        end();
        return { done: false, value: row };
      }
      return over ? done : end();
    },
    return: async () => end(),
    [Symbol.asyncIterator]() {
      return this;
    },
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
