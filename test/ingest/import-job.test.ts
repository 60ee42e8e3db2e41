/** Imports that nobody waits for: a job takes them in, once, whatever becomes of the processes that run it. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import importJob from '../../src/ingest/import.job.ts';
import type { RunningJob } from '../../src/jobs/job.ts';
import { AppError } from '../../src/kernel/errors.ts';
import { ADMIN_TOKEN } from '../support/api.ts';
import { useTestDatabase } from '../support/database.ts';
import { useImportJobs } from '../support/import-jobs.ts';
import { jobOnce } from '../support/jobs.ts';

const database = await useTestDatabase();
const { api, worker, send, context: openContext } = await useImportJobs(database);
const count = async (table: string): Promise<number> =>
  (await database.owner.query(`SELECT count(*)::int AS n FROM ${table}`)).rows[0].n;
const left = (): Promise<string[]> => readdir(join(api.config.dataDir, 'uploads'));

const RECORDS = [{ employee_id: 'E-1', name: 'A' }, { employee_id: 'E-2', name: 'B' }, {}];

test('the answer names the job, whose result says what would have been answered; its file goes with it', async () => {
  const key = { 'idempotency-key': 'later' };
  const asked = await send(RECORDS, 'wait=false', key);
  expect([asked.status, asked.location]).toEqual([202, asked.body['job_url']]);
  expect(asked.body).toMatchObject({ status: 'queued', dataset: 'employees', path: 'records/employees.jsonl' });
  expect(await send(RECORDS, 'wait=false', key)).toEqual(asked);
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
  const { body } = await send('[{"employee_id"');
  expect(await jobOnce(database, body['job_id'] ?? '')).toMatchObject({
    status: 'failed',
    error: { code: 'FILE_MALFORMED' },
  });
  await running.stop(1_000);
  expect([await count('files'), await left()]).toEqual([0, []]);
});

test('a job that was cancelled while it ran is begun again with what was sent', async () => {
  const { body } = await send([{ employee_id: 'E-AGAIN', name: 'Again' }]);
  const { rows } = await database.owner.query('SELECT arguments FROM jobs WHERE job_id = $1', [body['job_id']]);
  const context = openContext();
  const cancelled = new AbortController();
  cancelled.abort('cancelled');
  const job: RunningJob = {
    ...{ id: body['job_id'] ?? '', arguments: rows[0].arguments, attempt: 1, signal: cancelled.signal },
    progress: () => undefined,
    fence: async () => undefined,
  };
  await expect(importJob.run(context, job)).rejects.toMatchObject({ code: 'INTERRUPTED' });
  await context.reads.refresh();
  const why = "SELECT error ->> 'message' AS message FROM imports WHERE import_id = $1";
  const told = await database.owner.query(why, [body['import_id']]);
  expect(told.rows).toEqual([{ message: 'The import was cancelled, or the server stopped' }]);
  const again = await importJob.run(context, { ...job, attempt: 2, signal: new AbortController().signal });
  expect(again).toMatchObject({ status: 'imported', inserted: 1 });
  expect(await count('files')).toBe(0);
  await database.owner.query('DELETE FROM jobs; DELETE FROM imports; DELETE FROM employees');
});

test('an attempt that lost its job, was cancelled or came after the commit keeps, and counts, nothing twice', async () => {
  await database.owner.query('DELETE FROM imports; DELETE FROM employees');
  const { body } = await send(RECORDS);
  const { arguments: given } = (
    await database.owner.query('SELECT arguments FROM jobs WHERE job_id = $1', [body['job_id']])
  ).rows[0];
  const context = openContext();
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

test('an import whose job ended before it began is found, failed, with why; begun again it is imported', async () => {
  await database.owner.query('DELETE FROM jobs; DELETE FROM imports; DELETE FROM employees; DELETE FROM files');
  const found = async (id: string | undefined) =>
    (await database.owner.query('SELECT path, status, error FROM imports WHERE import_id = $1', [id])).rows[0];
  const change = (what: string, id: string | undefined) =>
    api.ask(`mutation ($id: ID!) { ${what}(jobId: $id) { status } }`, { id });
  const { body: cancelled } = await send([{ employee_id: 'E-C', name: 'Cancelled' }]);
  expect((await change('cancelJob', cancelled['job_id'])).errors).toEqual([]);
  expect(await found(cancelled['import_id'])).toMatchObject({
    path: 'records/employees.jsonl',
    status: 'failed',
    error: { code: 'INTERRUPTED', message: expect.stringContaining('cancelled') },
  });
  const { body: expired } = await send([{ employee_id: 'E-X', name: 'Expired' }]);
  await database.owner.query(
    "UPDATE files SET expires_at = now() - interval '1 day' WHERE file_id::text = (SELECT arguments ->> 'fileId' FROM jobs WHERE job_id = $1)",
    [expired['job_id']],
  );
  await change('retryJob', cancelled['job_id']);
  const running = worker();
  expect(await jobOnce(database, expired['job_id'] ?? '')).toMatchObject({
    status: 'failed',
    error: { code: 'NOT_FOUND' },
  });
  expect((await jobOnce(database, cancelled['job_id'] ?? '')).status).toBe('completed');
  await running.stop(1_000);
  expect(await found(expired['import_id'])).toMatchObject({ status: 'failed', error: { code: 'NOT_FOUND' } });
  expect(await found(cancelled['import_id'])).toMatchObject({ status: 'imported', error: null });
});
