import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ADMIN_TOKEN, rootField, useTestApi } from '../support/api.ts';
import { useTestDatabase } from '../support/database.ts';
import { ingestOf } from '../support/import-folder.ts';
import { scriptedPlace } from '../support/scripted-place.ts';
import { SMALL_DATASETS } from '../support/small-datasets.ts';
import { seedSource } from '../support/sources.ts';
import { syncing } from '../support/syncing.ts';

const database = await useTestDatabase();
const api = await useTestApi(database);
const editor = await api.tokenFor('editor');

const CREATE = `mutation ($input: CreateTransformationInput!) {
  createTransformation(input: $input) { transformationId name position pattern steps isActive version source { name } } }`;
const UPDATE = `mutation ($key: ID!, $patch: UpdateTransformationInput!, $seen: Int) {
  updateTransformation(transformationId: $key, patch: $patch, ifVersion: $seen) { name steps isActive version } }`;
const RENAME = [{ kind: 'rename', names: { Kennung: 'channel_id' } }];

interface Made {
  readonly transformationId: string;
  readonly position: number;
}
const create = async (input: object, token?: string): Promise<Made> =>
  rootField(await api.ask(CREATE, { input }, token), 'createTransformation');
const code = async (query: string, variables: object, token?: string): Promise<unknown> =>
  (await api.ask(query, variables, token)).errors[0]?.extensions['code'];

test('transformations are made, changed, ordered and deleted by those who may change their source', async () => {
  const sourceId = await seedSource(database.owner, { name: 'Ordered' });
  const one = await create({ sourceId, name: 'Tidy', pattern: '**/*.csv', steps: RENAME });
  expect(one).toMatchObject({
    position: 1,
    pattern: '**/*.csv',
    steps: RENAME,
    isActive: true,
    version: 1,
    source: { name: 'Ordered' },
  });
  const two = await create({ sourceId, name: 'More', steps: [{ kind: 'set', field: 'a', value: 1 }] });
  const patch = { name: 'Neat', isActive: false };
  expect(
    rootField(await api.ask(UPDATE, { key: one.transformationId, patch, seen: 1 }), 'updateTransformation'),
  ).toEqual({
    name: 'Neat',
    steps: RENAME,
    isActive: false,
    version: 2,
  });
  expect(await code(UPDATE, { key: one.transformationId, patch, seen: 1 })).toBe('CONFLICT');
  const ORDER = `mutation ($id: ID!, $keys: [ID!]!) { reorderTransformations(sourceId: $id, transformationIds: $keys) {
    transformations(orderBy: [{ position: ASC }]) { nodes { name position } } } }`;
  const keys = [two.transformationId, one.transformationId];
  expect(rootField(await api.ask(ORDER, { id: sourceId, keys }), 'reorderTransformations')).toEqual({
    transformations: {
      nodes: [
        { name: 'More', position: 1 },
        { name: 'Neat', position: 2 },
      ],
    },
  });
  expect(await code(ORDER, { id: sourceId, keys: keys.slice(1) })).toBe('BAD_USER_INPUT');
  // The source is the hub's own: to others it is not there.
  expect(await code(CREATE, { input: { sourceId, name: 'x', steps: RENAME } }, editor)).toBe('NOT_FOUND');
  expect(await code(UPDATE, { key: one.transformationId, patch }, editor)).toBe('NOT_FOUND');
  const DELETE = 'mutation ($key: ID!) { deleteTransformation(transformationId: $key) { name } }';
  expect(rootField(await api.ask(DELETE, { key: one.transformationId }), 'deleteTransformation')).toEqual({
    name: 'Neat',
  });
  expect(await code(DELETE, { key: one.transformationId })).toBe('NOT_FOUND');
});

test.each([
  ['no steps', []],
  ['no step', [{ kind: 'explode' }]],
  ['a step that lacks something', [{ kind: 'compute', field: 'a' }]],
  ['a step that says too much', [{ kind: 'set', field: 'a', value: 1, more: 2 }]],
  ['no expression', [{ kind: 'compute', field: 'a', expression: '$uppercase(' }]],
  ['a filter of nothing', [{ kind: 'filter' }]],
  ['a filter of both', [{ kind: 'filter', field: 'a', is: [1], expression: 'true' }]],
])('%s is refused before it is kept', async (_name, steps) => {
  const sourceId = await seedSource(database.owner);
  const answer = await api.ask(CREATE, { input: { sourceId, name: 'Bad', steps } });
  expect(answer.errors[0]).toMatchObject({
    extensions: { code: 'BAD_USER_INPUT' },
    message: expect.stringMatching(/step/),
  });
});

test.each([
  [[{ kind: 'set', field: 'a', value: 1 }, { kind: 'explode' }], 'steps.1.kind must be one of rename, map'],
  [[{ kind: 'split', field: 'a', by: '' }], 'steps.0.by must NOT have fewer than 1 characters'],
  [[{ kind: 'compute', field: 'a' }], 'steps.0.expression is missing'],
  [[{ kind: 'set', field: 'a', value: 1, more: 2 }], 'steps.0.more is not known'],
])('what is wrong with a step is said of its own kind: %j', async (steps, words) => {
  const sourceId = await seedSource(database.owner);
  const answer = await api.ask(CREATE, { input: { sourceId, name: 'Bad', steps } });
  expect(answer.errors[0]?.message).toContain(words);
});

test('steps that no record of the sample passes are not saved, nor is an expression that loops', async () => {
  const sourceId = await seedSource(database.owner);
  const steps = [{ kind: 'compute', field: 'a', expression: '$uppercase(n)' }];
  const input = { sourceId, name: 'Bad', steps, sample: [{ n: 1 }, { n: 2 }] };
  expect((await api.ask(CREATE, { input })).errors[0]?.message).toContain('step 1 of "Bad" (compute a)');
  const loops = [{ kind: 'compute', field: 'a', expression: '( $f := function($x){ 1 + $f($x) }; $f(1) )' }];
  const answer = await api.ask(CREATE, { input: { sourceId, name: 'Bad', steps: loops } });
  expect(answer.errors[0]).toMatchObject({
    extensions: { code: 'LIMIT_EXCEEDED' },
    message: expect.stringContaining('step 1'),
  });
  const { rows } = await database.owner.query('SELECT FROM etl_transformations WHERE source_id = $1', [sourceId]);
  expect(rows).toEqual([]);
});

const PREVIEW = `mutation ($input: PreviewTransformationInput!) {
  previewTransformation(input: $input) { kept dropped failed records { line before after isKept fault } } }`;

test('a preview shows before and after, of given records, of a file and of an upload', async () => {
  const steps = [...RENAME, { kind: 'filter', field: 'name', isNot: ['Nobody'] }];
  const records = [{ Kennung: 'c1', name: 'One' }, { Kennung: 'c2', name: 'Nobody' }, 'no record'];
  expect(rootField(await api.ask(PREVIEW, { input: { steps, records } }), 'previewTransformation')).toMatchObject({
    ...{ kept: 1, dropped: 1, failed: 1 },
    records: [
      { line: 1, before: records[0], after: { channel_id: 'c1', name: 'One' }, isKept: true, fault: null },
      { line: 2, after: null, isKept: false, fault: null },
      { line: 3, fault: expect.stringContaining('no object') },
    ],
  });
  const csv = 'Kennung,name\nc1,One\nc2,Two\n';
  await writeFile(join(api.root, 'list.csv'), csv);
  const two = { kept: 2, records: [{ line: 2, after: { channel_id: 'c1', name: 'One' } }, { line: 3 }] };
  expect(
    rootField(await api.ask(PREVIEW, { input: { steps, path: 'list.csv' } }), 'previewTransformation'),
  ).toMatchObject(two);
  const file = new File([csv], 'list.csv');
  const uploaded = await api.upload(PREVIEW, { input: { steps, file: null } }, { 'variables.input.file': file });
  expect(rootField(uploaded, 'previewTransformation')).toMatchObject(two);
  expect(await code(PREVIEW, { input: { steps, path: '../../etc/passwd' } })).toBe('FORBIDDEN');
  expect(await code(PREVIEW, { input: { steps } })).toBe('BAD_USER_INPUT');
});

test('REST makes, changes, previews and deletes the same', async () => {
  const sourceId = await seedSource(database.owner);
  const send = async (method: string, path: string, body?: object): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${api.url}/api/v1/etl-transformations${path}`, {
      ...{ method, ...(body && { body: JSON.stringify(body) }) },
      headers: { authorization: 'Bearer admin-token-of-the-tests', 'content-type': 'application/json' },
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  };
  const made = await send('POST', '', { source_id: sourceId, name: 'Tidy', steps: RENAME });
  expect(made).toMatchObject({ status: 201, body: { name: 'Tidy', position: 1, version: 1 } });
  const { transformation_id: key } = made.body as { transformation_id: string };
  expect(await send('PATCH', `/${key}`, { is_active: false })).toMatchObject({
    status: 200,
    body: { is_active: false },
  });
  expect(await send('PATCH', `/${key}`, { is_active: true, if_version: 1 })).toMatchObject({ status: 409 });
  expect(await send('POST', '/preview', { steps: RENAME, records: [{ Kennung: 'c' }] })).toMatchObject({
    body: { kept: 1, records: [{ after: { channel_id: 'c' }, is_kept: true }] },
  });
  expect(await send('GET', `?source_id=${sourceId}`)).toMatchObject({
    status: 200,
    body: { data: [{ name: 'Tidy' }] },
  });
  expect((await send('DELETE', `/${key}`)).status).toBe(204);
  expect((await send('GET', `/${key}`)).status).toBe(404);
});

test('REST puts the transformations of a source into an order', async () => {
  const { rows } = await database.owner.query<{ source_id: string; keys: string[] }>(
    'SELECT source_id, array_agg(transformation_id::text ORDER BY position DESC) AS keys FROM etl_transformations GROUP BY 1 ORDER BY count(*) DESC LIMIT 1',
  );
  const [{ source_id: sourceId, keys } = { source_id: '', keys: [] }] = rows;
  const order = (given: readonly string[]) =>
    fetch(`${api.url}/api/v1/data-sources/${sourceId}/transformation-order`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ transformation_ids: given }),
    });
  const answer = await order(keys);
  expect([answer.status, await answer.json()]).toEqual([200, { transformation_ids: keys }]);
  expect((await order([...keys, ...keys.slice(0, 1)])).status).toBe(400);
  const now = await database.owner.query<{ key: string }>(
    'SELECT transformation_id::text AS key FROM etl_transformations WHERE source_id = $1 ORDER BY position',
    [sourceId],
  );
  expect(now.rows.map(({ key }) => key)).toEqual(keys);
});

test('a sync takes records in as its transformations make them, and takes files in anew once these are others', async () => {
  const sourceId = await seedSource(database.owner, { name: 'Synced', source_type: 'scripted', is_shared: true });
  const place = scriptedPlace();
  const line = (n: number): string => `{"Kennung": "c${n}", "name": "channel ${n}"}\n`;
  for (let n = 1; n <= 3; n += 1) place.put(`lists/channels_${n}.jsonl`, line(n));
  place.put('other/channels_4.jsonl', line(4));
  const { sync } = await syncing(database, ingestOf(database, SMALL_DATASETS), place);
  const { transformationId: key } = await create({ sourceId, name: 'Tidy', pattern: 'lists/**', steps: RENAME });
  await sync(sourceId);
  const rows = async (): Promise<unknown> =>
    (await database.owner.query("SELECT channel_id, name FROM channels WHERE channel_id LIKE 'c_' ORDER BY 1")).rows;
  expect(await rows()).toEqual([1, 2, 3].map((n) => ({ channel_id: `c${n}`, name: `channel ${n}` })));
  const steps = [
    ...RENAME,
    { kind: 'compute', field: 'name', expression: '$uppercase(name)' },
    { kind: 'filter', expression: 'channel_id != "c3"' },
  ];
  await api.ask(UPDATE, { key, patch: { steps } });
  expect(await sync(sourceId)).toMatchObject({ failed: 0 });
  expect(await rows()).toEqual([
    { channel_id: 'c1', name: 'CHANNEL 1' },
    { channel_id: 'c2', name: 'CHANNEL 2' },
    // Absence is no delete, and what a filter leaves out is absent.
    { channel_id: 'c3', name: 'channel 3' },
  ]);
  const { rows: origins } = await database.owner.query(
    `SELECT c.origin_line, i.notes ->> 'filtered' AS filtered, i.read FROM channels c JOIN imports i ON i.import_id = c.origin_import_id
      WHERE channel_id = 'c1'`,
  );
  expect(origins).toEqual([{ origin_line: 1, filtered: null, read: 1 }]);
  const { rows: filtered } = await database.owner.query(
    "SELECT i.read, i.notes ->> 'filtered' AS filtered FROM imports i WHERE path LIKE '%channels_3.jsonl' ORDER BY id DESC LIMIT 1",
  );
  expect(filtered).toEqual([{ read: 0, filtered: '1' }]);
  place.downloads();
  await sync(sourceId);
  expect(place.downloads()).toEqual([]);
});
