/** What GraphQL imports without waiting: jobs, which no restart loses and everybody sees. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { readSession } from '../../src/database/session.ts';
import { filesSlot } from '../../src/files/files.ts';
import { createContext } from '../../src/graphql/context.ts';
import importFolderJob from '../../src/ingest/import-folder.job.ts';
import { importOneLater } from '../../src/ingest/importing.ts';
import type { JobData, RunningJob } from '../../src/jobs/job.ts';
import { listJobs } from '../../src/jobs/list-jobs.ts';
import { AppError } from '../../src/kernel/errors.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { openServices } from '../../src/server/services.ts';
import { startJobs } from '../../src/server/start-jobs.ts';
import { ADMIN_TOKEN, rootField, useTestApi } from '../support/api.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';

const database = await useTestDatabase();
const api = await useTestApi(database);
const log = silentLog();
const services = openServices({ ...api, database, log });
afterAll(() => services.close());

beforeEach(async () => {
  await database.owner.query('DELETE FROM jobs; DELETE FROM imports; DELETE FROM channels; DELETE FROM files');
  await rm(join(api.root, 'channels.csv'), { force: true });
});

const FILES = ['a', 'b', 'c'].map((name) => `${name}/channels.csv`);
const write = async (path: string, text = `channel_id,name\n${path},One\n`): Promise<void> => {
  await mkdir(dirname(join(api.root, path)), { recursive: true });
  await writeFile(join(api.root, path), text);
};

interface Started {
  readonly importId: string;
  readonly status: string;
  readonly path: string;
  readonly jobId: string;
}

async function startFolder(): Promise<readonly Started[]> {
  for (const path of FILES) await write(path);
  const query = `mutation { importFolder(input: { path: ".", dataset: "channels", wait: false }) {
    totals { files read } imports { nodes { importId status path jobId } } } }`;
  return rootField<{ imports: { nodes: Started[] } }>(await api.ask(query), 'importFolder').imports.nodes;
}

const jobs = async () =>
  rootField<{ nodes: { jobId: string; kind: string; status: string; arguments: object }[] }>(
    await api.ask('{ jobs { nodes { jobId kind status arguments error { message } } } }'),
    'jobs',
  ).nodes;

/** As the command line lists them. */
const listed = async () =>
  (await readSession(database.read, TESTER, (query) => listJobs(query, 'hub', false))).map(({ status }) => status);

/** What the job is told that only notes what another left undone. */
const telling = async (): Promise<JobData> =>
  (await database.owner.query("SELECT arguments FROM jobs WHERE status = 'queued'")).rows[0].arguments;

/** One attempt of the only job. */
async function attempt(more: Partial<RunningJob> = {}) {
  const { rows } = await database.owner.query(
    `UPDATE jobs SET started_at = now() WHERE id = (SELECT min(id) FROM jobs) RETURNING job_id, arguments`,
  );
  const context = createContext({ actor: TESTER, requestId: 'r', log, database });
  services.fillContext(context);
  const held = { id: rows[0].job_id, arguments: rows[0].arguments, attempt: 1, signal: new AbortController().signal };
  return importFolderJob.run(context, { ...held, progress: () => undefined, fence: async () => undefined, ...more });
}

const lines = async () =>
  (
    await database.owner.query(
      `SELECT import_id, path, status, error ->> 'code' AS code FROM imports ORDER BY import_id`,
    )
  ).rows;

test('one file is a job, which the answer names', async () => {
  await write('channels.csv');
  const ask = `mutation { importFile(input: { path: "channels.csv", wait: false }) { importId status path dataset read jobId } }`;
  const started = rootField<Started>(await api.ask(ask), 'importFile');
  expect(started).toMatchObject({ status: 'RUNNING', path: 'channels.csv', dataset: 'channels', read: 0 });
  const { importId, jobId } = started;
  expect(await jobs()).toMatchObject([
    { jobId, kind: 'import', status: 'QUEUED', arguments: { importId, dataset: 'channels' } },
  ]);
});

test('a file that is written to while it is copied for its job is not taken in as half of each', async () => {
  await write('channels.csv');
  const context = createContext({ actor: TESTER, requestId: 'r', log, database });
  services.fillContext(context);
  const files = filesSlot.get(context);
  const put: typeof files.store.put = async (bytes, options) => {
    const blob = await files.store.put(bytes, options);
    await write('channels.csv', 'channel_id,name\nother,Two\nmore,Three\n');
    return blob;
  };
  filesSlot.set(context, { ...files, store: { ...files.store, put } });
  const asked = { file: join(api.root, 'channels.csv'), path: 'channels.csv', release: async () => undefined };
  const later = importOneLater(context, asked, undefined, [], { fieldNodes: [], fragments: {} });
  await expect(later).rejects.toMatchObject({ code: 'FILE_CHANGED' });
  expect(await jobs()).toEqual([]);
});

test('a folder is one job, whose imports have the ids and the order that were answered', async () => {
  const started = await startFolder();
  expect(started.map(({ status, path }) => [status, path])).toEqual(FILES.map((path) => ['RUNNING', path]));
  expect(await jobs()).toMatchObject([{ kind: 'import-folder', status: 'QUEUED', arguments: { root: '.', files: 3 } }]);
  expect(JSON.stringify(await jobs())).not.toContain(api.root);
  expect(await attempt()).toMatchObject({ totals: { files: 3, read: 3, inserted: 3 } });
  expect(await lines()).toEqual(
    started.map(({ importId, path }) => ({ import_id: importId, path, status: 'imported', code: null })),
  );
  expect((await database.owner.query('SELECT FROM files')).rowCount).toBe(0);
});

test('sent twice at once under one key it is one job, and both are answered the same imports', async () => {
  for (const path of FILES) await write(path);
  const query = `mutation { importFolder(input: { path: ".", dataset: "channels", wait: false }) { imports { nodes { importId path } } } }`;
  const send = async (): Promise<string> => {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      body: JSON.stringify({ query }),
      headers: {
        authorization: `Bearer ${ADMIN_TOKEN}`,
        'content-type': 'application/json',
        'idempotency-key': 'a-folder',
      },
    });
    return response.text();
  };
  const [first, ...others] = await Promise.all([send(), send(), send()]);
  expect(others).toEqual([first, first]);
  expect(await jobs()).toHaveLength(1);
  expect(await attempt()).toMatchObject({ totals: { files: 3, inserted: 3 } });
  expect((await lines()).map(({ import_id }) => first?.includes(import_id))).toEqual([true, true, true]);
});

test('an attempt that was cut is gone on with: what it took in is not taken in again, what changed since comes as it is', async () => {
  const started = await startFolder();
  // Too large for the group of the others.
  await write(FILES[0] ?? '', `channel_id,name\n${'a,One\n'.repeat(12_000)}`);
  let commits = 0;
  const cut = async (): Promise<void> => {
    commits += 1;
    if (commits > 1) throw new AppError('INTERRUPTED', 'Another process has taken this job over');
  };
  await expect(attempt({ fence: cut })).rejects.toMatchObject({ code: 'INTERRUPTED' });
  expect((await lines()).map(({ status, code }) => [status, code])).toEqual([
    ['imported', null],
    ['failed', 'INTERRUPTED'],
    ['failed', 'INTERRUPTED'],
  ]);
  await write(FILES[1] ?? '', 'channel_id,name\nb,Later\nb2,Too\n');
  expect(await attempt({ attempt: 2 })).toMatchObject({ totals: { files: 3, inserted: 4, read: 12_003 } });
  expect((await lines()).map(({ import_id, status }) => [import_id, status])).toEqual(
    started.map(({ importId }) => [importId, 'imported']),
  );
});

test('a file that failed for a reason of its own keeps it, whatever the job fails of then', async () => {
  await startFolder();
  await write(FILES[0] ?? '', '');
  const broken = (): Promise<never> => Promise.reject(new AppError('CONFIG_INVALID', 'The job cannot go on'));
  const failing = attempt({
    progress: (done) => {
      if (done > 0) throw new AppError('CONFIG_INVALID', 'The job cannot go on');
    },
    fence: broken,
  });
  await expect(failing).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  expect((await lines()).map(({ status, code }) => [status, code])).toEqual([
    ['failed', 'FILE_EMPTY'],
    ['failed', 'CONFIG_INVALID'],
    ['failed', 'CONFIG_INVALID'],
  ]);
});

test('a file that is gone when its turn comes, and a folder that is, leave failed imports', async () => {
  const started = await startFolder();
  await rm(join(api.root, FILES[1] ?? ''));
  const arguments_ = (await database.owner.query('SELECT arguments FROM jobs')).rows[0].arguments;
  const elsewhere = { ...arguments_, root: 'absent' };
  const lost = attempt({ arguments: elsewhere });
  await expect(lost).rejects.toMatchObject({ code: 'FILE_MISSING', message: expect.not.stringContaining(api.root) });
  expect((await lines()).map(({ import_id, code }) => [import_id, code])).toEqual(
    started.map(({ importId }) => [importId, 'FILE_MISSING']),
  );
  await attempt();
  expect((await lines()).map(({ status, code }) => [status, code])).toEqual([
    ['imported', null],
    ['failed', 'FILE_MISSING'],
    ['imported', null],
  ]);
});

test('tried again it takes in what failed before, of the job or of a file, and tells what fails then', async () => {
  await startFolder();
  await write(FILES[0] ?? '', '');
  const refused = (code: 'FORBIDDEN' | 'PATH_NOT_ALLOWED') =>
    attempt({
      progress: (done) => {
        if (done > 0) throw new AppError(code, 'Not any more');
      },
    });
  await expect(refused('FORBIDDEN')).rejects.toMatchObject({ code: 'FORBIDDEN' });
  expect((await lines()).map(({ status, code }) => [status, code])).toEqual([
    ['failed', 'FILE_EMPTY'],
    ['failed', 'FORBIDDEN'],
    ['failed', 'FORBIDDEN'],
  ]);
  await write(FILES[0] ?? '');
  await rm(join(api.root, FILES[1] ?? ''));
  expect(await attempt({ attempt: 2 })).toMatchObject({ totals: { files: 2, read: 2, inserted: 2 } });
  expect((await lines()).map(({ status, code }) => [status, code])).toEqual([
    ['imported', null],
    ['failed', 'FILE_MISSING'],
    ['imported', null],
  ]);
});

test('a job that is cancelled while it waits imports nothing, and its imports tell why; tried again it imports all', async () => {
  const started = await startFolder();
  const jobId = { id: started[0]?.jobId };
  await api.ask('mutation ($id: ID!) { cancelJob(jobId: $id) { status } }', jobId);
  // Nobody asked for what only notes that.
  expect(await jobs()).toMatchObject([{ jobId: jobId.id, status: 'CANCELLED' }]);
  expect(await listed()).toEqual(['cancelled']);
  await attempt({ arguments: await telling() });
  expect(await lines()).toEqual(
    started.map(({ importId, path }) => ({ import_id: importId, path, status: 'failed', code: 'INTERRUPTED' })),
  );
  const found = await api.ask(`{ import(importId: "${started[0]?.importId}") { status error { message } } }`);
  expect(found.data).toMatchObject({
    import: { status: 'FAILED', error: { message: expect.stringContaining('cancelled') } },
  });
  const retry = () => api.ask('mutation ($id: ID!) { retryJob(jobId: $id) { status } }', jobId);
  await database.owner.query(
    "UPDATE jobs SET status = 'running', lease_until = now() + interval '1 minute' WHERE status = 'queued'",
  );
  expect((await retry()).errors).toMatchObject([{ message: expect.stringContaining('just being noted') }]);
  await database.owner.query("UPDATE jobs SET status = 'queued', lease_until = NULL WHERE status = 'running'");
  expect(rootField(await retry(), 'retryJob')).toEqual({ status: 'QUEUED' });
  expect(await listed()).toEqual(['queued']);
  expect(await attempt()).toMatchObject({ totals: { files: 3, inserted: 3 } });
  expect((await lines()).map(({ status }) => status)).toEqual(['imported', 'imported', 'imported']);
});

test('what could not even be noted of a job is in the lists, for somebody to look into it', async () => {
  const [started] = await startFolder();
  await api.ask('mutation ($id: ID!) { cancelJob(jobId: $id) { status } }', { id: started?.jobId });
  await database.owner.query(
    "UPDATE jobs SET status = 'failed', error = '{}', finished_at = now() WHERE status = 'queued'",
  );
  expect((await jobs()).map(({ status }) => status)).toEqual(['FAILED', 'CANCELLED']);
  expect(await listed()).toEqual(['failed', 'cancelled']);
});

test('of a requester who was locked out before the job began the imports tell so; let in again they come in', async () => {
  for (const path of FILES) await write(path);
  const query =
    'mutation { importFolder(input: { path: ".", dataset: "channels", wait: false }) { totals { files } } }';
  const token = await api.tokenFor('importer');
  rootField(await api.ask(query, {}, token), 'importFolder');
  await database.owner.query('UPDATE tokens SET revoked_at = now()');
  const worker = startJobs({ database, log, services, jobs: [importFolderJob] });
  await expect
    .poll(async () => (await database.owner.query('SELECT status FROM jobs ORDER BY id')).rows, { timeout: 20_000 })
    .toEqual([{ status: 'failed' }, { status: 'completed' }]);
  expect((await lines()).map(({ path, status, code }) => [path, status, code])).toEqual(
    FILES.map((path) => [path, 'failed', 'FORBIDDEN']),
  );
  // Of the two jobs it is the one that imports which their lines name, and which is begun again.
  await database.owner.query('UPDATE tokens SET revoked_at = NULL');
  const { rows } = await database.owner.query("SELECT job_id FROM jobs WHERE status = 'failed'");
  const [{ import_id: importId }] = await lines();
  const named = rootField(await api.ask(`{ import(importId: "${importId}") { jobId } }`, {}, token), 'import');
  expect(named).toEqual({ jobId: rows[0].job_id });
  rootField(
    await api.ask('mutation ($id: ID!) { retryJob(jobId: $id) { status } }', { id: rows[0].job_id }),
    'retryJob',
  );
  await expect
    .poll(async () => (await lines()).map(({ status }) => status), { timeout: 20_000 })
    .toEqual(['imported', 'imported', 'imported']);
  await worker.stop(1_000);
});
