import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ADMIN_TOKEN, rootField, useTestApi } from '../../support/api.ts';
import { useTestDatabase } from '../../support/database.ts';
import { openEventStream } from '../../support/event-stream.ts';
import { jobOnce } from '../../support/jobs.ts';
import { seedSource, seedSourceRows } from '../../support/sources.ts';

const database = await useTestDatabase();
const api = await useTestApi(database, { jobs: 'all' });

test('a scheduled export becomes exports of whoever made the schedule, and the turn ends as its job does', async () => {
  const create =
    'mutation { createSchedule(input: { name: "hourly", jobKind: "export", arguments: { exports: ["channels"] }, cron: "0 * * * *" }) { scheduleId } }';
  const { scheduleId } = rootField<{ scheduleId: string }>(await api.ask(create), 'createSchedule');
  const run = 'mutation ($key: ID!) { runSchedule(scheduleId: $key) { lastJobId } }';
  const { lastJobId } = rootField<{ lastJobId: string }>(await api.ask(run, { key: scheduleId }), 'runSchedule');
  expect(await jobOnce(database, lastJobId)).toMatchObject({ status: 'completed' });
  const { rows } = await database.owner.query('SELECT job_id, path FROM exports');
  expect(rows).toEqual([{ job_id: expect.any(String), path: 'channels.export.csv' }]);
  await jobOnce(database, rows[0]?.job_id);
  const turns = '{ scheduleRuns { nodes { scheduleName status dueAt error { code } } } }';
  expect(rootField(await api.ask(turns), 'scheduleRuns')).toEqual({
    nodes: [{ scheduleName: 'hourly', status: 'COMPLETED', dueAt: null, error: null }],
  });
});

test('an export that there is not makes a turn that failed, with the reason', async () => {
  const create =
    'mutation { createSchedule(input: { name: "wrong", jobKind: "export", arguments: { exports: ["nothing"] } }) { scheduleId nextRunAt } }';
  const made = rootField<{ scheduleId: string; nextRunAt: null }>(await api.ask(create), 'createSchedule');
  expect(made.nextRunAt).toBeNull();
  const run = 'mutation ($key: ID!) { runSchedule(scheduleId: $key) { lastJobId } }';
  const { lastJobId } = rootField<{ lastJobId: string }>(await api.ask(run, { key: made.scheduleId }), 'runSchedule');
  await jobOnce(database, lastJobId);
  const turns = '{ scheduleRuns(where: { scheduleName: { equals: "wrong" } }) { nodes { status error { code } } } }';
  expect(rootField(await api.ask(turns), 'scheduleRuns')).toEqual({
    nodes: [{ status: 'FAILED', error: { code: 'NOT_FOUND' } }],
  });
});

test('a sync is followed to its end by whoever sees its source, and by nobody else', async () => {
  const sourceId = await seedSource(database.owner, { is_shared: false });
  await seedSourceRows(database.owner, sourceId, 1);
  await database.owner.query("UPDATE sync_jobs SET status = 'running', completed_at = NULL");
  const follow = 'subscription ($source: ID!) { syncProgress(sourceId: $source) { status itemsFound } }';
  const open = (token: string) =>
    openEventStream(api.url, { authorization: `Bearer ${token}` }, follow, { source: sourceId });
  const stream = await open('admin-token-of-the-tests');
  expect(await stream.next()).toEqual({ status: 'RUNNING', itemsFound: '0' });
  await database.owner.query("UPDATE sync_jobs SET items_found = 7, status = 'waiting'");
  expect(await stream.next()).toEqual({ status: 'WAITING', itemsFound: '7' });
  stream.leave();
  await expect(open(await api.tokenFor('editor')).then((other) => other.next())).rejects.toThrow();
});

test('whoever waits for a sync is answered when it has ended, in GraphQL and over REST', async () => {
  const path = join(api.root, 'awaited');
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'note.md'), '# Note\n');
  const sourceId = await seedSource(database.owner, { config: { path }, is_shared: true });
  const run = 'mutation ($source: ID!) { runSync(sourceId: $source) { status itemsCreated } }';
  expect(rootField(await api.ask(run, { source: sourceId }), 'runSync')).toEqual({
    status: 'COMPLETED',
    itemsCreated: '1',
  });
  const start = (wait: boolean) =>
    fetch(`${api.url}/api/v1/sync-jobs`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ source_id: sourceId, wait }),
    });
  const waited = await start(true);
  expect([waited.status, await waited.json()]).toMatchObject([200, { status: 'completed' }]);
  expect((await start(false)).status).toBe(202);
});

test('a schedule writes back into a source that its maker may change; where there is nothing to write, the turn says so', async () => {
  const sourceId = await seedSource(database.owner, { is_shared: true });
  const create = (source: string, token?: string) =>
    api.ask(
      `mutation { createSchedule(input: { name: "back", jobKind: "write-back", cron: "0 3 * * *"${source} }) { scheduleId } }`,
      {},
      token,
    );
  const code = async (answer: ReturnType<typeof create>) => (await answer).errors[0]?.extensions['code'];
  expect(await code(create(''))).toBe('BAD_USER_INPUT');
  expect(await code(create(`, sourceId: "${sourceId}"`, await api.tokenFor('editor')))).toBe('FORBIDDEN');
  const made = rootField<{ scheduleId: string }>(await create(`, sourceId: "${sourceId}"`), 'createSchedule');
  await api.ask('mutation ($key: ID!) { runSchedule(scheduleId: $key) { lastJobId } }', { key: made.scheduleId });
  const turns = '{ scheduleRuns(where: { scheduleName: { equals: "back" } }) { nodes { status error { message } } } }';
  expect(rootField(await api.ask(turns), 'scheduleRuns')).toEqual({
    nodes: [{ status: 'SKIPPED', error: { message: 'There is no write-back to do' } }],
  });
});
