/** A list watched: what comes into it, changes and leaves it, from a moment that the first event marks. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Notices } from '../database/notices.ts';
import { contextSlot, type GraphqlContext } from '../graphql/context.ts';
import type { EntityReads } from '../graphql/entity.ts';
import { asAppError } from '../kernel/errors.ts';
import { CHANGES, readNotice } from './change-notice.ts';
import { compareMembers, type RowChange, takeIn } from './member-changes.ts';
import { type Members, membershipOf } from './membership.ts';
import { createTouchLog } from './touches.ts';
import type { WatchBudget } from './watch-budget.ts';

/** What watching needs of the process; filled by the server for every operation. */
export interface Watching {
  readonly notices: Notices;
  readonly budget: WatchBudget;
}

export const watchingSlot = contextSlot<Watching>('watching');

/** One event. */
export interface ListChanges {
  /** `ready`: from now on nothing is missed. `reset`: more has changed than is told row by row. */
  readonly kind: 'ready' | 'changed' | 'reset';
  /** How many rows match now. */
  readonly count: number;
  readonly changes: readonly RowChange[];
}

/** As many rows as a page has: their relations are read together. */
export const MOST_IN_EVENT = 100;
/** An import's hundred thousand rows are no news one by one: the list is to be asked anew. */
export const MOST_TOLD = 1_000;

/** One commit may be told by several notices, one for each of its statements. */
const GATHER_MS = 5;
/** Whole lists are read no more than this share of the time. */
const REST = 4;
const LONGEST_REST_MS = 10_000;
const TRY_AGAIN_MS = 1_000;

/**
 * Watches the rows of a type that match `where`. Every event is read on the context's snapshot and leaves it open, for
 * what the event shows; whoever has answered an event refreshes it.
 * @throws AppError BAD_USER_INPUT, LIMIT_EXCEEDED, DATABASE_UNREACHABLE
 */
export async function watchList(
  context: GraphqlContext,
  reads: EntityReads,
  where: unknown,
): Promise<AsyncIterableIterator<ListChanges, undefined>> {
  const { notices, budget } = watchingSlot.get(context);
  const membership = membershipOf(reads, where);
  const touches = createTouchLog(membership);
  const account = budget.open(reads);
  let woken = Promise.withResolvers<void>();
  const leaving = new AbortController();
  // Before the list is read: what is committed from here on is told.
  const hearing = notices.on(CHANGES, (payload) => {
    if (touches.add(readNotice(payload))) woken.resolve();
  });
  const leave = (): void => {
    hearing.stop();
    account.close();
    leaving.abort();
    woken.resolve();
  };
  let members: Members;
  let restUntil = 0;
  const readAll = async (): Promise<Members> => {
    const begun = performance.now();
    const found = await budget.inTurn(() => membership.all(context.reads.query, account.most()));
    const took = performance.now() - begun;
    restUntil = performance.now() + Math.min(took * REST, LONGEST_REST_MS);
    return found;
  };
  const pause = (time: number): Promise<unknown> =>
    sleep(time, undefined, { signal: leaving.signal, ref: false }).catch(() => undefined);

  try {
    await hearing.ready;
    await context.reads.refresh();
    members = await readAll();
    account.holds(members.size);
    await context.reads.refresh();
  } catch (thrown) {
    leave();
    throw thrown;
  }

  /** What the notices so far come to; undefined for nothing. */
  const look = async (): Promise<ListChanges | undefined> => {
    const { all, ranges, keys } = touches.take();
    await context.reads.refresh();
    const found = all
      ? await readAll()
      : await budget.inTurn(() => membership.touched(context.reads.query, { ranges, keys }));
    const changes = compareMembers(members, found, all);
    if (changes.length > MOST_TOLD) {
      takeIn(members, changes, found);
      account.holds(members.size);
      return { kind: 'reset', count: members.size, changes: [] };
    }
    const told = changes.slice(0, MOST_IN_EVENT);
    takeIn(members, told, found);
    touches.again(changes.slice(MOST_IN_EVENT).map(({ key }) => key));
    account.holds(members.size);
    return told.length === 0 ? undefined : { kind: 'changed', count: members.size, changes: told };
  };

  let isFirst = true;
  const nextEvent = async (): Promise<ListChanges | undefined> => {
    if (isFirst) {
      isFirst = false;
      return { kind: 'ready', count: members.size, changes: [] };
    }
    while (!leaving.signal.aborted) {
      if (touches.isEmpty()) {
        woken = Promise.withResolvers();
        await woken.promise;
        await pause(GATHER_MS);
      } else if (touches.isAll() && performance.now() < restUntil) {
        await pause(restUntil - performance.now());
      } else {
        const event = await look().catch(async (thrown: unknown) => {
          if (asAppError(thrown).kind !== 'transient') throw thrown;
          // The database is away for a moment: nothing is lost, it is looked at again as a whole.
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
        return event === undefined ? await end() : { done: false, value: event };
      } catch (thrown) {
        await end();
        throw thrown;
      }
    },
    return: end,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
  return events;
}
