/** Files imported over REST: uploaded, or named by a path inside the import roots. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { ADMIN_TOKEN, useTestApi } from '../../support/api.ts';
import { useTestDatabase } from '../../support/database.ts';
import { emptyTables } from '../../support/import-folder.ts';

const database = await useTestDatabase();
const api = await useTestApi(database);
const CHANNELS = 'channel_id,name\nU-1,One\nU-2,\n';
beforeEach(async () => {
  await emptyTables(database.owner);
  await database.owner.query('DELETE FROM idempotency_keys');
  await writeFile(join(api.root, 'channels.csv'), CHANNELS);
});

async function post(body: FormData | object | string, headers: Record<string, string> = {}) {
  const isForm = body instanceof FormData;
  const response = await fetch(`${api.url}/api/v1/imports`, {
    method: 'POST',
    body: isForm || typeof body === 'string' ? body : JSON.stringify(body),
    headers: {
      authorization: `Bearer ${ADMIN_TOKEN}`,
      ...(!isForm && { 'content-type': 'application/json' }),
      ...headers,
    },
  });
  const answer: Record<string, unknown> = JSON.parse(await response.text());
  return { status: response.status, answer };
}

function form(name: string, fields: Readonly<Record<string, string>> = {}, field = 'file'): FormData {
  const made = new FormData();
  for (const [key, value] of Object.entries(fields)) made.set(key, value);
  made.set(field, new File([CHANNELS], name));
  return made;
}

function twice(made: FormData): FormData {
  made.append('dataset', 'employees');
  return made;
}

const uploads = (): Promise<string[]> => readdir(join(api.config.dataDir, 'uploads'));
const count = async (table: string): Promise<number> =>
  (await database.owner.query(`SELECT count(*)::int AS n FROM ${table}`)).rows[0].n;

test('an upload and a path are imported alike; the same bytes again are unchanged', async () => {
  const { status, answer } = await post(form('channels.csv'));
  expect([status, answer]).toMatchObject([
    200,
    { path: 'channels.csv', dataset: 'channels', inserted: 1, rejected: 1 },
  ]);
  expect(answer['results']).toMatchObject([
    { key: 'U-1', result: 'inserted' },
    { line: 3, result: 'rejected' },
  ]);
  expect((await post({ path: 'channels.csv' })).answer).toMatchObject({ status: 'unchanged', read: 0, results: null });
  expect(await uploads()).toEqual([]);
});

test('the dataset may be named, the import tried, and not waited for', async () => {
  const named = await post(form('anything.csv', { dataset: 'channels', dry_run: 'true' }));
  expect(named.answer).toMatchObject({ dry_run: true, inserted: 1 });
  expect(await count('imports')).toBe(0);
  for (const body of [form('channels.csv', { wait: 'false' }), { path: 'channels.csv', wait: false }])
    expect(await post(body)).toMatchObject({ status: 202, answer: { status: 'queued', path: 'channels.csv' } });
  expect([await count('files'), await uploads()]).toEqual([2, []]);
});

test('under one key it is imported once', async () => {
  const key = { 'idempotency-key': 'once' };
  // No file of another test: what waits for a worker under the same path would go first.
  const once = () => post(form('once.csv', { dataset: 'channels' }), key);
  const first = await once();
  expect(first.status).toBe(200);
  expect(await once()).toEqual(first);
  expect((await post(form('other.csv', { dataset: 'channels' }), key)).status).toBe(409);
  expect(await count('imports')).toBe(1);
});

const refused = [
  { what: 'a form without a file', status: 400, body: form('channels.csv', {}, 'fill') },
  { what: 'a form with a field that there is not', status: 400, body: form('channels.csv', { dryRun: 'true' }) },
  { what: 'a form with a field twice', status: 400, body: twice(form('channels.csv', { dataset: 'channels' })) },
  { what: 'a dry run that is neither', status: 400, body: form('channels.csv', { dry_run: 'yes' }) },
  { what: 'a form with a file and a path', status: 400, body: form('channels.csv', { path: 'channels.csv' }) },
  { what: 'a name that no dataset takes', status: 400, body: form('nothing.csv') },
  { what: 'a path outside the roots', status: 403, body: { path: '/etc/passwd' } },
  { what: 'a path that is not there', status: 404, body: { path: 'nowhere.csv' } },
  { what: 'no path', status: 400, body: {} },
  { what: 'a list', status: 400, body: [] },
  { what: 'JSON that ends early', status: 400, body: '{"path": "chan' },
  {
    what: 'a form that ends early',
    status: 400,
    body: '--x\r\nContent-Disposition: form-data; name="file"; filename="channels.csv"\r\n\r\nchan',
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
  },
];

test.each(refused)('$what: $status, and nothing is kept', async ({ status, body, headers }) => {
  expect((await post(body, headers)).status).toBe(status);
  expect([await count('imports'), await uploads()]).toEqual([0, []]);
});

test('a folder is told from what is outside, and where the folder lies is not told', async () => {
  await mkdir(join(api.root, 'inner/deeper'), { recursive: true });
  for (const body of [{ path: 'inner' }, { path: '.' }, { path: 'deeper', root: 'inner' }]) {
    const { status, answer } = await post(body);
    expect([status, answer]).toMatchObject([400, { detail: expect.stringContaining('is no file') }]);
    expect(JSON.stringify(answer)).toContain('importFolder');
    expect(JSON.stringify(answer)).not.toContain(api.root);
  }
  const { status, answer } = await post({ path: '../../..', root: 'inner' });
  expect([status, answer]).toMatchObject([403, { detail: expect.stringContaining('"../../.."') }]);
});
