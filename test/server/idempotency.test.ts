/** A script that does not know whether its request arrived sends it again, and nothing is done twice. */
import { beforeEach, expect, test } from 'vitest';
import { forgetKeys } from '../../src/graphql/idempotency.ts';
import { ADMIN_TOKEN, useTestApi } from '../support/api.ts';
import { clearTables } from '../support/clear-tables.ts';
import { useTestDatabase } from '../support/database.ts';

const database = await useTestDatabase();
const api = await useTestApi(database);

interface Sent {
  readonly status: number;
  readonly text: string;
  readonly code: unknown;
}

async function send(key: string, query: string, variables: object = {}, token = ADMIN_TOKEN): Promise<Sent> {
  const response = await fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'idempotency-key': key },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  const answer: { errors?: { extensions: { code: unknown } }[] } = JSON.parse(text);
  return { status: response.status, text, code: answer.errors?.[0]?.extensions.code };
}

const CREATE = `mutation C($title: String! = "One") {
  createResearch(input: { title: $title, department: AI }) { changed research { researchId title version } } }`;
const titles = async () =>
  (await database.owner.query('SELECT title FROM researches ORDER BY research_id')).rows.map(({ title }) => title);
const count = async (table: string) =>
  Number((await database.owner.query(`SELECT count(*) FROM ${table}`)).rows[0].count);

beforeEach(() =>
  clearTables(database.owner, [
    'researches',
    'research_videos',
    'reports',
    'videos',
    'tombstones',
    'idempotency_keys',
    'imports',
    'rejects',
    'references',
  ]),
);

test('the same request under the same key is answered alike and done once, whatever happened since', async () => {
  const first = await send('a', CREATE);
  expect(first.status).toBe(200);
  await database.owner.query(`UPDATE researches SET title = 'Changed'`);
  expect(await send('a', CREATE)).toEqual(first);
  await database.owner.query('DELETE FROM researches');
  expect(await send('a', CREATE)).toEqual(first);
  expect(await titles()).toEqual([]);
  await send('b', CREATE);
  expect(await titles()).toEqual(['One']);
});

test('the same key with another request, or other rights, is a conflict', async () => {
  await send('a', CREATE);
  expect(await send('a', CREATE, { title: 'Two' })).toMatchObject({ status: 409, code: 'CONFLICT' });
  expect(await send('a', `${CREATE} `)).toMatchObject({ status: 409, code: 'CONFLICT' });
  const editor = await api.tokenFor('editor');
  expect((await send('a', CREATE, { title: 'Editor' }, editor)).status).toBe(200);
  expect(await titles()).toEqual(['One', 'Editor']);
});

test('of many at once one is done, and all are answered alike', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => send('a', CREATE)));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(answers[0]?.status).toBe(200);
  expect(await titles()).toEqual(['One']);
});

test('the key stands in the transaction of the write: an answer that was lost is given from what was written', async () => {
  const first = await send('a', CREATE);
  const { rows } = await database.owner.query(
    `SELECT l.changed_at, k.created_at, k.results FROM idempotency_keys k, change_log l WHERE l.table_name = 'researches' ORDER BY l.id DESC LIMIT 1`,
  );
  // Both say when their transaction began.
  expect(rows[0].created_at).toEqual(rows[0].changed_at);
  expect(rows[0].results).toEqual({ createResearch: { value: { key: 'RSH-AI-001', changed: true } } });
  // As a process leaves it that dies between its commit and its answer.
  await database.owner.query('UPDATE idempotency_keys SET answer = NULL');
  expect(await send('a', CREATE)).toEqual(first);
  expect(await titles()).toEqual(['One']);
});

test('of a document that failed halfway, the next sending does the rest', async () => {
  const both = `mutation {
    one: createResearch(input: { title: "One", department: AI }) { changed }
    two: createResearch(input: { researchId: "RSR-002", title: "Two", department: AI }) { changed } }`;
  const taken = `INSERT INTO researches (research_id, title, department) VALUES ('RSR-002', 'Taken', 'AI')`;
  await database.owner.query(taken);
  expect((await send('a', both)).code).toBe('CONFLICT');
  await database.owner.query(`DELETE FROM researches WHERE title = 'Taken'`);
  expect((await send('a', both)).code).toBeUndefined();
  expect(await titles()).toEqual(['One', 'Two']);
});

test('what failed leaves nothing under its key: put right, it is done', async () => {
  expect((await send('a', CREATE, { title: ' ' })).code).toBe('BAD_USER_INPUT');
  expect(await count('idempotency_keys')).toBe(0);
  expect((await send('a', CREATE, { title: 'Right' })).code).toBeUndefined();
  expect(await titles()).toEqual(['Right']);
});

test('imports are done once too, and many rows at once', async () => {
  const records = `mutation { importRecords(dataset: "researches", records: [{ research_id: "RSR-001", title: "Filed", department: "AI" }]) { importId inserted status } }`;
  const first = await send('a', records);
  expect(first.text).toContain('"inserted":1');
  expect(await send('a', records)).toEqual(first);
  await database.owner.query('UPDATE idempotency_keys SET answer = NULL');
  expect(await send('a', records)).toEqual(first);
  expect(await count('imports')).toBe(1);
  const together = await Promise.all(
    Array.from({ length: 4 }, () => send('c', records.replaceAll('RSR-001', 'RSR-003'))),
  );
  expect(together.filter(({ code }) => code === undefined || code === 'CONFLICT')).toHaveLength(4);
  expect(await count('imports')).toBe(2);
  const wrong = await send('w', records.replace('"researches"', '"reserches"'));
  expect(wrong.code).toBe('BAD_USER_INPUT');
  expect((await send('w', records)).code).toBeUndefined();
  const upsert = `mutation { upsertVideos(records: [{ videoId: "Video_001", title: "V", sourceUrl: "https://example.org" }]) { created results { outcome } } }`;
  const made = await send('b', upsert);
  expect(made.text).toContain('"created":1');
  expect(await send('b', upsert)).toEqual(made);
});

test('people are made once, and changed as often as is said', async () => {
  const make = (email: string) =>
    `mutation { createUser(input: { email: "${email}", name: "Ada", role: VIEWER }) { user { userId } } }`;
  const first = await send('a', make('ada@example.org'));
  expect(first.code).toBeUndefined();
  await database.owner.query('UPDATE idempotency_keys SET answer = NULL');
  expect(await send('a', make('ada@example.org'))).toEqual(first);
  const { data } = JSON.parse(first.text);
  for (const verb of ['disableUser', 'enableUser', 'endAllSessions']) {
    const field = verb === 'endAllSessions' ? 'ended' : 'user { userId }';
    const sent = () => send(verb, `mutation { ${verb}(userId: "${data.createUser.user.userId}") { ${field} } }`);
    const once = await sent();
    expect(once.code).toBeUndefined();
    expect(await sent()).toEqual(once);
  }
});

test('questions take no notice of a key; a key must be one; an answer with a secret is not kept', async () => {
  expect((await send('a', '{ researches { totalCount } }')).status).toBe(200);
  expect(await send('x'.repeat(256), CREATE)).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
  const secret = `mutation { ...on Mutation { createToken(input: { name: "n", role: EDITOR }) { secret } } }`;
  expect(await send('a', secret)).toMatchObject({ status: 400, code: 'BAD_USER_INPUT' });
  expect(await count("tokens WHERE name = 'n'")).toBe(0);
  expect(await count('idempotency_keys')).toBe(0);
});

test('keys are forgotten after a day', async () => {
  await send('a', CREATE);
  await forgetKeys(database.write);
  expect(await count('idempotency_keys')).toBe(1);
  await database.owner.query(`UPDATE idempotency_keys SET created_at = now() - interval '25 hours'`);
  await forgetKeys(database.write);
  expect(await count('idempotency_keys')).toBe(0);
});
