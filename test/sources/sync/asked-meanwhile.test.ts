/** Whoever asks for a sync gets one that began after they asked, whenever that was. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type Query, writeSession } from '../../../src/database/session.ts';
import { cancelJob } from '../../../src/jobs/jobs.write.ts';
import type { Actor } from '../../../src/kernel/actor.ts';
import { requestSync } from '../../../src/sources/sync/request-sync.ts';
import { runSync } from '../../../src/sources/sync/run-sync.ts';
import { readSource } from '../../../src/sources/sync/source.ts';
import { cancelSync } from '../../../src/sources/syncs.write.ts';
import { TESTER, useTestDatabase } from '../../support/database.ts';
import { ingestOf } from '../../support/import-folder.ts';
import { scriptedPlace } from '../../support/scripted-place.ts';
import { addSource, endJob, syncing } from '../../support/syncing.ts';

const database = await useTestDatabase();
const ingest = ingestOf(database, []);

const open = async (sourceId: string) =>
  (
    await database.owner.query(
      `SELECT s.job_type, s.requested_by, s.is_shared, j.arguments -> 'approveDeletes' AS approves
         FROM sync_jobs s JOIN jobs j ON j.job_id = s.sync_job_id
        WHERE s.source_id = $1 AND j.status = 'queued'`,
      [sourceId],
    )
  ).rows;

test('a sync asked for after a run has looked for the last time is the next run; a yes goes with who said it', async () => {
  const sourceId = await addSource(database);
  const { house, request, begin } = await syncing(database, ingest, scriptedPlace());
  const jobId = await request(sourceId, 'incremental', true);
  await runSync(house, await begin(jobId));
  expect(await request(sourceId, 'full_sync')).toBe(jobId);
  await endJob(database, jobId, 'completed', null);
  const asked = { requested_by: TESTER.label, is_shared: true };
  expect(await open(sourceId)).toEqual([{ ...asked, job_type: 'full_sync', approves: false }]);
});

test('so is one that comes after the last of its rounds, and one asked of a run that is cancelled by then', async () => {
  const place = scriptedPlace();
  const sourceId = await addSource(database);
  const { sync, request, begin } = await syncing(database, ingest, place);
  let rounds = 0;
  place.onEvent = (event) => {
    rounds += 1;
    if (rounds < 20) asking = asking.then(() => request(sourceId));
    return event;
  };
  let asking: Promise<unknown> = Promise.resolve();
  await sync(sourceId);
  await asking;
  expect(await open(sourceId)).toHaveLength(1);
  await database.owner.query('DELETE FROM jobs');
  const jobId = await request(sourceId);
  await begin(jobId);
  await request(sourceId);
  await endJob(database, jobId, 'cancelled', null);
  expect(await open(sourceId)).toHaveLength(1);
});

test('whoever cancels a sync’s job cancels what was asked of it meanwhile; what is asked after that is the next run', async () => {
  const sourceId = await addSource(database);
  const { request, begin } = await syncing(database, ingest, scriptedPlace());
  const cancel = (jobId: string) =>
    writeSession(database.write, TESTER, ({ query }) => cancelJob(query, TESTER, jobId));
  const first = await request(sourceId);
  await begin(first);
  await request(sourceId, 'full_sync', true);
  await cancel(first);
  await endJob(database, first, 'cancelled', null);
  expect(await open(sourceId)).toEqual([]);
  const second = await request(sourceId);
  await begin(second);
  await request(sourceId, 'full_sync', true);
  await cancel(second);
  await request(sourceId);
  await endJob(database, second, 'cancelled', null);
  expect(await open(sourceId)).toMatchObject([{ job_type: 'incremental', approves: false }]);
});

test('who asks in the very moment in which it is cancelled by the one who asked before is given another run', async () => {
  const sourceId = await addSource(database);
  const { request } = await syncing(database, ingest, scriptedPlace());
  const anna: Actor = {
    ...{ kind: 'token', label: 'token:anna', role: 'importer' },
    credential: { kind: 'token', id: randomUUID(), userId: null, expiresAt: null },
  };
  const first = await writeSession(database.write, TESTER, async ({ query }) => {
    const source = await readSource(query, sourceId);
    return source && requestSync(query, source, { type: 'incremental', requestedBy: anna.label });
  });
  let asking: Promise<string> | undefined;
  await writeSession(database.write, anna, async ({ query }) => {
    const asked: Query = async (name, sql, params) => {
      const rows = await query<never>(name, sql, params);
      if (name === 'sync asked by') asking = request(sourceId);
      await Promise.race([asking, sleep(200)]);
      return rows;
    };
    await cancelSync(asked, anna, first ?? '');
  });
  expect(await asking).not.toBe(first);
  expect(await open(sourceId)).toHaveLength(1);
});

test('what an earlier release noted of a run that it left under way is done as well, and not lessened', async () => {
  const sourceId = await addSource(database);
  const { request, begin } = await syncing(database, ingest, scriptedPlace());
  const former = (jobId: string, again: object) =>
    database.owner.query('UPDATE jobs SET arguments = arguments || $2 WHERE job_id = $1', [
      jobId,
      JSON.stringify(again),
    ]);
  for (const isAskedSince of [false, true]) {
    const jobId = await request(sourceId);
    await begin(jobId);
    await former(jobId, { again: 'full_sync', againBy: 'user:anna@example.org', againApproves: true });
    if (isAskedSince) await request(sourceId);
    await endJob(database, jobId, 'completed', null);
    const asked = { job_type: 'full_sync', requested_by: 'user:anna@example.org', approves: true };
    expect(await open(sourceId)).toMatchObject([asked]);
    await database.owner.query('DELETE FROM jobs');
  }
});

test('a sync asked for while somebody shares its source is asked for of what the source is by then', async () => {
  const sourceId = await addSource(database, { isShared: false });
  await writeSession(database.write, TESTER, async ({ query }) => {
    const source = await readSource(query, sourceId);
    await database.owner.query('UPDATE data_sources SET is_shared = true WHERE source_id = $1', [sourceId]);
    if (source !== undefined) await requestSync(query, source, { type: 'manual', requestedBy: TESTER.label });
  });
  expect(await open(sourceId)).toMatchObject([{ is_shared: true }]);
});
