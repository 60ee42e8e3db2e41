import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { AppError } from '../../src/kernel/errors.ts';
import { type EventGuard, guardEvents } from '../../src/server/guarded-events.ts';

/** Events that the test sends; `returned` says whether whoever reads has let go. */
function source() {
  const waiting: PromiseWithResolvers<IteratorResult<{ data: { n: number } }, undefined>>[] = [];
  const state = { returned: 0 };
  const events: AsyncIterableIterator<{ data: { n: number } }, undefined> = {
    next: () => {
      const next = Promise.withResolvers<IteratorResult<{ data: { n: number } }, undefined>>();
      waiting.push(next);
      return next.promise;
    },
    return: async () => {
      state.returned += 1;
      for (const next of waiting) next.resolve({ done: true, value: undefined });
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => events,
  };
  return {
    events,
    state,
    send: (n: number) => waiting.shift()?.resolve({ done: false, value: { data: { n } } }),
    fail: (thrown: unknown) => waiting.shift()?.reject(thrown),
  };
}

const guard = (given: Partial<EventGuard> = {}) => {
  const leave = vi.fn();
  const stopHearing = vi.fn();
  const looks: (() => void)[] = [];
  const onAccessChange = (look: () => void) => {
    looks.push(look);
    return stopHearing;
  };
  const options = {
    mayStillRead: async () => true,
    age: 60_000,
    check: 60_000,
    onAccessChange,
    left: undefined,
    answered: () => undefined,
    leave,
    ...given,
  };
  return { options, leave, stopHearing, look: () => looks[0]?.() };
};

const UNAUTHENTICATED = { errors: [{ originalError: { code: 'UNAUTHENTICATED' } }] };

test('events pass while they may be seen', async () => {
  const { events, send } = source();
  const guarded = guardEvents(events, guard().options);
  const next = guarded.next();
  send(1);
  expect(await next).toEqual({ done: false, value: { data: { n: 1 } } });
  await guarded.return?.();
});

test('an event is not shown to whoever may not see it any more; the stream says so and ends', async () => {
  const { events, send, state } = source();
  const { options, leave, stopHearing } = guard({ mayStillRead: async () => false });
  const guarded = guardEvents(events, options);
  const next = guarded.next();
  send(1);
  expect(await next).toMatchObject({ done: false, value: UNAUTHENTICATED });
  expect(await guarded.next()).toEqual({ done: true, value: undefined });
  expect([leave.mock.calls.length, stopHearing.mock.calls.length, state.returned]).toEqual([1, 1, 1]);
});

test.each([
  ['told of', 60_000],
  ['found at the next look', 10],
])('rights that end while nothing happens are %s', async (_how, check) => {
  let may = true;
  const { events } = source();
  const { options, look } = guard({ check, mayStillRead: async () => may });
  const guarded = guardEvents(events, options);
  const next = guarded.next();
  may = false;
  if (check > 1_000) look();
  expect(await next).toMatchObject({ done: false, value: UNAUTHENTICATED });
  expect(await guarded.next()).toEqual({ done: true, value: undefined });
});

test('rights that end while they are looked at are looked at again', async () => {
  const answers = [Promise.withResolvers<boolean>(), Promise.withResolvers<boolean>()];
  let asked = 0;
  const mayStillRead = () => answers[asked++]?.promise ?? Promise.resolve(false);
  const { options, look } = guard({ mayStillRead });
  const guarded = guardEvents(source().events, options);
  const next = guarded.next();
  look();
  look();
  answers[0]?.resolve(true);
  answers[1]?.resolve(false);
  expect(await next).toMatchObject({ value: UNAUTHENTICATED });
});

test('a database that is away for a moment ends no stream to which nothing happens', async () => {
  const { events, send } = source();
  let isAway = true;
  const mayStillRead = async (): Promise<boolean> => {
    if (isAway) throw new AppError('DATABASE_UNREACHABLE', 'away');
    return true;
  };
  const { options, look } = guard({ mayStillRead });
  const guarded = guardEvents(events, options);
  const next = guarded.next();
  look();
  await sleep(10);
  isAway = false;
  send(1);
  expect(await next).toMatchObject({ value: { data: { n: 1 } } });
  await guarded.return?.();
});

test('a stream that grew old ends without an error', async () => {
  const { events, state } = source();
  const { options, leave } = guard({ age: 10 });
  const guarded = guardEvents(events, options);
  expect(await guarded.next()).toEqual({ done: true, value: undefined });
  expect([leave.mock.calls.length, state.returned]).toEqual([1, 1]);
});

test('a failure is the last event', async () => {
  const { events, fail } = source();
  const { options, leave } = guard();
  const guarded = guardEvents(events, options);
  const next = guarded.next();
  fail(new AppError('LIMIT_EXCEEDED', 'too many'));
  expect(await next).toMatchObject({ value: { errors: [{ originalError: { code: 'LIMIT_EXCEEDED' } }] } });
  expect(await guarded.next()).toEqual({ done: true, value: undefined });
  expect(leave).toHaveBeenCalledOnce();
});

test.each(['before', 'after'])('a client that has left %s the stream began is let go at once', async (when) => {
  const { events, state } = source();
  const leaving = new AbortController();
  const { options, leave } = guard({ left: leaving.signal });
  if (when === 'before') leaving.abort();
  const guarded = guardEvents(events, options);
  const next = guarded.next();
  leaving.abort();
  expect(await next).toEqual({ done: true, value: undefined });
  expect([leave.mock.calls.length, state.returned]).toEqual([1, 1]);
});

test('a reader that lets go is let go while nothing happens', async () => {
  const { events, state } = source();
  const { options, leave } = guard();
  const guarded = guardEvents(events, options);
  const next = guarded.next();
  await guarded.return?.();
  expect(await next).toEqual({ done: true, value: undefined });
  expect([leave.mock.calls.length, state.returned]).toEqual([1, 1]);
});
