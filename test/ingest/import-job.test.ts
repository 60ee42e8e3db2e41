/** Imports that nobody waits for: a job takes them in, once, whatever becomes of the processes that run it. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createContext } from '../../src/graphql/context.ts';
import importJob from '../../src/ingest/import.job.ts';
import type { RunningJob } from '../../src/jobs/job.ts';
import { openPgBoss } from '../../src/jobs/pg-boss-carrier.ts';
import { startWorker } from '../../src/jobs/worker.ts';
import { AppError } from '../../src/kernel/errors.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { openServices } from '../../src/server/services.ts';
import { ADMIN_TOKEN, useTestApi } from '../support/api.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { jobOnce, QUICK } from '../support/jobs.ts';

const database = await useTestDatabase();
const api = await useTestApi(database);
const log = silentLog();
const { notices, fillContext, close } = openServices({ ...api, database, log });
afterAll(() => close());

const worker = () =>
  startWorker({
    ...{ database, log, notices, fillContext, timing: QUICK },
    loadJobs: async () => [importJob],
    openCarrier: () => openPgBoss(database.write, log),
  });

const post = async (records: readonly object[], headers: Record<string, string> = {}) => {
  const response = await fetch(`${api.url}/api/v1/data/ingest/employees?wait=false`, {
    method: 'POST',
    body: JSON.stringify(records),
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json', ...headers },
  });
  const body: Record<string, string> = JSON.parse(await response.text());
  return { status: response.status, location: response.headers.get('location'), body };
};
const count = async (table: string): Promise<number> =>
  (await database.owner.query(`SELECT count(*)::int AS n FROM ${table}`)).rows[0].n;
const left = (): Promise<string[]> => readdir(join(api.config.dataDir, 'uploads'));

const RECORDS = [{ employee_id: 'E-1', name: 'A' }, { employee_id: 'E-2', name: 'B' }, {}];

test('the answer names the job, whose result says what would have been answered; its file goes with it', async () => {
  const key = { 'idempotency-key': 'later' };
  const asked = await post(RECORDS, key);
  expect([asked.status, asked.location]).toEqual([202, asked.body['job_url']]);
  expect(asked.body).toMatchObject({ status: 'queued', dataset: 'employees', path: 'records/employees.jsonl' });
  expect(await post(RECORDS, key)).toEqual(asked);
  // It waits: who follows it is not told that there is none.
  const follow = await fetch(`${api.url}/graphql`, {
    method: 'POST',
    body: JSON.stringify({
      query: `subscription { importProgress(importId: "${asked.body['import_id']}") { status } }`,
    }),
    headers: {
      authorization: `Bearer ${ADMIN_TOKEN}`,
      'content-type': 'application/json',
      accept: 'text/event-stream',
    },
  });
  const running = worker();
  const { status, result } = await jobOnce(database, asked.body['job_id'] ?? '');
  expect([status, result]).toMatchObject([
    'completed',
    { import_id: asked.body['import_id'], read: 3, inserted: 2, rejected: 1, rejects: [{ line: 3 }] },
  ]);
  expect(await follow.text()).toContain('IMPORTED');
  await running.stop(1_000);
  expect([await count('imports'), await count('files'), await left()]).toEqual([1, 0, []]);
});

test('a body that cannot be read fails its job, and leaves no file', async () => {
  const running = worker();
  const response = await fetch(`${api.url}/api/v1/data/ingest/employees?wait=false`, {
    method: 'POST',
    body: '[{"employee_id"',
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
  });
  const { job_id: jobId } = JSON.parse(await response.text());
  expect(await jobOnce(database, jobId)).toMatchObject({ status: 'failed', error: { code: 'FILE_MALFORMED' } });
  await running.stop(1_000);
  expect([await count('files'), await left()]).toEqual([0, []]);
});

test('a job that was cancelled while it ran is begun again with what was sent', async () => {
  const { body } = await post([{ employee_id: 'E-AGAIN', name: 'Again' }]);
  const { rows } = await database.owner.query('SELECT arguments FROM jobs WHERE job_id = $1', [body['job_id']]);
  const context = createContext({ actor: TESTER, requestId: 'r', log, database });
  fillContext(context);
  const cancelled = new AbortController();
  cancelled.abort('cancelled');
  const job: RunningJob = {
    ...{ id: body['job_id'] ?? '', arguments: rows[0].arguments, attempt: 1, signal: cancelled.signal },
    progress: () => undefined,
    fence: async () => undefined,
  };
  await expect(importJob.run(context, job)).rejects.toMatchObject({ code: 'INTERRUPTED' });
  await context.reads.refresh();
  const again = await importJob.run(context, { ...job, attempt: 2, signal: new AbortController().signal });
  expect(again).toMatchObject({ status: 'imported', inserted: 1 });
  expect(await count('files')).toBe(0);
  await database.owner.query('DELETE FROM jobs; DELETE FROM imports; DELETE FROM employees');
});

test('an attempt that lost its job, was cancelled or came after the commit keeps, and counts, nothing twice', async () => {
  await database.owner.query('DELETE FROM imports; DELETE FROM employees');
  const { body } = await post(RECORDS);
  const { arguments: given } = (
    await database.owner.query('SELECT arguments FROM jobs WHERE job_id = $1', [body['job_id']])
  ).rows[0];
  const context = createContext({ actor: TESTER, requestId: 'r', log, database });
  fillContext(context);
  const held: RunningJob = {
    id: body['job_id'] ?? '',
    arguments: given,
    attempt: 1,
    signal: new AbortController().signal,
    progress: () => undefined,
    fence: async () => undefined,
  };
  const lost = { ...held, fence: () => Promise.reject(new AppError('INTERRUPTED', 'Held by another')) };
  await expect(importJob.run(context, lost)).rejects.toThrow();
  expect([await count('employees'), await count('files')]).toEqual([0, 1]);
  const cancelled = new AbortController();
  cancelled.abort();
  await expect(importJob.run(context, { ...held, signal: cancelled.signal })).rejects.toMatchObject({
    code: 'INTERRUPTED',
  });
  expect(await count('employees')).toBe(0);
  const done = await importJob.run(context, held);
  expect(done).toMatchObject({ inserted: 2, rejected: 1 });
  expect(await importJob.run(context, held)).toMatchObject({ inserted: 2, rejected: 1, results: null });
  expect([await count('imports'), await count('files')]).toEqual([1, 0]);
});
