/** What a watched list may cost, and that it costs nothing when it is over. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { createNotices, type Hear } from '../../src/database/notices.ts';
import { createContext } from '../../src/graphql/context.ts';
import { createChangedKeys } from '../../src/history/changed-keys.ts';
import { type ListChanges, watchingSlot, watchList } from '../../src/history/watch.ts';
import { createWatchBudget, WATCH_LIMITS, type WatchBudget, type WatchLimits } from '../../src/history/watch-budget.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { channels } from '../../src/research/channels.read.ts';
import '../../src/research/channels.graphql.ts';
import '../../src/research/videos.graphql.ts';
import '../../src/research/researches.graphql.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { recordQueries } from '../support/queries.ts';

const database = await useTestDatabase();
const log = silentLog();
const shared = createNotices(database.apiUrl, log);
afterAll(shared.close);
const changedKeys = createChangedKeys(database.read, log);
let hearing = 0;
/** The process's notices, with a count of who hears them. */
const notices = {
  on: (channel: string, hear: Hear) => {
    const own = shared.on(channel, hear);
    hearing += 1;
    let stopped = false;
    const stop = (): void => {
      if (!stopped) hearing -= 1;
      stopped = true;
      own.stop();
    };
    return { ...own, stop };
  },
};

beforeEach(() => database.owner.query('DELETE FROM videos; DELETE FROM channels'));

const budgetOf = (limits: Partial<WatchLimits> = {}): WatchBudget => createWatchBudget({ ...WATCH_LIMITS, ...limits });

function contextOf(budget: WatchBudget) {
  const context = createContext({ actor: TESTER, requestId: 'test', log, database });
  watchingSlot.set(context, { notices, changedKeys, budget });
  onTestFinished(() => context.reads.refresh());
  return context;
}

async function watch(budget: WatchBudget, where: object = {}): Promise<AsyncIterableIterator<ListChanges, undefined>> {
  const events = await watchList(contextOf(budget), channels, where);
  onTestFinished(async () => void (await events.return?.()));
  return events;
}

const add = (from: number, to: number) =>
  database.owner.query(
    "INSERT INTO channels (channel_id, name) SELECT 'c' || n, 'x' FROM generate_series($1::int, $2) n",
    [from, to],
  );

const TOO_MANY = { code: 'LIMIT_EXCEEDED', path: 'where' };

test('a list of more rows than one may watch is refused, and holds nothing', async () => {
  const budget = budgetOf({ rows: 3 });
  await add(1, 4);
  await expect(watch(budget)).rejects.toMatchObject(TOO_MANY);
  expect(budget.figures()).toEqual({ watched: 0, rows: 0 });
  expect(hearing).toBe(0);
  await database.owner.query("DELETE FROM channels WHERE channel_id = 'c4'");
  await watch(budget);
  expect(budget.figures()).toEqual({ watched: 1, rows: 3 });
});

test('a list that grows beyond it ends with the same error', async () => {
  const budget = budgetOf({ rows: 3 });
  await add(1, 3);
  const events = await watch(budget);
  await events.next();
  const next = events.next();
  await add(4, 4);
  await expect(next).rejects.toMatchObject(TOO_MANY);
  expect(budget.figures()).toEqual({ watched: 0, rows: 0 });
  expect(hearing).toBe(0);
  expect(await events.next()).toEqual({ done: true, value: undefined });
});

test('all lists together hold no more than the process may', async () => {
  const budget = budgetOf({ total: 5 });
  await add(1, 3);
  const first = await watch(budget);
  await expect(watch(budget)).rejects.toMatchObject(TOO_MANY);
  await first.return?.();
  await watch(budget);
  expect(budget.figures()).toEqual({ watched: 1, rows: 3 });
});

test('what a list loses and gains is accounted for', async () => {
  const budget = budgetOf();
  await add(1, 5);
  const events = await watch(budget);
  await events.next();
  await database.owner.query("DELETE FROM channels WHERE channel_id IN ('c1', 'c2')");
  expect((await events.next()).value).toMatchObject({ kind: 'changed', count: 3 });
  expect(budget.figures().rows).toBe(3);
  await events.return?.();
  expect(budget.figures()).toEqual({ watched: 0, rows: 0 });
});

test('a few changed rows are looked at alone; the whole list is read for related tables and for many changes', async () => {
  await add(1, 5);
  const events = await watch(budgetOf(), { videos: { some: { title: { equals: 'x' } } } });
  await events.next();
  const recording = recordQueries(database.read);
  onTestFinished(recording.stop);
  const wholes = () => recording.statements().filter((text) => text.includes('LIMIT')).length;
  const next = events.next();
  await database.owner.query("UPDATE channels SET name = 'y' WHERE channel_id = 'c1'");
  await expect.poll(() => recording.statements().some((text) => text.includes('unnest($1::text[])'))).toBe(true);
  expect(wholes()).toBe(0);
  await database.owner.query(
    "INSERT INTO videos (video_id, source_url, title, channel_id) VALUES ('v', 'https://example.org', 'x', 'c1')",
  );
  expect((await next).value).toMatchObject({ count: 1 });
  expect(wholes()).toBe(1);
});

test('a notice that cannot be read makes the list be looked at, and tells nothing when nothing has changed', async () => {
  await add(1, 1);
  const events = await watch(budgetOf());
  await events.next();
  const next = events.next();
  for (const payload of ['', '{}', 'nonsense', '{"table":"channels","from":"1","to":2}'])
    await database.owner.query("SELECT pg_notify('changes', $1)", [payload]);
  await sleep(100);
  await add(2, 2);
  expect((await next).value).toMatchObject({ changes: [{ key: 'c2', kind: 'added' }] });
});

test('a failure of the database for a moment loses nothing', async () => {
  const events = await watch(budgetOf());
  await events.next();
  const next = events.next();
  // Whatever reads is cut off as often as it comes, for a while.
  let over = false;
  const cutting = (async () => {
    while (!over) {
      await database.owner.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'cairn read%' AND datname = current_database()",
      );
      await sleep(20);
    }
  })();
  await add(1, 1);
  await sleep(300);
  over = true;
  await cutting;
  expect((await next).value).toMatchObject({ changes: [{ key: 'c1', kind: 'added' }] });
});

test('no more looks than are allowed go on at once', async () => {
  const budget = budgetOf({ looks: 2 });
  let now = 0;
  let most = 0;
  const look = async (): Promise<void> => {
    now += 1;
    most = Math.max(most, now);
    await sleep(5);
    now -= 1;
  };
  const failing = budget.inTurn(() => Promise.reject(new Error('no')));
  await Promise.allSettled([failing, ...Array.from({ length: 9 }, () => budget.inTurn(look))]);
  expect(most).toBe(2);
});
