import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { ADMIN_TOKEN, rootField, useTestApi } from '../support/api.ts';
import { useTestDatabase } from '../support/database.ts';
import { openEventStream } from '../support/event-stream.ts';
import { recordQueries } from '../support/queries.ts';
import { clearSources, seedSource, seedSourceRows } from '../support/sources.ts';

const database = await useTestDatabase();
const api = await useTestApi(database);
const { owner } = database;
const recording = recordQueries(database.read, database.write);
afterAll(recording.stop);
beforeEach(() => clearSources(owner));

const editor = await api.tokenFor('editor');
const viewer = await api.tokenFor('viewer');
const other = await api.tokenFor('editor');

const CREATE = `mutation ($input: CreateDataSourceInput!) {
  createDataSource(input: $input) { sourceId connectionStatus version nextRunAt error { code } schedules { nodes { name intervalSeconds } } } }`;

interface Created {
  readonly sourceId: string;
  readonly connectionStatus: string;
  readonly version: number;
  readonly nextRunAt: string | null;
  readonly error: { readonly code: string } | null;
  readonly schedules: { readonly nodes: readonly unknown[] };
}

async function create(token: string, input: object = {}): Promise<Created> {
  await mkdir(join(api.root, 'data'), { recursive: true });
  await writeFile(join(api.root, 'data', 'note.md'), '# Note\n');
  const whole = { name: 'Research', sourceType: 'folder', config: { path: join(api.root, 'data') }, ...input };
  return rootField(await api.ask(CREATE, { input: whole }, token), 'createDataSource');
}

test('a source is added and reached, seen by its owner alone until it is shared, and changed by them alone', async () => {
  const made = await create(editor, { syncFrequency: '5 minutes' });
  expect(made).toMatchObject({ connectionStatus: 'CONNECTED', error: null, version: 1 });
  expect(made.schedules.nodes).toEqual([{ name: 'Sync of Research', intervalSeconds: 300 }]);
  expect(made.nextRunAt).not.toBeNull();
  const list =
    '{ dataSources { totalCount nodes { name itemsByStatus { key count } latestJob { status } lagSeconds } } }';
  expect(rootField(await api.ask(list, {}, editor), 'dataSources')).toMatchObject({ totalCount: 1 });
  expect(rootField(await api.ask(list, {}, other), 'dataSources')).toMatchObject({ totalCount: 0 });
  const share = 'mutation ($id: ID!) { shareDataSource(sourceId: $id) { isShared version } }';
  expect((await api.ask(share, { id: made.sourceId }, other)).errors[0]?.extensions['code']).toBe('NOT_FOUND');
  expect(rootField(await api.ask(share, { id: made.sourceId }, editor), 'shareDataSource')).toEqual({
    isShared: true,
    version: 2,
  });
  expect(rootField(await api.ask(list, {}, viewer), 'dataSources')).toMatchObject({ totalCount: 1 });
  expect((await api.ask(share, { id: made.sourceId }, other)).errors[0]?.extensions['code']).toBe('FORBIDDEN');
  expect((await api.ask(share, { id: made.sourceId }, viewer)).errors[0]?.extensions['code']).toBe('FORBIDDEN');
  const stale = 'mutation ($id: ID!) { updateDataSource(sourceId: $id, patch: { name: "x" }, ifVersion: 1) { name } }';
  expect((await api.ask(stale, { id: made.sourceId })).errors[0]?.extensions['code']).toBe('CONFLICT');
  const unshare = 'mutation ($id: ID!) { unshareDataSource(sourceId: $id) { isShared } }';
  // The administrator's rows are others: what they put out of sight is out of theirs, too.
  expect(rootField(await api.ask(unshare, { id: made.sourceId }), 'unshareDataSource')).toBeNull();
  expect(rootField(await api.ask(list, {}, viewer), 'dataSources')).toMatchObject({ totalCount: 0 });
});

test('the syncs of a private source are jobs that its owner alone sees; those of a shared one an admin too', async () => {
  const { sourceId } = await create(editor);
  const start = 'mutation ($id: ID!) { startSync(sourceId: $id) { syncJobId } }';
  await api.ask(start, { id: sourceId }, editor);
  const seen = async () =>
    rootField<{ totalCount: number }>(
      await api.ask('{ jobs(where: { kind: { equals: "sync" } }) { totalCount } }'),
      'jobs',
    );
  expect((await seen()).totalCount).toBe(0);
  await api.ask('mutation ($id: ID!) { shareDataSource(sourceId: $id) { isShared } }', { id: sourceId }, editor);
  expect((await seen()).totalCount).toBe(1);
  await api.ask('mutation ($id: ID!) { unshareDataSource(sourceId: $id) { isShared } }', { id: sourceId }, editor);
  expect((await seen()).totalCount).toBe(0);
});

test('whoever follows a shared source’s sync hears no more of it once it is private', async () => {
  const { sourceId } = await create(editor, { isShared: true });
  const change = (word: string) =>
    api.ask(`mutation ($id: ID!) { ${word}(sourceId: $id) { isShared } }`, { id: sourceId }, editor);
  const begun = await api.ask(
    'mutation ($id: ID!) { startSync(sourceId: $id) { syncJobId } }',
    { id: sourceId },
    editor,
  );
  const id = rootField<{ syncJobId: string }>(begun, 'startSync').syncJobId;
  const follow = (token: string, query: string, followed: string) =>
    openEventStream(api.url, { authorization: `Bearer ${token}` }, `subscription ($id: ID!) { ${query} }`, {
      id: followed,
    });
  const streams = [
    await follow(ADMIN_TOKEN, 'jobProgress(jobId: $id) { status arguments }', id),
    await follow(viewer, 'syncProgress(sourceId: $id) { status itemsFound }', sourceId),
  ];
  for (const stream of streams) expect(await stream.next()).toMatchObject({ status: 'QUEUED' });
  await change('unshareDataSource');
  // What it does from now on is told to nobody but its owner.
  await owner.query("UPDATE jobs SET progress_done = 5, progress_note = 'private.md' WHERE job_id = $1", [id]);
  await owner.query('UPDATE sync_jobs SET items_found = 5 WHERE sync_job_id = $1', [id]);
  await owner.query("SELECT pg_notify('job_progress', $1)", [id]);
  for (const stream of streams) {
    expect((await stream.nextAnswer())?.errors?.[0]?.extensions['code']).toBe('NOT_FOUND');
    expect(await stream.next()).toBeUndefined();
  }
});

test('what cannot be reached is kept and says why; what cannot be is refused whole', async () => {
  expect(await create(editor, { config: { path: '/etc' } })).toMatchObject({
    connectionStatus: 'ERROR',
    error: expect.any(Object),
  });
  const refusals = [
    [{ name: 'research' }, 'CONFLICT'],
    [{ name: 'b', sourceType: 'floppy' }, 'BAD_USER_INPUT'],
    [{ name: 'c', config: { folder: '/x' } }, 'BAD_USER_INPUT'],
    [{ name: 'd', syncFrequency: 'now and then' }, 'BAD_USER_INPUT'],
    [{ name: 'e', rules: [{ pattern: '**/*.csv', dataset: 'nothing' }] }, 'BAD_USER_INPUT'],
    [{ name: 'f', keys: { password: 'hunter2' } }, 'BAD_USER_INPUT'],
    [{ name: ' ', deleteGuard: 200 }, 'BAD_USER_INPUT'],
  ] as const;
  for (const [input, code] of refusals) {
    const whole: object = { sourceType: 'folder', config: { path: api.root }, ...input };
    expect((await api.ask(CREATE, { input: whole }, editor)).errors[0]?.extensions['code'], JSON.stringify(input)).toBe(
      code,
    );
  }
  expect((await owner.query('SELECT count(*)::int AS n FROM data_sources')).rows).toEqual([{ n: 1 }]);
  expect(api.logged()).not.toContain('hunter2');
});

test('keys that their place has not taken are not kept, and it says so', async () => {
  const config = { bucket: 'b', endpoint: 'http://127.0.0.1:1', forcePathStyle: true };
  const input = { name: 'Unreached', sourceType: 's3', config, keys: { accessKeyId: 'a', secretAccessKey: 'hunter3' } };
  const { sourceId } = rootField<{ sourceId: string }>(await api.ask(CREATE, { input }, editor), 'createDataSource');
  const { rows } = await owner.query('SELECT error FROM data_sources WHERE source_id = $1', [sourceId]);
  expect(rows[0].error.hint).toContain('Its keys were not kept');
  expect(api.logged()).not.toContain('hunter3');
  await owner.query('DELETE FROM data_sources WHERE source_id = $1', [sourceId]);
});

test('settings that are missing or unknown are called so', async () => {
  const whole = { name: 'worded', sourceType: 'folder', config: { folder: '/x' } };
  const [error] = (await api.ask(CREATE, { input: whole }, editor)).errors;
  const faults = [
    { path: 'config.path', code: 'MISSING', message: 'is missing' },
    { path: 'config.folder', code: 'INVALID_VALUE', message: 'is not known' },
  ];
  expect(error?.extensions['faults']).toEqual(expect.arrayContaining(faults));
});

test('a sync is asked for once, cancelled by who may, and its source deleted with what it had', async () => {
  const { sourceId } = await create(editor, { isShared: true });
  const start =
    'mutation ($id: ID!) { startSync(sourceId: $id, input: { type: FULL_SYNC, priority: 2 }) { syncJobId status requestedBy source { name } } }';
  const first = rootField<{ syncJobId: string; status: string }>(
    await api.ask(start, { id: sourceId }, editor),
    'startSync',
  );
  expect(first).toMatchObject({ status: 'QUEUED', source: { name: 'Research' } });
  expect(rootField(await api.ask(start, { id: sourceId }, other), 'startSync')).toMatchObject({
    syncJobId: first.syncJobId,
  });
  expect((await api.ask(start, { id: sourceId }, viewer)).errors[0]?.extensions['code']).toBe('FORBIDDEN');
  const cancel = 'mutation ($id: ID!) { cancelSync(syncJobId: $id) { status } }';
  expect((await api.ask(cancel, { id: first.syncJobId }, other)).errors[0]?.extensions['code']).toBe('FORBIDDEN');
  expect(rootField(await api.ask(cancel, { id: first.syncJobId }, editor), 'cancelSync')).toEqual({
    status: 'CANCELLED',
  });
  await seedSourceRows(owner, sourceId, 3);
  const retry = 'mutation ($id: ID!) { retryItems(sourceId: $id) { retried syncJob { status } } }';
  expect(rootField(await api.ask(retry, { id: sourceId }, editor), 'retryItems')).toEqual({
    retried: 3,
    syncJob: { status: 'QUEUED' },
  });
  expect(rootField(await api.ask(retry, { id: sourceId }, editor), 'retryItems')).toEqual({
    retried: 0,
    syncJob: null,
  });
  const remove = 'mutation ($id: ID!) { deleteDataSource(sourceId: $id) { name documents items rowsKept } }';
  expect(rootField(await api.ask(remove, { id: sourceId }, editor), 'deleteDataSource')).toEqual({
    name: 'Research',
    documents: 3,
    items: 3,
    rowsKept: 0,
  });
  expect((await owner.query("SELECT status FROM jobs WHERE kind = 'sync'")).rows).toEqual([
    { status: 'cancelled' },
    { status: 'cancelled' },
  ]);
  expect(
    (
      await owner.query(
        "SELECT count(*)::int AS n FROM change_log WHERE table_name = 'documents' AND operation = 'delete'",
      )
    ).rows,
  ).toEqual([{ n: 3 }]);
});

test('who alone asked for a sync cancels it; what others asked for too only its source’s owner or an admin does', async () => {
  const { sourceId } = await create(editor, { isShared: true });
  const start = async (token: string): Promise<string> => {
    const started = await api.ask(
      'mutation ($id: ID!) { startSync(sourceId: $id) { syncJobId } }',
      { id: sourceId },
      token,
    );
    return rootField<{ syncJobId: string }>(started, 'startSync').syncJobId;
  };
  const cancel = (id: string, token: string) =>
    api.ask('mutation ($id: ID!) { cancelSync(syncJobId: $id) { status } }', { id }, token);
  const own = await start(other);
  expect(await start(other)).toBe(own);
  expect(rootField(await cancel(own, other), 'cancelSync')).toEqual({ status: 'CANCELLED' });
  const shared = await start(other);
  const third = await api.tokenFor('importer');
  expect(await start(third)).toBe(shared);
  const [refused] = (await cancel(shared, other)).errors;
  expect(refused).toMatchObject({ message: expect.stringMatching(/also for token:.*, who asked for it too/) });
  expect(refused?.extensions['code']).toBe('FORBIDDEN');
  expect(rootField(await cancel(shared, editor), 'cancelSync')).toEqual({ status: 'CANCELLED' });
});

const PAGES = [
  'dataSources { nodes { name connector { name } itemsByStatus { key count } errorsByKind { key count } latestJob { status errorsByKind { count } touchedItems(first: 2) { name } } nextRunAt lagSeconds jobs(first: 3) { totalCount nodes { status } } schedules { nodes { name runs(first: 1) { nodes { status } } } } documents(first: 2) { nodes { title } } } }',
  'syncJobs { nodes { status source { name } error { code } touchedItems(first: 1) { name } } }',
  'syncItems { nodes { name error { code } source { name } document { title } import { status } } }',
  'schedules { nodes { name source { name } runs(first: 1) { nodes { status error { code } } } } }',
  'scheduleRuns { nodes { status schedule { name } source { name } } }',
];

test('a page of 3 and a page of 30 run the same number of statements', async () => {
  const sources = await Promise.all(Array.from({ length: 31 }, () => seedSource(owner)));
  await seedSourceRows(owner, sources, 1);
  for (const page of PAGES) {
    const counts: number[] = [];
    for (const first of [3, 30]) {
      recording.clear();
      const answer = await api.ask(`{ ${page.replace(' {', `(first: ${first}) {`)} }`);
      expect(answer.errors, page).toEqual([]);
      const [list] = Object.values(answer.data ?? {});
      expect((list as { nodes: unknown[] }).nodes, page).toHaveLength(first);
      counts.push(recording.statements().length);
    }
    expect(counts[1], page).toBe(counts[0]);
  }
});
