import { beforeAll, expect, test } from 'vitest';
import { loadRegistry } from '../../src/ingest/registry.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { useTestApi } from '../support/api.ts';
import { useTestDatabase } from '../support/database.ts';
import { importAll, makeFolder, writeFiles } from '../support/import-folder.ts';
import { seedReferred } from '../support/mutation-world.ts';
import { at, type RestAnswer, restOver } from '../support/rest.ts';

const database = await useTestDatabase();
const api = await useTestApi(database);
const ingest = { ...(await loadRegistry()), database, log: silentLog() };
const rest = restOver(api.url);
const editor = await api.tokenFor('editor');
beforeAll(() => seedReferred(database.owner));

const VIDEO = { video_id: 'Video_200', title: 'A talk', source_url: 'https://example.org/talk' };
const faultsOf = ({ json }: RestAnswer): unknown => {
  const faults = at(json, 'faults');
  return Array.isArray(faults) ? faults.map((fault: unknown) => `${at(fault, 'path')} ${at(fault, 'code')}`) : faults;
};

test('POST makes a row, says where it is and at which version, and the change log says who', async () => {
  const made = await rest('POST', '/videos', {
    body: { ...VIDEO, status: 'queued', metadata: { a: 1 } },
    token: editor,
  });
  expect([made.status, made.headers.get('location'), made.headers.get('etag')]).toEqual([
    201,
    '/api/v1/videos/Video_200',
    expect.stringMatching(/^"1-\w+"$/),
  ]);
  expect(made.json).toMatchObject({ ...VIDEO, status: 'queued', metadata: { a: 1 }, version: 1 });
  expect((await rest('GET', '/videos/Video_200')).json).toEqual(made.json);
  const { rows } = await database.owner.query(
    "SELECT changed_by, operation FROM change_log WHERE record_id = 'Video_200'",
  );
  expect(rows).toEqual([{ changed_by: expect.stringMatching(/^token:a editor/), operation: 'insert' }]);
  expect((await rest('POST', '/videos', { body: VIDEO })).status).toBe(409);
});

test('a key that its rule makes may be left out', async () => {
  const made = await rest('POST', '/researches', { body: { title: 'Own key', department: 'AI' } });
  expect(made.headers.get('location')).toMatch(/^\/api\/v1\/researches\/RSH-AI-\d{3}$/);
});

test('everything that is wrong with a body is told at once, with its place, and nothing is written', async () => {
  const shape = await rest('POST', '/videos', { body: { title: 3, status: 'DONE', colour: 'red' } });
  expect([shape.status, shape.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
  expect(faultsOf(shape)).toEqual(
    expect.arrayContaining([
      'body.video_id MISSING',
      'body.source_url MISSING',
      'body.colour INVALID_VALUE',
      'body.title INVALID_TYPE',
      'body.status INVALID_VALUE',
    ]),
  );
  const values = await rest('POST', '/videos', {
    body: {
      ...VIDEO,
      video_id: 'Video_201',
      title: 'x'.repeat(3_000),
      phase: 9,
      channel_id: 'none',
      created_date: 'soon',
    },
  });
  expect([values.status, at(values.json, 'code')]).toEqual([400, 'BAD_USER_INPUT']);
  expect(faultsOf(values)).toEqual(
    expect.arrayContaining([
      'body.title TOO_LONG',
      'body.phase OUT_OF_RANGE',
      'body.channel_id CONSTRAINT',
      'body.created_date INVALID_VALUE',
    ]),
  );
  expect((await rest('GET', '/videos/Video_201')).status).toBe(404);
});

test('a POST sent again under its key is answered alike and done once; another under that key is refused', async () => {
  const send = (title: string) =>
    rest('POST', '/reports', { body: { report_id: 'once', title }, headers: { 'idempotency-key': 'k-1' } });
  const [one, two] = await Promise.all([send('Once'), send('Once')]);
  const three = await send('Once');
  expect([one.status, two.status, three.status]).toEqual([201, 201, 201]);
  expect([two.text, three.text, three.headers.get('location')]).toEqual([
    one.text,
    one.text,
    one.headers.get('location'),
  ]);
  const { rows } = await database.owner.query("SELECT count(*)::int AS n FROM change_log WHERE record_id = 'once'");
  expect(rows).toEqual([{ n: 1 }]);
  const other = await send('Other');
  expect([other.status, at(other.json, 'code')]).toEqual([409, 'CONFLICT']);
});

test('PUT makes a row, then replaces it whole: what is left out has no value or its default', async () => {
  const path = '/search-queue/SQ-1';
  const made = await rest('PUT', path, {
    body: { department: 'LGN', query: 'one', priority: 5, status: 'active', results_path: 'a/b', metadata: { x: 1 } },
  });
  expect([made.status, made.headers.get('location')]).toEqual([201, '/api/v1/search-queue/SQ-1']);
  const replaced = await rest('PUT', path, { body: { search_id: 'SQ-1', department: 'AI', query: 'two' } });
  expect(replaced.status).toBe(200);
  expect(replaced.json).toMatchObject({
    search_id: 'SQ-1',
    department: 'AI',
    query: 'two',
    status: 'pending',
    priority: null,
    results_path: null,
    metadata: {},
    created_date: at(made.json, 'created_date'),
  });
  const again = await rest('PUT', path, { body: { department: 'AI', query: 'two' } });
  expect(again.json).toEqual(replaced.json);
});

test('PUT makes a row whole also where files spoke of one that was deleted: what is left out is nothing until they say other', async () => {
  const root = await makeFolder([
    { path: 'search_queue.csv', content: 'search_id,department,query,priority,status\nSQ-9,HR,old,5,active\n' },
  ]);
  await importAll(ingest, root);
  expect((await rest('DELETE', '/search-queue/SQ-9')).status).toBe(204);
  const put = () => rest('PUT', '/search-queue/SQ-9', { body: { department: 'AI', query: 'two' } });
  const made = await put();
  expect([made.status, made.json]).toEqual([
    201,
    expect.objectContaining({ department: 'AI', query: 'two', status: 'pending', priority: null }),
  ]);
  expect(await put()).toMatchObject({ status: 200, json: made.json });
  const more = 'search_id,department,query,priority,status\nSQ-9,HR,old,5,active\nSQ-8,HR,other,1,active\n';
  await writeFiles(root, [{ path: 'search_queue.csv', content: more, hour: 1 }]);
  await importAll(ingest, root);
  expect((await rest('GET', '/search-queue/SQ-9')).json).toEqual(made.json);
});

test('PUT makes only, replaces only what was seen, and names one row', async () => {
  const put = (key: string, headers: Record<string, string>, body: object = { title: 'T' }) =>
    rest('PUT', `/reports/${key}`, { body, headers });
  expect((await put('only-new', { 'if-none-match': '*' })).status).toBe(201);
  const taken = await put('only-new', { 'if-none-match': '*' });
  expect([taken.status, at(taken.json, 'code')]).toEqual([412, 'CONFLICT']);
  expect((await put('only-new', { 'if-match': '"9"' })).status).toBe(412);
  expect((await put('not-there', { 'if-match': '*' })).status).toBe(412);
  expect((await put('only-new', { 'if-match': '"9", "1"' }, { title: 'U' })).headers.get('etag')).toMatch(/^"2-/);
  const other = await put('only-new', {}, { report_id: 'another', title: 'T' });
  expect([other.status, faultsOf(other)]).toEqual([400, ['body.report_id INVALID_ID']]);
  expect(faultsOf(await put('only-new', {}, { report_type: 'x' }))).toEqual(['body.title MISSING']);
});

test('PUT names a row by its key in any form, and twice is as once', async () => {
  const put = () => rest('PUT', '/videos/Video_77', { body: { ...VIDEO, video_id: 'video 77' } });
  const made = await put();
  expect([made.status, made.headers.get('location'), at(made.json, 'video_id')]).toEqual([
    201,
    '/api/v1/videos/Video_077',
    'Video_077',
  ]);
  const again = await put();
  expect([again.status, again.json]).toEqual([200, made.json]);
  const etag = again.headers.get('etag') ?? '';
  const held = await rest('GET', '/videos/Video_077', { headers: { 'if-none-match': etag } });
  expect([held.status, held.text, held.headers.get('etag')]).toEqual([304, '', etag]);
});

test('PATCH merges: what is absent is kept, null clears, objects are merged', async () => {
  await rest('PUT', '/channels/YT-9', {
    body: {
      name: 'Nine',
      url: 'https://example.org',
      category: 'c',
      metadata: { keep: 1, drop: 2, deep: { a: 1, b: 2 } },
    },
  });
  const patched = await rest('PATCH', '/channels/YT-9', {
    body: { url: null, metadata: { drop: null, deep: { b: 3 } } },
    headers: { 'content-type': 'application/merge-patch+json' },
  });
  expect([patched.status, patched.headers.get('etag')]).toEqual([200, expect.stringMatching(/^"2-/)]);
  expect(patched.json).toMatchObject({
    name: 'Nine',
    category: 'c',
    url: null,
    metadata: { keep: 1, deep: { a: 1, b: 3 } },
  });
  expect((await rest('PATCH', '/channels/YT-9', { body: {} })).headers.get('etag')).toMatch(/^"2-/);
  expect(faultsOf(await rest('PATCH', '/channels/YT-9', { body: { name: null } }))).toEqual(['body.name MISSING']);
  expect(faultsOf(await rest('PATCH', '/channels/YT-9', { body: { channel_id: 'x' } }))).toEqual([
    'body.channel_id INVALID_VALUE',
  ]);
});

test('of two edits of one version one is written, and the other is told', async () => {
  await rest('PUT', '/influencers/INF-1', { body: { name: 'Ada' } });
  const edit = (category: string) =>
    rest('PATCH', '/influencers/INF-1', { body: { category }, headers: { 'if-match': '"1"' } });
  const answers = await Promise.all([edit('one'), edit('two')]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
  const etag = (await rest('GET', '/influencers/INF-1')).headers.get('etag') ?? '';
  expect(etag).toMatch(/^"2-\w+"$/);
  const weak = await rest('PATCH', '/influencers/INF-1', {
    body: { category: 'x' },
    headers: { 'if-match': `W/${etag}` },
  });
  expect([weak.status, at(weak.json, 'code')]).toEqual([412, 'CONFLICT']);
});

test('a row that is made anew under its key is another: what was seen of the former is neither held nor written over', async () => {
  const path = '/reports/made-anew';
  const former = await rest('PUT', path, { body: { title: 'Former' } });
  const etag = former.headers.get('etag') ?? '';
  await rest('DELETE', path);
  await rest('PUT', path, { body: { title: 'Latter' } });
  expect(at((await rest('GET', path, { headers: { 'if-none-match': etag } })).json, 'title')).toBe('Latter');
  for (const method of ['PATCH', 'PUT'])
    expect((await rest(method, path, { body: { title: 'Lost' }, headers: { 'if-match': etag } })).status).toBe(412);
  expect((await rest('DELETE', path, { headers: { 'if-match': etag } })).status).toBe(412);
});

test('what is counted for a row is part of what is held of it, and no hindrance to a write', async () => {
  const path = '/channels/YT-COUNTED';
  const made = await rest('PUT', path, { body: { name: 'Counted' } });
  const held = { 'if-none-match': made.headers.get('etag') ?? '' };
  expect((await rest('GET', path, { headers: held })).status).toBe(304);
  const video = { ...VIDEO, video_id: 'Video_203', status: 'queued', channel_id: 'YT-COUNTED' };
  expect((await rest('POST', '/videos', { body: video })).status).toBe(201);
  const counted = await rest('GET', path, { headers: held });
  expect([counted.status, at(counted.json, 'videos_in_queue')]).toEqual([200, 1]);
  const patch = { body: { category: 'c' }, headers: { 'if-match': made.headers.get('etag') ?? '' } };
  expect((await rest('PATCH', path, patch)).status).toBe(200);
  expect((await rest('PATCH', path, patch)).status).toBe(412);
});

test('DELETE tells what it would do, does it once, and only to what was seen', async () => {
  await rest('POST', '/reports', { body: { report_id: 'of-100', title: 'T', research_id: 'RSR-100' } });
  const asked = await rest('DELETE', '/researches/RSR-100?dry_run=true');
  expect([asked.status, asked.json]).toEqual([
    200,
    { dry_run: true, consequences: [{ table: 'reports', column: 'research_id', effect: 'cleared', count: 1 }] },
  ]);
  expect((await rest('DELETE', '/researches/RSR-100', { headers: { 'if-match': '"7"' } })).status).toBe(412);
  const gone = await rest('DELETE', '/researches/RSR-100', { headers: { 'if-match': '"1"' } });
  expect([gone.status, gone.text]).toEqual([204, '']);
  const twice = await rest('DELETE', '/researches/RSR-100');
  expect([twice.status, at(twice.json, 'code')]).toEqual([404, 'NOT_FOUND']);
  expect((await rest('PATCH', '/researches/RSR-100', { body: {}, headers: { 'if-match': '"1"' } })).status).toBe(404);
});

test('whoever may not write is refused and nothing is written, beside an editor who may', async () => {
  const importer = await api.tokenFor('importer');
  const elsewhere = await api.tokenFor('editor', ['ingest']);
  for (const token of [importer, elsewhere]) {
    for (const [method, body] of [
      ['PUT', { name: 'E' }],
      ['PATCH', { name: 'E' }],
      ['DELETE', undefined],
    ] as const) {
      const refused = await rest(method, '/employees/anna', { token, ...(body && { body }) });
      expect([method, refused.status, at(refused.json, 'code')]).toEqual([method, 403, 'FORBIDDEN']);
    }
  }
  const own = await api.tokenFor('editor', ['research']);
  const changed = await rest('PATCH', '/employees/anna', { token: own, body: { name: 'Anna B.' } });
  expect([changed.status, at(changed.json, 'name')]).toEqual([200, 'Anna B.']);
});
