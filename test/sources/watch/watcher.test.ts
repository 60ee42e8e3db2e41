import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createNotices } from '../../../src/database/notices.ts';
import { writeSession } from '../../../src/database/session.ts';
import { HOUSEKEEPER } from '../../../src/kernel/actor.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { type Connector, ConnectorError, defineConnector } from '../../../src/sources/connector.ts';
import { tellWatchers } from '../../../src/sources/watch/notice.ts';
import { startWatcher, type Watcher } from '../../../src/sources/watch/watcher.ts';
import { useTestDatabase } from '../../support/database.ts';
import { clearSources, seedSource } from '../../support/sources.ts';
import { keyConnector, useSourcesHouse } from '../../support/sources-house.ts';

const database = await useTestDatabase();

type Told = Awaited<ReturnType<NonNullable<Connector['waitForChanges']>>>;

/** The place of the tests: each wait is answered by hand. */
const waiting: { cursor: string; signal: AbortSignal; answer: (told: Told) => void; fail: (why: Error) => void }[] = [];
const hooked: { url: string; secret: string; state: string | null }[] = [];
const { keys: _, ...place } = keyConnector('http://127.0.0.1:1');
const connector = defineConnector({
  ...place,
  id: 'waited',
  waitForChanges: (cursor, { signal }) =>
    new Promise((resolve, reject) => {
      waiting.push({ cursor, signal, answer: resolve, fail: reject });
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    }),
  webhooks: {
    receive: async ({ headers }, secret) =>
      headers.get('signature') === secret ? { dirty: ['it'], status: 200 } : { dirty: [], status: 403 },
    register: async (_context, hook) => {
      hooked.push(hook);
      return { state: `hook ${hooked.length}`, expiresAt: new Date(Date.now() + 3 * 86_400_000) };
    },
  },
});
const house = await useSourcesHouse(database, { url: 'http://127.0.0.1:1', connectors: [connector] });

const running: { stop: () => Promise<unknown> }[] = [];
beforeEach(async () => {
  waiting.length = 0;
  hooked.length = 0;
  await clearSources(database.owner);
});
afterEach(async () => {
  await Promise.all(running.splice(0).map(({ stop }) => stop()));
});

function start(options: { publicUrl?: string | undefined } = {}): Watcher {
  const notices = createNotices(database.apiUrl, silentLog());
  const watcher = startWatcher({ house: { ...house, publicUrl: undefined, ...options }, notices, lookMs: 50 });
  const stop = async (): Promise<void> => {
    await watcher.stop();
    await notices.close();
  };
  running.push({ stop });
  return { stop };
}

const source = async (state: Record<string, unknown> = { cursor: 'c1' }, given = {}): Promise<string> => {
  const sourceId = await seedSource(database.owner, { source_type: 'waited', ...given });
  await database.owner.query(
    'INSERT INTO source_states (source_id, owner_id, cursor, dirty_at, next_attempt_at) VALUES ($1, $2, $3, $4, $5)',
    [sourceId, 'hub', state['cursor'] ?? null, state['dirty_at'] ?? null, state['next_attempt_at'] ?? null],
  );
  return sourceId;
};
const jobs = async (): Promise<string[]> =>
  (
    await database.owner.query<{ singleton: string }>("SELECT singleton FROM jobs WHERE kind = 'sync' ORDER BY id")
  ).rows.map(({ singleton }) => singleton);
const endJobs = () => database.owner.query("UPDATE jobs SET status = 'completed', finished_at = now()");
const state = async (sourceId: string) =>
  (await database.owner.query('SELECT * FROM source_states WHERE source_id = $1', [sourceId])).rows[0];
const soon = (check: () => unknown) => vi.waitFor(check, { timeout: 5_000, interval: 10 });
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('what is dirty, or has items to try again, is synced; what is paused, cut off or not due is not', async () => {
  const now = new Date(Date.now() - 1_000);
  const dirty = await source({ dirty_at: now });
  const again = await source({ next_attempt_at: now });
  await source({ next_attempt_at: new Date(Date.now() + 60_000) });
  await source({ dirty_at: now }, { is_active: false });
  await source({ dirty_at: now }, { connection_status: 'needs_reauth' });
  await source({ dirty_at: now }, { connection_status: 'disconnected' });
  start();
  await soon(async () => expect(await jobs()).toHaveLength(2));
  await sleep(150);
  expect((await jobs()).toSorted()).toEqual([dirty, again].toSorted());
  expect(await state(dirty)).toMatchObject({ dirty_at: null });
  expect(await state(again)).toMatchObject({ next_attempt_at: null });
});

test('a source that is called dirty again and again has one sync at a time, and one more after it', async () => {
  const sourceId = await source();
  start();
  const tell = () =>
    writeSession(database.write, HOUSEKEEPER, ({ query }) =>
      tellWatchers(query, { source_id: sourceId, owner_id: 'hub' }, 'dirty'),
    );
  await tell();
  await soon(async () => expect(await jobs()).toHaveLength(1));
  for (let i = 0; i < 5; i += 1) await tell();
  await sleep(150);
  expect(await jobs()).toHaveLength(1);
  await endJobs();
  await soon(async () => expect(await jobs()).toHaveLength(2));
  await endJobs();
  await sleep(150);
  // A sync that failed is nobody’s reason for another one.
  expect(await jobs()).toHaveLength(2);
});

test('one process waits for a source; what it hears begins a sync, and the wait goes on from the new cursor', async () => {
  const sourceId = await source();
  start();
  start();
  await soon(() => expect(waiting).toHaveLength(1));
  await sleep(150);
  expect(waiting).toHaveLength(1);
  waiting[0]?.answer({ changed: true });
  await soon(async () => expect(await jobs()).toEqual([sourceId]));
  await sleep(150);
  expect(waiting).toHaveLength(1);
  await database.owner.query("UPDATE source_states SET cursor = 'c2'");
  await endJobs();
  await soon(() => expect(waiting[1]?.cursor).toBe('c2'));
});

test('a change that a sync has read on past meanwhile begins no other one', async () => {
  await source();
  start();
  await soon(() => expect(waiting).toHaveLength(1));
  await database.owner.query("UPDATE source_states SET cursor = 'c2'");
  waiting[0]?.answer({ changed: true });
  await soon(() => expect(waiting[1]?.cursor).toBe('c2'));
  expect(await jobs()).toEqual([]);
});

test('a place that limits or fails is asked again later, not at once', async () => {
  await source();
  start();
  await soon(() => expect(waiting).toHaveLength(1));
  waiting[0]?.fail(new ConnectorError('rate-limit', 'too many', { retryAfterMs: 60_000 }));
  await sleep(200);
  expect(waiting).toHaveLength(1);
  expect((await database.owner.query('SELECT waited_at FROM source_states')).rows[0].waited_at).toBeNull();
});

test('a source that is paused or deleted is no longer waited for, and a stop ends every wait at once', async () => {
  const sourceId = await source();
  await source();
  const watcher = start();
  await soon(() => expect(waiting).toHaveLength(2));
  await database.owner.query('UPDATE data_sources SET is_active = false WHERE source_id = $1', [sourceId]);
  await soon(() => expect(waiting.filter(({ signal }) => signal.aborted)).toHaveLength(1));
  running.length = 0;
  const before = performance.now();
  await watcher.stop();
  expect(performance.now() - before).toBeLessThan(1_000);
  expect(waiting.every(({ signal }) => signal.aborted)).toBe(true);
  expect((await database.owner.query('SELECT FROM source_states WHERE waited_at IS NOT NULL')).rowCount).toBe(0);
});

test('the lease of a process that died lapses', async () => {
  const sourceId = await source();
  await database.owner.query("UPDATE source_states SET waited_at = now() - interval '29 seconds'");
  start();
  await sleep(150);
  expect(waiting).toHaveLength(0);
  await stopAll();
  await database.owner.query(
    "UPDATE source_states SET waited_at = now() - interval '31 seconds' WHERE source_id = $1",
    [sourceId],
  );
  start();
  await soon(() => expect(waiting).toHaveLength(1));
});

test('a provider is asked once to call, over https alone, with a secret of the source that is kept sealed', async () => {
  const sourceId = await source();
  start();
  await soon(() => expect(waiting).toHaveLength(1));
  expect(hooked).toHaveLength(0);
  await stopAll();
  start({ publicUrl: 'https://cairn.example.org' });
  start({ publicUrl: 'https://cairn.example.org' });
  await soon(async () => expect((await state(sourceId)).hook_expires_at).toBeInstanceOf(Date));
  await sleep(150);
  expect(hooked).toHaveLength(1);
  expect(hooked[0]).toMatchObject({
    url: `https://cairn.example.org/webhooks/sources/waited/${sourceId}`,
    state: null,
  });
  expect((await state(sourceId)).hook_state).not.toContain(hooked[0]?.secret);
});

async function stopAll(): Promise<void> {
  await Promise.all(running.splice(0).map(({ stop }) => stop()));
}
