import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { writeSession } from '../../../src/database/session.ts';
import { HOUSEKEEPER } from '../../../src/kernel/actor.ts';
import { ConnectorError } from '../../../src/sources/connector.ts';
import { tellWatchers } from '../../../src/sources/watch/notice.ts';
import { useTestDatabase } from '../../support/database.ts';
import { useWatchedPlace } from '../../support/watched-place.ts';

const database = await useTestDatabase();
const { waiting, hooked, start, source, jobs, endJobs, state, stopAll } = await useWatchedPlace(database);
const soon = (check: () => unknown) => vi.waitFor(check, { timeout: 5_000, interval: 10 });

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
    // Whatever the provider takes, no transaction waits for it.
    transactions: 0,
  });
  expect((await state(sourceId)).hook_state).not.toContain(hooked[0]?.secret);
  expect((await state(sourceId)).hook_held_at).toBeNull();
});
