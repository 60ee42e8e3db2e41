import { beforeEach, expect, test } from 'vitest';
import { writeSession } from '../../../src/database/session.ts';
import type { Actor } from '../../../src/kernel/actor.ts';
import { addReadyMade, READY_MADE_NAMES } from '../../../src/sources/schedules/ready-made.ts';
import {
  addSchedule,
  changeSchedule,
  type NewSchedule,
  removeSchedule,
} from '../../../src/sources/schedules/schedules.write.ts';
import { fireDue } from '../../../src/sources/schedules/ticker.ts';
import { checkedTiming } from '../../../src/sources/schedules/timing.ts';
import { TESTER, useTestDatabase } from '../../support/database.ts';
import { clearSources, seedSource } from '../../support/sources.ts';

const database = await useTestDatabase();
const { owner } = database;

beforeEach(() => clearSources(owner));

const inWrite = <T>(work: Parameters<typeof writeSession<T>>[2], actor: Actor = TESTER): Promise<T> =>
  writeSession(database.write, actor, work);
const add = async (wanted: Partial<NewSchedule> = {}, actor: Actor = TESTER): Promise<string> => {
  const timing = checkedTiming({ intervalSeconds: 300 });
  const made = await inWrite(
    ({ query }) => addSchedule(query, actor, { name: 'often', jobKind: 'sync', timing, ...wanted }),
    actor,
  );
  if (made === undefined) throw new Error('The schedule was not made');
  return made;
};
const overdue = (minutes: number): Promise<unknown> =>
  owner.query('UPDATE scheduled_syncs SET next_run_at = now() - make_interval(mins => $1)', [minutes]);
const count = async (table: string): Promise<number> =>
  Number((await owner.query<{ n: string }>(`SELECT count(*) AS n FROM ${table}`)).rows[0]?.n);
const schedule = async (key: string) =>
  (await owner.query('SELECT *, next_run_at - now() AS ahead FROM scheduled_syncs WHERE schedule_id = $1', [key]))
    .rows[0];
const turns = async () => (await owner.query('SELECT * FROM schedule_runs ORDER BY id')).rows;

test('what is due is asked for once, by two workers at once, however often it was missed', async () => {
  const sourceId = await seedSource(owner);
  const key = await add({ sourceId });
  expect(await fireDue(database.write)).toBe(0);
  await overdue(7_001);
  const fired = await Promise.all([fireDue(database.write), fireDue(database.write)]);
  expect(fired.reduce((sum, each) => sum + each)).toBe(1);
  expect(await count('jobs')).toBe(1);
  const { rows } = await owner.query('SELECT job_type, requested_by, status FROM sync_jobs');
  expect(rows).toEqual([{ job_type: 'incremental', requested_by: 'schedule:often', status: 'queued' }]);
  const row = await schedule(key);
  // 7,001 minutes ago it was due: on its beat that is a turn 4 minutes from now, not 5.
  expect(row.next_run_at.getTime() - Date.now()).toBeGreaterThan(200_000);
  expect(row.next_run_at.getTime() - Date.now()).toBeLessThan(245_000);
  expect(await turns()).toMatchObject([{ job_id: row.last_job_id, source_id: sourceId, status: 'queued' }]);
  // The turn ends as its job does.
  await owner.query("UPDATE jobs SET status = 'cancelled', finished_at = now()");
  expect(await turns()).toMatchObject([{ status: 'cancelled', finished_at: expect.any(Date) }]);
});

test('a sync of no source in particular is of those that its owner may sync and that can be reached', async () => {
  const mine = await seedSource(owner, { name: 'mine' });
  const shared = await seedSource(owner, {
    name: 'shared',
    owner_id: 'user:019a0b1c-2d3e-7f40-8a51-62738495a6b8',
    is_shared: true,
  });
  await seedSource(owner, { name: 'private', owner_id: 'user:019a0b1c-2d3e-7f40-8a51-62738495a6b8' });
  await seedSource(owner, { name: 'paused', is_active: false });
  await seedSource(owner, { name: 'lost', connection_status: 'needs_reauth' });
  await add({ arguments: { type: 'full_sync', priority: 3 } });
  await overdue(1);
  await fireDue(database.write);
  const { rows } = await owner.query(
    'SELECT source_id, job_type, priority FROM sync_jobs JOIN jobs ON job_id = sync_job_id',
  );
  expect(rows.map(({ source_id }) => source_id).toSorted()).toEqual([mine, shared].toSorted());
  expect(rows[0]).toMatchObject({ job_type: 'full_sync', priority: 3 });
});

test('a turn that has nothing to ask for says why, and the schedule goes on', async () => {
  const sourceId = await seedSource(owner, { is_active: false });
  await add({ sourceId });
  await overdue(1);
  expect(await fireDue(database.write)).toBe(1);
  expect(await turns()).toMatchObject([
    { status: 'skipped', job_id: null, error: { message: 'The source is paused' } },
  ]);
  expect(await count('jobs')).toBe(0);
});

test('a schedule that cannot ask is noted as failed and holds up none of the others', async () => {
  const broken = await add({ jobKind: 'clean-up', name: 'broken' });
  const sound = await add({ jobKind: 'clean-up', name: 'sound' });
  await owner.query(`UPDATE scheduled_syncs SET arguments = '{"olderThanDays": "many"}' WHERE schedule_id = $1`, [
    broken,
  ]);
  await overdue(1);
  expect(await fireDue(database.write)).toBe(2);
  expect(await turns()).toMatchObject([
    { schedule_id: broken, status: 'failed', error: { code: 'BAD_USER_INPUT' } },
    { schedule_id: sound, status: 'queued' },
  ]);
  expect(await fireDue(database.write)).toBe(0);
});

test('a paused or manual schedule is never due, and one that goes on keeps its beat', async () => {
  const key = await add({ jobKind: 'clean-up' });
  const before = (await schedule(key)).next_run_at;
  await inWrite(({ query }) => changeSchedule(query, TESTER, key, { name: 'else' }));
  expect((await schedule(key)).next_run_at).toEqual(before);
  await inWrite(({ query }) => changeSchedule(query, TESTER, key, { isActive: false }));
  expect(await schedule(key)).toMatchObject({ next_run_at: null, version: 3 });
  await inWrite(({ query }) =>
    changeSchedule(query, TESTER, key, { isActive: true, cron: '0 3 * * *', timeZone: 'Asia/Tokyo' }, 3),
  );
  expect(await schedule(key)).toMatchObject({
    frequency: 'cron',
    interval_seconds: null,
    next_run_at: expect.any(Date),
  });
  await expect(inWrite(({ query }) => changeSchedule(query, TESTER, key, { name: 'x' }, 3))).rejects.toMatchObject({
    code: 'CONFLICT',
  });
  expect(
    (await schedule(await add({ name: 'm', jobKind: 'clean-up', timing: checkedTiming({}) }))).next_run_at,
  ).toBeNull();
});

test('the ready-made schedules are made once, and what was changed of them stays changed', async () => {
  const first = await inWrite(({ query }) => addReadyMade(query, TESTER, 'Europe/Vienna'));
  expect(first).toHaveLength(READY_MADE_NAMES.length);
  await owner.query("UPDATE scheduled_syncs SET is_active = false WHERE name = 'Hourly exports'");
  expect(await inWrite(({ query }) => addReadyMade(query, TESTER, 'Europe/Vienna'))).toEqual([]);
  const { rows } = await owner.query('SELECT name, is_active FROM scheduled_syncs ORDER BY id');
  expect(rows.map(({ name }) => name)).toEqual(READY_MADE_NAMES);
  expect(rows[2]).toMatchObject({ is_active: false });
});

test('who lacks the right to a job cannot have a schedule ask for it, nor change another’s', async () => {
  const viewer: Actor = {
    kind: 'token',
    label: 'token:viewer',
    role: 'viewer',
    credential: { kind: 'token', id: '019a0b1c-2d3e-7f40-8a51-62738495a6b8', userId: null, expiresAt: null },
  };
  await expect(add({}, viewer)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(add({ jobKind: 'clean-up' }, { ...viewer, role: 'editor' })).rejects.toMatchObject({
    code: 'FORBIDDEN',
  });
  const key = await add({ jobKind: 'export', timing: checkedTiming({}) });
  await expect(inWrite(({ query }) => removeSchedule(query, viewer, key), viewer)).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});
