import { afterEach, describe, expect, test } from 'vitest';
import { loadSchema } from '../../src/server/schema.ts';
import { useTestDatabase } from '../support/database.ts';
import { ADMIN_TOKEN, useTestServer } from '../support/http.ts';

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

test('nothing that was refused left a secret in the log', () => {
  expect(server.logged()).not.toContain(ADMIN_TOKEN);
  expect(server.logged()).not.toContain('secret-of-the-body');
});
