import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { useTestDatabase } from '../../support/database.ts';
import { useWatchedPlace } from '../../support/watched-place.ts';

const database = await useTestDatabase();
const { waiting, start, source, jobs, endJobs, state } = await useWatchedPlace(database);
const soon = (check: () => unknown) => vi.waitFor(check, { timeout: 5_000, interval: 10 });

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
