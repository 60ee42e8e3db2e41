/** One row as it changes, in whichever process it is changed: read anew whenever the database tells of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Notices } from '../database/notices.ts';
import type { Row } from './entity.ts';

export interface RowFeed {
  /** The row now and whenever it changes, until it is over. */
  readonly follow: (followed: Followed) => AsyncIterableIterator<Row, undefined>;
  /** Ends what is still followed. */
  readonly close: () => void;
}

export interface Followed {
  readonly id: string;
  /** The row as its follower may see it, asked for every event: rights may end while somebody follows. What it throws is the end. */
  readonly look: () => Promise<Row | undefined>;
  /** While there is no row yet it is waited for as long as this says that there will be one. */
  readonly isExpected?: () => boolean | Promise<boolean>;
}

export interface RowFeedOptions {
  readonly notices: Pick<Notices, 'on'>;
  /** Tells of a row's change by its id. */
  readonly channel: string;
  /** What a follower is told of: a row with the same is not told again. */
  readonly stateOf: (row: Row) => readonly unknown[];
  /** Whether nothing of the row will change any more. */
  readonly isOver: (row: Row) => boolean;
}

/** A notice may be lost with its connection, and whoever is killed sends none. */
const LOOK_AGAIN_MS = 1_000;

/** The feed of a process, on its one listener. */
export function createRowFeed({ notices, channel, ...reading }: RowFeedOptions): RowFeed {
  const leaving = new Set<() => void>();
  return {
    follow: ({ id, look: lookNow, isExpected = () => false }) => {
      const turn = createTurn();
      const hearing = notices.on(channel, (told) => {
        if (told === undefined || told === id) turn.wake();
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
        return lookNow();
      };
      return followRow({ ...reading, look }, turn, isExpected, leave);
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

type Reading = Pick<RowFeedOptions, 'stateOf' | 'isOver'> & { readonly look: () => Promise<Row | undefined> };

/** Written out, since a generator that waits for its turn cannot be told to stop. */
function followRow(
  { look, stateOf, isOver }: Reading,
  turn: Turn,
  isExpected: () => boolean | Promise<boolean>,
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
        // Asked before looking: what began in between is there by then.
        const expected = await isExpected();
        const row = await look();
        if (row === undefined && !expected) break;
        const state = row && stateOf(row).map(String).join('\n');
        if (row === undefined || state === shown) continue;
        shown = state;
        if (isOver(row)) end();
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
