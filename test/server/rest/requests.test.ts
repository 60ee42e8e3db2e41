/** Addresses, parameters, headers and bodies of any kind: each is answered as declared or refused by its name. */
import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { createToken } from '../../../src/access/tokens.ts';
import { schemaCheck } from '../../../src/http/schema-check.ts';
import { plain } from '../../../src/rest/schemas.ts';
import { TESTER, useTestDatabase } from '../../support/database.ts';
import { ADMIN_TOKEN, signIn, useTestServer } from '../../support/http.ts';
import { TEST_ROUTES } from '../../support/rest-routes.ts';

const database = await useTestDatabase();
const limits = { bodySize: 1_000_000, fileSize: 1_000, bodyTime: 1_000 };
const server = await useTestServer(database, {
  routes: TEST_ROUTES,
  limits,
  settings: { corsOrigins: ['https://ours.example'] },
});

const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${server.url}/api/v1${path}`, {
    ...init,
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, ...init.headers },
  });

const put = (body: NonNullable<RequestInit['body']>, headers: Record<string, string> = {}): Promise<Response> =>
  ask('/things/a', { method: 'PUT', body, headers: { 'content-type': 'application/json', ...headers } });

async function problemOf(response: Response): Promise<Record<string, unknown>> {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const problem = (await response.json()) as Record<string, unknown>;
  expect(problem).toMatchObject({ status: response.status, requestId: response.headers.get('x-request-id') });
  return problem;
}

test('a parameter arrives decoded and typed', async () => {
  expect(await (await ask('/things/a%2Fb%20%C3%A9')).json()).toEqual({ key: 'a/b é' });
  const query = 'limit=7&ratio=0.5&loud=false&status=open&status=done&word=a%26b+c';
  expect(await (await ask(`/things/a?${query}`)).json()).toEqual({
    key: 'a',
    limit: 7,
    ratio: 0.5,
    loud: false,
    status: ['open', 'done'],
    word: 'a&b c',
  });
  expect(await (await ask('/things/a/?status=open')).json()).toEqual({ key: 'a', status: ['open'] });
});

test.each([
  ['limit=0', 'limit'],
  ['limit=-1', 'limit'],
  ['limit=1000000000', 'limit'],
  ['limit=99999999999999999999', 'limit'],
  ['limit=1e2', 'limit'],
  ['limit=0x10', 'limit'],
  ['limit=1.5', 'limit'],
  ['limit=', 'limit'],
  ['limit=%20%201', 'limit'],
  ['limit=null', 'limit'],
  ['limit=1&limit=2', 'limit'],
  ['ratio=NaN', 'ratio'],
  ['ratio=Infinity', 'ratio'],
  ['loud=yes', 'loud'],
  ['loud=1', 'loud'],
  ['status=gone', 'status'],
  ['status=open&status=done&status=%00', 'status'],
  ['status=open,done', 'status'],
  ['status.0=open', 'status.0'],
  ['status[]=open', 'status[]'],
  ['word=a&word=b', 'word'],
  ['word=%00', 'word'],
  ['Limit=1', 'Limit'],
  ['nothing=1', 'nothing'],
  ['__proto__=1', '__proto__'],
  ['constructor=1', 'constructor'],
  ['toString=1', 'toString'],
  ['=1', ''],
])('a query that does not fit is refused by its name: %s', async (query, path) => {
  const response = await ask(`/things/a?${query}`);
  expect(response.status).toBe(400);
  expect(await problemOf(response)).toMatchObject({ code: 'BAD_USER_INPUT', path });
});

test('several values of one parameter that are wrong alike are told once', async () => {
  const { detail, faults } = await (await ask('/things/a?status=gone&status=lost')).json();
  expect(faults).toHaveLength(1);
  expect(detail).not.toMatch(/more$/);
});

test('everything that does not fit is named at once', async () => {
  const { faults } = await problemOf(await ask(`/things/${'k'.repeat(51)}?limit=0&loud=maybe&nothing=1`));
  expect(faults).toEqual(
    expect.arrayContaining([
      { path: 'key', code: 'TOO_LONG', message: 'must NOT have more than 50 characters' },
      { path: 'limit', code: 'OUT_OF_RANGE', message: 'must be >= 1' },
      { path: 'loud', code: 'INVALID_TYPE', message: 'must be boolean' },
      { path: 'nothing', code: 'INVALID_VALUE', message: 'is not known' },
    ]),
  );
  expect(faults).toHaveLength(4);
});

test('what would fit is told in words, also where nothing would', () => {
  const schema = plain({
    type: 'object',
    properties: {
      title: { type: ['string', 'null'] },
      status: { type: ['string', 'null'], enum: ['open', null] },
      id: { type: 'string', format: 'uuid' },
    },
  });
  expect(schemaCheck<object>(schema)({ title: 1, status: 'gone', id: 'a' }, 'body')).toEqual({
    faults: [
      { path: 'body.title', code: 'INVALID_TYPE', message: 'must be string or null' },
      { path: 'body.status', code: 'INVALID_VALUE', message: 'must be one of open, null' },
      { path: 'body.id', code: 'INVALID_VALUE', message: 'must be of the form uuid' },
    ],
  });
});

test.each([
  ['/things/%ff', 400],
  ['/things/%ED%A0%80', 400],
  ['/things/%', 400],
  ['/things/a?word=%ED%A0%80', 400],
  ['/things/a?word=%zz', 400],
  ['/things/%00', 400],
  ['/things', 404],
  ['/things/', 404],
  ['/things//', 404],
  ['//things/a', 404],
  ['/things/a/b', 404],
  ['/Things/a', 404],
  ['/things/..%2f..%2fme', 200],
  [`/things/${'k'.repeat(2_000)}`, 404],
])('an address that is none is a problem: %s', async (path, status) => {
  const response = await ask(path);
  expect(response.status).toBe(status);
  if (status >= 400) await problemOf(response);
});

test('a method that an address does not have is refused with those that it has', async () => {
  for (const method of ['POST', 'DELETE', 'PROPFIND']) {
    const response = await ask('/things/a', { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, PUT, HEAD, OPTIONS']);
    await problemOf(response);
  }
  const options = await ask('/things/a', { method: 'OPTIONS' });
  expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, PUT, HEAD, OPTIONS']);
  expect((await ask('/nothing', { method: 'OPTIONS' })).status).toBe(404);
  expect((await fetch(`${server.url}/api/v1/things/a`, { method: 'OPTIONS' })).status).toBe(401);
});

test('HEAD is GET without its body', async () => {
  const [get, head] = [await ask('/things/a'), await ask('/things/a', { method: 'HEAD' })];
  expect([head.status, await head.text()]).toEqual([200, '']);
  for (const name of ['etag', 'content-type', 'content-length'])
    expect(head.headers.get(name)).toBe(get.headers.get(name));
  expect((await ask('/unread', { method: 'HEAD' })).status).toBe(405);
});

test('what a client holds already is not sent again', async () => {
  const { headers } = await ask('/things/a');
  const etag = headers.get('etag') ?? '';
  expect(headers.get('cache-control')).toBe('private, no-cache');
  expect(headers.get('vary')).toBe('Origin, Accept, Authorization, Cookie');
  for (const held of [etag, `W/${etag}`, `"other", ${etag}`, '*', `"a,b",${etag},"c"`]) {
    const response = await ask('/things/a', { headers: { 'if-none-match': held } });
    expect([response.status, await response.text(), response.headers.get('etag')]).toEqual([304, '', etag]);
  }
  for (const other of ['"other"', 'nonsense', etag.slice(1, -1), '']) {
    expect((await ask('/things/a', { headers: { 'if-none-match': other } })).status).toBe(200);
  }
  expect((await ask('/things/b', { headers: { 'if-none-match': etag } })).status).toBe(200);
});

test('a write over another’s is refused', async () => {
  const body = '{"title":"a"}';
  for (const held of ['"1"', '*', '"0", "1"']) expect((await put(body, { 'if-match': held })).status).toBe(200);
  for (const held of ['"0"', 'W/"1"', '1', '']) {
    const response = await put(body, { 'if-match': held });
    expect(response.status).toBe(412);
    expect(await problemOf(response)).toMatchObject({ code: 'CONFLICT' });
  }
});

test('an answer comes in a type that the client accepts, or not at all', async () => {
  const typeFor = async (accept: string): Promise<string | null> => {
    const response = await ask('/things/a', { headers: { accept } });
    return response.ok ? response.headers.get('content-type') : String(response.status);
  };
  expect(await typeFor('application/json')).toBe('application/json');
  expect(await typeFor('text/html, */*;q=0.1')).toBe('application/json');
  expect(await typeFor('application/*')).toBe('application/json');
  expect(await typeFor('text/csv')).toBe('406');
  expect(await typeFor('application/json;q=0, */*')).toBe('406');
});

test.each<[string, string | Uint8Array<ArrayBuffer>, string, number, string]>([
  ['no type', '{"title":"a"}', '', 415, 'BAD_USER_INPUT'],
  ['a form', 'title=a', 'application/x-www-form-urlencoded', 415, 'BAD_USER_INPUT'],
  ['plain text', '{"title":"a"}', 'text/plain', 415, 'BAD_USER_INPUT'],
  ['UTF-16', new Uint8Array(Buffer.from('{"title":"a"}', 'utf16le')), 'application/json', 415, 'BAD_USER_INPUT'],
  ['another character set', '{"title":"a"}', 'application/json; charset=latin1', 415, 'BAD_USER_INPUT'],
  ['nothing', '', 'application/json', 400, 'BAD_USER_INPUT'],
  ['cut JSON', '{"title":"secret', 'application/json', 400, 'BAD_USER_INPUT'],
  ['a list', '[]', 'application/json', 400, 'BAD_USER_INPUT'],
  ['null', 'null', 'application/json', 400, 'BAD_USER_INPUT'],
  ['a missing field', '{}', 'application/json', 400, 'BAD_USER_INPUT'],
  ['a field that there is not', '{"title":"a","role":"admin"}', 'application/json', 400, 'BAD_USER_INPUT'],
  ['a prototype', '{"title":"a","__proto__":{"admin":true}}', 'application/json', 400, 'BAD_USER_INPUT'],
  ['another type', '{"title":1}', 'application/json', 400, 'BAD_USER_INPUT'],
  ['a fraction', '{"title":"a","size":1.5}', 'application/json', 400, 'BAD_USER_INPUT'],
  ['an endless number', '{"title":"a","size":1e400}', 'application/json', 400, 'BAD_USER_INPUT'],
  ['too long a text', '{"title":"aaaaaa"}', 'application/json', 400, 'BAD_USER_INPUT'],
  ['a NUL', '{"title":"\\u0000"}', 'application/json', 400, 'BAD_USER_INPUT'],
  ['a NUL within', '{"title":"a","any":[{"x":"\\u0000"}]}', 'application/json', 400, 'BAD_USER_INPUT'],
  ['a NUL in a name', '{"title":"a","any":{"\\u0000":1}}', 'application/json', 400, 'BAD_USER_INPUT'],
  ['half a character', '{"title":"\\ud800"}', 'application/json', 400, 'BAD_USER_INPUT'],
  ['deep JSON', `{"title":"a","any":${'['.repeat(100_000)}}`, 'application/json', 400, 'LIMIT_EXCEEDED'],
  ['a large body', `{"title":"a","any":"${'x'.repeat(1_100_000)}"}`, 'application/json', 413, 'LIMIT_EXCEEDED'],
])('a body that does not fit is refused without a word of it: %s', async (_name, body, type, status, code) => {
  const response = await put(body, { 'content-type': type });
  expect(response.status).toBe(status);
  const problem = await problemOf(response);
  expect(problem).toMatchObject({ code });
  expect(JSON.stringify(problem)).not.toMatch(/secret|aaaaaa/);
});

test('a compressed body is refused where it is not declared', async () => {
  const response = await put(gzipSync('{"title":"a"}'), { 'content-encoding': 'gzip' });
  expect(response.status).toBe(415);
});

test('what a browser’s cookie opens no other site can write with, or load', async () => {
  const cookie = await signIn(server.signInLink);
  const by = (method: string, headers: Record<string, string>): Promise<Response> =>
    fetch(`${server.url}/api/v1/things/a`, {
      method,
      headers: { cookie, 'content-type': 'application/json', ...headers },
      ...(method === 'PUT' && { body: '{"title":"a"}' }),
    });
  expect((await by('GET', {})).status).toBe(200);
  // Not by fetch, which says itself what it is.
  const load = (mode: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const headers = { cookie, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': mode };
      const asked = request(`${server.url}/api/v1/things/a`, { headers }, (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode));
      });
      asked.on('error', reject).end();
    });
  expect([await load('navigate'), await load('no-cors')]).toEqual([200, 403]);
  expect((await by('PUT', {})).status).toBe(403);
  expect((await by('PUT', { 'x-cairn-csrf': '1', origin: 'https://evil.example' })).status).toBe(403);
  expect((await by('PUT', { 'x-cairn-csrf': '1' })).status).toBe(200);
  const ours = await by('PUT', { 'x-cairn-csrf': '1', origin: 'https://ours.example' });
  expect([ours.status, ours.headers.get('access-control-allow-origin')]).toEqual([200, 'https://ours.example']);
});

test('rights are asked before a body is read, and points are taken', async () => {
  const asViewer = async (scopes: readonly string[] | undefined, role: 'viewer' | 'editor') => {
    const { token } = await createToken(database, TESTER, { name: `${role} ${scopes?.join() ?? ''}`, role, scopes });
    return put('{', { authorization: `Bearer ${token}` });
  };
  for (const refused of [await asViewer(undefined, 'viewer'), await asViewer(['people'], 'editor')]) {
    expect(refused.status).toBe(403);
    expect(await problemOf(refused)).toMatchObject({ code: 'FORBIDDEN' });
  }
  const { token } = await createToken(database, TESTER, { name: 'spender', role: 'editor' });
  const spend = (size: number) => put(JSON.stringify({ title: 'a', size }), { authorization: `Bearer ${token}` });
  expect((await spend(1_000)).headers.get('x-cairn-cost')).toBe('1100');
  // Of the six million that there are at once.
  await spend(5_900_000);
  const broke = await spend(5_900_000);
  expect([broke.status, broke.headers.get('retry-after')]).toEqual([429, expect.stringMatching(/^\d+$/)]);
  expect(await problemOf(broke)).toMatchObject({ code: 'RATE_LIMITED' });
});

test('what fails unforeseen is told by an id alone', async () => {
  const response = await ask('/broken');
  expect(response.status).toBe(500);
  const problem = await problemOf(response);
  expect(problem).toMatchObject({ code: 'INTERNAL', detail: 'Unexpected error.' });
  expect(server.logged()).toContain(String(problem['requestId']));
  expect(server.logged()).toContain('hunter2');
});
