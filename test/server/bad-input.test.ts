import { request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { loadSchema } from '../../src/server/schema.ts';
import { useTestDatabase } from '../support/database.ts';
import { ADMIN_TOKEN, codeOf, signIn, useTestServer } from '../support/http.ts';

const database = await useTestDatabase();
const limits = { bodySize: 10_000_000, fileSize: 100_000, bodyTime: 1_000 };
const server = await useTestServer(database, { schema: await loadSchema(), limits });
const AUTH = { authorization: `Bearer ${ADMIN_TOKEN}` };
const JSON_TYPE = { 'content-type': 'application/json', ...AUTH };

const times = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join('');
const nested = (depth: number, open: string, inner: string, close: string): string =>
  open.repeat(depth) + inner + close.repeat(depth);
const list = (first: number, inner: string): string => `(first: ${first}) { edges { node { ${inner} } } }`;
const operation = (query: string, variables?: object): string => JSON.stringify({ query, variables });
const raw = (body: BodyInit, init: RequestInit = {}): Promise<Response> =>
  fetch(`${server.url}/graphql`, { method: 'POST', body, headers: JSON_TYPE, ...init });

const CREATE = 'mutation ($input: CreateResearchInput!) { createResearch(input: $input) { research { researchId } } }';
const BY_TITLE = 'query ($title: String!) { researches(where: { title: { contains: $title } }) { totalCount } }';
const VIDEOS = 'query ($first: Int) { videos(first: $first) { edges { node { videoId } } } }';

afterEach(async () => {
  const alive = await server.post({ query: '{ __typename }' });
  expect(await alive.json()).toEqual({ data: { __typename: 'Query' } });
  const { rows } = await database.owner.query(
    'SELECT (SELECT count(*) FROM researches) + (SELECT count(*) FROM imports) + (SELECT count(*) FROM change_log) AS total',
  );
  expect(rows).toEqual([{ total: 0n }]);
});

describe.each<[string, string, number, string]>([
  ['101 aliases', operation(`{ ${times(101, (i) => `a${i}: __typename `)} }`), 400, 'LIMIT_EXCEEDED'],
  ['10,000 aliases', operation(`{ ${times(10_000, (i) => `a${i}: __typename `)} }`), 400, 'LIMIT_EXCEEDED'],
  ['a field 50,000 times', operation(`{ ${times(50_000, () => '__typename ')} }`), 400, 'LIMIT_EXCEEDED'],
  [
    '10,000 known directives',
    operation(`{ __typename ${times(10_000, () => '@skip(if: false) ')} }`),
    400,
    'LIMIT_EXCEEDED',
  ],
  ['100 unknown directives', operation(`{ __typename ${times(100, () => '@aa ')} }`), 400, 'LIMIT_EXCEEDED'],
  [
    'circular fragments',
    operation('{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }'),
    400,
    'BAD_USER_INPUT',
  ],
  [
    'fragments that double 30 times',
    operation(
      `{ researches { nodes { ...F0 } } } ${times(30, (i) => `fragment F${i} on Research { a: videos { nodes { researches { nodes { ...F${i + 1} } } } } b: videos { nodes { researches { nodes { ...F${i + 1} } } } } } `)} fragment F30 on Research { title }`,
    ),
    400,
    'LIMIT_EXCEEDED',
  ],
  [
    'three nested lists of 100',
    operation(`{ researches${list(100, `videos${list(100, `researches${list(100, 'title')}`)}`)} }`),
    400,
    'LIMIT_EXCEEDED',
  ],
  [
    'three nested lists of 100 by variables',
    operation(
      'query ($n: Int) { researches(first: $n) { nodes { videos(first: $n) { nodes { researches(first: $n) { nodes { title } } } } } } }',
      { n: 100 },
    ),
    400,
    'LIMIT_EXCEEDED',
  ],
  [
    'a relation 500 deep',
    operation(
      `{ researches { nodes { ${nested(125, 'videos { nodes { researches { nodes { ', 'title', ' } } } }')} } } }`,
    ),
    400,
    'LIMIT_EXCEEDED',
  ],
  ['a relation 20,000 deep', operation(nested(20_000, '{ a ', '', ' }')), 400, 'LIMIT_EXCEEDED'],
  [
    'a list literal 100,000 deep',
    operation(`{ node(id: ${nested(100_000, '[', '', ']')}) { id } }`),
    400,
    'LIMIT_EXCEEDED',
  ],
  ['an unknown field', operation('{ helo }'), 400, 'BAD_USER_INPUT'],
  ['two operations without a name', operation('query A { __typename } query B { __typename }'), 400, 'BAD_USER_INPUT'],
  ['an empty body', '', 400, 'BAD_USER_INPUT'],
  ['an empty list', '[]', 400, 'BAD_USER_INPUT'],
  ['a batch of 20', JSON.stringify(Array(20).fill({ query: '{ __typename }' })), 400, 'BAD_USER_INPUT'],
  ['null', 'null', 400, 'BAD_USER_INPUT'],
  ['a string', '"x"', 400, 'BAD_USER_INPUT'],
  ['cut JSON', '{"query": "{ secret-of-the-body', 400, 'BAD_USER_INPUT'],
  ['a query that is an object', '{"query": {}}', 400, 'BAD_USER_INPUT'],
  ['variables that are a list', '{"query": "{ __typename }", "variables": []}', 400, 'BAD_USER_INPUT'],
  ['an unknown parameter', '{"query": "{ __typename }", "stranger": 1}', 400, 'BAD_USER_INPUT'],
  [
    'JSON 100,000 deep',
    `{"query": "{ __typename }", "variables": {"a": ${nested(100_000, '[', '', ']')}}}`,
    400,
    'LIMIT_EXCEEDED',
  ],
  ['a syntax error', operation('{ researches('), 400, 'BAD_USER_INPUT'],
  ['a first of -1', operation(VIDEOS, { first: -1 }), 200, 'BAD_USER_INPUT'],
  ['a first of 0', operation(VIDEOS, { first: 0 }), 200, 'BAD_USER_INPUT'],
  ['a first of 2147483647', operation(VIDEOS, { first: 2_147_483_647 }), 200, 'BAD_USER_INPUT'],
  ['a first of null', operation(VIDEOS, { first: null }), 200, 'BAD_USER_INPUT'],
  ['an Int of 99999999999', operation(VIDEOS, { first: 99_999_999_999 }), 400, 'BAD_USER_INPUT'],
  ['an Int of 1.5', operation(VIDEOS, { first: 1.5 }), 400, 'BAD_USER_INPUT'],
  ['an Int of 1e400', `{"query": ${JSON.stringify(VIDEOS)}, "variables": {"first": 1e400}}`, 400, 'BAD_USER_INPUT'],
  ['a NUL in a variable', operation(BY_TITLE, { title: 'a\0b' }), 400, 'BAD_USER_INPUT'],
  [
    'a NUL in a literal',
    operation('{ researches(where: { title: { contains: "a\\u0000b" } }) { totalCount } }'),
    400,
    'BAD_USER_INPUT',
  ],
  [
    'half a surrogate pair',
    `{"query": ${JSON.stringify(BY_TITLE)}, "variables": {"title": "\\ud800"}}`,
    400,
    'BAD_USER_INPUT',
  ],
  [
    'a NUL in JSON',
    operation(CREATE, { input: { title: 'x', department: 'VID', metadata: { deep: ['a\0'] } } }),
    400,
    'BAD_USER_INPUT',
  ],
  [
    'an enum value that is none',
    operation(CREATE, { input: { title: 'x', department: 'nonsense' } }),
    400,
    'BAD_USER_INPUT',
  ],
  [
    'a field that is not the client’s to set',
    operation(CREATE, { input: { title: 'x', department: 'VID', createdDate: '2025-01-01' } }),
    400,
    'BAD_USER_INPUT',
  ],
  [
    'an order that is SQL',
    operation('{ researches(orderBy: [{ title: "id; drop table" }]) { totalCount } }'),
    400,
    'BAD_USER_INPUT',
  ],
  ['a garbled cursor', operation('{ researches(after: "garbage") { nodes { title } } }'), 200, 'BAD_USER_INPUT'],
  ['a garbled id', operation('{ node(id: "garbage") { id } }'), 200, 'BAD_USER_INPUT'],
  [
    'a UUID that is none',
    operation('{ imports(where: { importId: { equals: "garbage" } }) { totalCount } }'),
    200,
    'BAD_USER_INPUT',
  ],
  [
    'more than 1,000 values in a filter',
    operation('query ($in: [ID!]) { videos(where: { videoId: { in: $in } }) { totalCount } }', {
      in: Array(1_001).fill('x'),
    }),
    200,
    'BAD_USER_INPUT',
  ],
])('%s', (_what, body, status, code) => {
  test(`answers ${status} ${code} within a second, in few words and without an echo`, async () => {
    const begun = performance.now();
    const response = await raw(body);
    const text = await response.text();
    expect(performance.now() - begun).toBeLessThan(1_000);
    expect([response.status, text.length < 4_000]).toEqual([status, true]);
    const { errors } = JSON.parse(text) as { errors: { extensions: Record<string, unknown> }[] };
    expect(errors.length).toBeLessThanOrEqual(5);
    expect(new Set(errors.map(({ extensions }) => extensions['code']))).toEqual(new Set([code]));
    expect(errors[0]?.extensions).not.toHaveProperty('originalError');
    expect(text).not.toMatch(/secret-of-the-body|originalError|stack|SELECT|pg_|node_modules/);
  });
});

describe('the transport', () => {
  test.each([
    ['application/x-www-form-urlencoded', 'query={__typename}'],
    ['text/plain', operation('{ __typename }')],
    ['application/graphql', '{ __typename }'],
    ['', operation('{ __typename }')],
  ])('takes no body of type "%s"', async (type, body) => {
    expect((await raw(Buffer.from(body), { headers: { ...AUTH, 'content-type': type } })).status).toBe(415);
  });

  test.each([
    ['UTF-16', Buffer.from(operation('{ __typename }'), 'utf16le'), 'application/json'],
    ['a declared charset', Buffer.from(operation('{ __typename }')), 'application/json; charset=utf-16'],
  ])('takes no JSON in %s', async (_what, body, type) => {
    const response = await raw(body, { headers: { ...AUTH, 'content-type': type } });
    expect(response.status).toBe(415);
  });

  test('takes no bytes that are not UTF-8', async () => {
    expect((await raw(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]))).status).toBe(400);
  });

  test('answers a query by GET, and no mutation', async () => {
    const get = (query: string) => fetch(`${server.url}/graphql?${new URLSearchParams({ query })}`, { headers: AUTH });
    expect((await get('{ __typename }')).status).toBe(200);
    expect((await get('mutation { deleteResearch(researchId: "x") { deletedId } }')).status).toBe(405);
  });

  test.each(['PUT', 'DELETE', 'PATCH'])('answers 405 to %s', async (method) => {
    expect((await fetch(`${server.url}/graphql`, { method, headers: AUTH })).status).toBe(405);
  });

  test('grants no preflight', async () => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  test('says to browsers what they may not do with an answer', async () => {
    const { headers } = await server.post({ query: '{ __typename }' });
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
    });
  });

  test.each(['GET', 'POST'])('refuses a %s that only a cookie speaks for', async (method) => {
    const cookie = await signIn(server.signInLink);
    const url = `${server.url}/graphql?query={__typename}`;
    const body = method === 'POST' ? { body: operation('{ __typename }') } : {};
    const response = await fetch(url, { method, headers: { cookie, 'content-type': 'application/json' }, ...body });
    expect(response.status).toBe(cookie === '' ? 401 : 403);
  });

  test.each([true, false])('refuses a body of 11 MB (length told: %s)', async (told) => {
    const text = operation(BY_TITLE, { title: 'x'.repeat(11_000_000) });
    const body = told ? text : new Blob([text]).stream();
    // Not in the types of fetch yet, and needed by it for a stream.
    const streamed: RequestInit & { duplex: 'half' } = { duplex: 'half' };
    const response = await raw(body, told ? {} : streamed);
    expect(response.status).toBe(413);
    expect(await codeOf(response)).toBe('LIMIT_EXCEEDED');
  });

  test('refuses headers of 20 KB', async () => {
    expect(
      (await raw(operation('{ __typename }'), { headers: { ...JSON_TYPE, 'x-long': 'x'.repeat(20_000) } })).status,
    ).toBe(431);
  });

  test('gives up a body that comes one byte at a time', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const slow = httpRequest(`${server.url}/graphql`, {
        method: 'POST',
        headers: { ...JSON_TYPE, 'content-length': 100 },
      });
      slow.on('response', (response) => resolve(response.statusCode));
      slow.on('error', reject);
      const send = async (): Promise<void> => {
        for (let sent = 0; sent < 30 && !slow.destroyed; sent += 1) {
          slow.write('x');
          await sleep(100);
        }
      };
      send().catch(reject);
    });
    expect(status).toBe(408);
  });
});

describe('a form', () => {
  const form = (parts: Record<string, string | Blob>): FormData => {
    const data = new FormData();
    for (const [name, value] of Object.entries(parts)) data.set(name, value);
    return data;
  };
  const file = new File(['x'], 'x.csv');
  const operations = operation('mutation ($file: File) { importFile(input: { file: $file }) { importId } }', {
    file: null,
  });

  test.each<[string, FormData, number]>([
    ['without operations', form({ map: '{}', 0: file }), 400],
    ['without a map', form({ operations, 0: file }), 400],
    ['whose map is no JSON', form({ operations, map: '{', 0: file }), 400],
    ['whose map names no file of it', form({ operations, map: '{"1": ["variables.file"]}', 0: file }), 400],
    ['whose map leads to a prototype', form({ operations, map: '{"0": ["variables.__proto__.x"]}', 0: file }), 400],
    ['whose map leads to a constructor', form({ operations, map: '{"0": ["variables.constructor"]}', 0: file }), 400],
    ['whose map leads out of the variables', form({ operations, map: '{"0": ["query"]}', 0: file }), 400],
    [
      'with six files',
      form({ operations, map: '{}', ...Object.fromEntries([0, 1, 2, 3, 4, 5].map((n) => [n, file])) }),
      400,
    ],
    [
      'with too large a file',
      form({ operations, map: '{"0": ["variables.file"]}', 0: new File(['x'.repeat(100_001)], 'x.csv') }),
      413,
    ],
  ])('%s is refused', async (_what, body, status) => {
    expect((await fetch(`${server.url}/graphql`, { method: 'POST', headers: AUTH, body })).status).toBe(status);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  test.each(['multipart/form-data', 'multipart/form-data; boundary=x'])(
    'that is none (%s) is refused',
    async (type) => {
      const response = await raw('--y\r\nnonsense', { headers: { ...AUTH, 'content-type': type } });
      expect(response.status).toBe(400);
    },
  );
});

test('nothing that was refused left a secret in the log', () => {
  expect(server.logged()).not.toContain(ADMIN_TOKEN);
  expect(server.logged()).not.toContain('secret-of-the-body');
});
