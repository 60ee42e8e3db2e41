/** Progress of imports as it happens, in whichever process they run: one listening connection for all who follow. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Database } from '../database/connect.ts';
import { asDatabaseError } from '../database/errors.ts';
import type { Row } from '../graphql/entity.ts';
import type { Log } from '../kernel/log.ts';

export interface ProgressFeed {
  /**
   * The import's row now and whenever it changes, until the import has ended. While there is no row yet it waits as long
   * as `isExpected` says that there will be one.
   */
  readonly follow: (importId: string, isExpected: () => boolean) => AsyncIterableIterator<Row, undefined>;
  readonly close: () => Promise<void>;
}

/** A notice may be lost with its connection, and the end of an import whose process was killed sends none. */
const LOOK_AGAIN_MS = 1_000;

interface Follower {
  readonly importId: string;
  readonly wake: () => void;
}

/** A feed that connects when someone first follows. */
export function createProgressFeed(database: Pick<Database, 'read' | 'apiUrl'>, log: Log): ProgressFeed {
  const followers = new Set<Follower>();
  let listening: Promise<pg.Client | undefined> | undefined;
  let closed = false;
  const wake = (importId?: string): void => {
    for (const follower of followers) if (importId === undefined || follower.importId === importId) follower.wake();
  };
  const listen = async (): Promise<pg.Client | undefined> => {
    const client = new pg.Client({ connectionString: database.apiUrl, application_name: 'cairn progress' });
    client.on('notification', ({ payload }) => wake(payload));
    // Followers look again by themselves; the next one to come listens anew.
    client.on('error', (err) => {
      listening = undefined;
      log.warn({ err }, 'the connection that hears of progress was lost');
    });
    try {
      await client.connect();
      await client.query('LISTEN import_progress');
      return client;
    } catch (err) {
      listening = undefined;
      log.warn({ err }, 'progress cannot be listened to; it is looked up instead');
      await client.end().catch(() => undefined);
      return undefined;
    }
  };
  return {
    follow: (importId, isExpected) => {
      const turn = createTurn();
      const follower = { importId, wake: turn.wake };
      followers.add(follower);
      const look = async (): Promise<Row | undefined> => {
        listening ??= closed ? undefined : listen();
        await listening;
        return readImport(database.read, importId);
      };
      return followRow(look, turn, isExpected, () => followers.delete(follower));
    },
    close: async () => {
      closed = true;
      wake();
      const client = await listening;
      listening = undefined;
      await client?.end();
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
    turn.end();
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
