/** A list watched: what comes into it, changes and leaves it, from a moment that the first event marks. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Notices } from '../database/notices.ts';
import { contextSlot, type GraphqlContext } from '../graphql/context.ts';
import type { EntityReads } from '../graphql/entity.ts';
import { asAppError } from '../kernel/errors.ts';
import { CHANGES, readNotice } from './change-notice.ts';
import type { ChangedKeys } from './changed-keys.ts';
import { compareMembers, type RowChange, takeIn } from './member-changes.ts';
import { type Members, membershipOf } from './membership.ts';
import { createTouches } from './touches.ts';
import type { WatchBudget } from './watch-budget.ts';

/** What watching needs of the process; filled by the server for every operation. */
export interface Watching {
  readonly notices: Pick<Notices, 'on'>;
  readonly changedKeys: ChangedKeys;
  readonly budget: WatchBudget;
}

export const watchingSlot = contextSlot<Watching>('watching');

/** One event. */
export interface ListChanges {
  /** `ready`: from now on nothing is missed. `reset`: more has changed than is told row by row. */
  readonly kind: 'ready' | 'changed' | 'reset';
  /** How many rows match, after the changes told so far. */
  readonly count: number;
  readonly changes: readonly RowChange[];
}

/** As many rows as a page has: their relations are read together. */
export const MOST_IN_EVENT = 100;
/** An import's hundred thousand rows are no news one by one: the list is to be asked anew. */
export const MOST_TOLD = 1_000;

/** One commit may be told by several notices, one for each of its statements. */
const GATHER_MS = 5;
/**
 * After a look, the waiting for its turn included, a list rests for as long, and after one at the whole list for four times
 * as long: the busier the database, the more is looked at together.
 */
const REST = { some: 1, all: 4 };
const LONGEST_REST_MS = { some: 1_000, all: 10_000 };
const TRY_AGAIN_MS = 1_000;

/**
 * Watches the rows of a type that match `where`. Every event is read on the context's snapshot and leaves it open, for
 * what the event shows; whoever has answered an event refreshes it. However slow the reader is, no more is held for it
 * than what there is to look at when it asks for the next event.
 * @throws AppError BAD_USER_INPUT, LIMIT_EXCEEDED, DATABASE_UNREACHABLE
 */
export async function watchList(
  context: GraphqlContext,
  reads: EntityReads,
  where: unknown,
): Promise<AsyncIterableIterator<ListChanges, undefined>> {
  const { notices, changedKeys, budget } = watchingSlot.get(context);
  const membership = membershipOf(reads, where);
  const touches = createTouches();
  const account = budget.open(reads);
  const leaving = new AbortController();
  let woken = Promise.withResolvers<void>();
  const touch = (keys: Iterable<string> | undefined): void => {
    touches.add(keys);
    if (!touches.isEmpty()) woken.resolve();
  };
  // Before the list is read: whatever is committed from here on is told.
  const hearing = notices.on(CHANGES, (payload) => {
    const notice = readNotice(payload);
    if (notice === undefined || membership.related.has(notice.table)) touch(undefined);
    else if (notice.table === membership.table) void changedKeys(notice).then(touch);
  });
  const leave = (): void => {
    hearing.stop();
    account.close();
    leaving.abort();
    woken.resolve();
  };
  let restUntil = 0;
  const readAll = (): Promise<Members> => membership.all(context.reads.query, account.most());
  const pause = (time: number): Promise<unknown> =>
    sleep(time, undefined, { signal: leaving.signal, ref: false }).catch(() => undefined);

  let members: Members;
  try {
    await hearing.ready;
    await context.reads.refresh();
    members = await budget.inTurn(readAll);
    account.hold(members.size);
    await context.reads.refresh();
  } catch (thrown) {
    leave();
    throw thrown;
  }

  /** What has become of what was touched; undefined for nothing. */
  const look = async (): Promise<ListChanges | undefined> => {
    await context.reads.refresh();
    const begun = performance.now();
    const { changes, found, kind } = await budget.inTurn(async () => {
      const touched = touches.take();
      const isAll = touched === undefined;
      const rows = isAll ? await readAll() : await membership.some(context.reads.query, touched);
      return { changes: compareMembers(members, rows, isAll), found: rows, kind: isAll ? 'all' : 'some' } as const;
    });
    const now = performance.now();
    restUntil = now + Math.min((now - begun) * REST[kind], LONGEST_REST_MS[kind]);
    const isTold = changes.length <= MOST_TOLD;
    const told = isTold ? changes.slice(0, MOST_IN_EVENT) : changes;
    takeIn(members, told, found);
    // Looked at once more, so that each is told as it is on the snapshot of its own event.
    touches.add(changes.slice(told.length).map(({ key }) => key));
    account.hold(members.size);
    if (told.length === 0) return undefined;
    return { kind: isTold ? 'changed' : 'reset', count: members.size, changes: isTold ? told : [] };
  };

  let isFirst = true;
  const nextEvent = async (): Promise<ListChanges | undefined> => {
    if (isFirst) {
      isFirst = false;
      return { kind: 'ready', count: members.size, changes: [] };
    }
    while (!leaving.signal.aborted) {
      const rest = restUntil - performance.now();
      if (touches.isEmpty()) {
        woken = Promise.withResolvers();
        await woken.promise;
        await pause(GATHER_MS);
      } else if (rest > 0) await pause(rest);
      else {
        const event = await look().catch(async (thrown: unknown) => {
          if (asAppError(thrown).kind !== 'transient') throw thrown;
          // The database is away or busy: nothing is lost, since the whole list is looked at later.
          touches.add(undefined);
          await pause(TRY_AGAIN_MS);
        });
        if (event !== undefined) return event;
        await context.reads.refresh();
      }
    }
    return undefined;
  };
  const end = async (): Promise<IteratorReturnResult<undefined>> => {
    leave();
    await context.reads.refresh();
    return { done: true, value: undefined };
  };
  const events: AsyncIterableIterator<ListChanges, undefined> = {
    next: async () => {
      try {
        const event = await nextEvent();
        return event === undefined || leaving.signal.aborted ? await end() : { done: false, value: event };
      } catch (thrown) {
        await end();
        throw thrown;
      }
    },
    return: end,
    [Symbol.asyncIterator]: () => events,
  };
  return events;
}
