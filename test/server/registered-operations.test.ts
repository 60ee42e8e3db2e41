/** Documents that are registered may be named; where only those are answered, nothing else is. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createToken } from '../../src/access/tokens.ts';
import { PROJECT_ROOT } from '../../src/kernel/config.ts';
import { hashBytes } from '../../src/kernel/hash.ts';
import { OWN_OPERATIONS, readRegisteredOperations } from '../../src/server/registered-operations.ts';
import { loadSchema } from '../../src/server/schema.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { makeFolder, useFolder } from '../support/folder.ts';
import { codeOf, useTestServer } from '../support/http.ts';

const schema = await loadSchema();
const ONE = 'query One($first: Int) { researches(first: $first) { totalCount } }\n';
const TWO =
  'query A { __typename }\nquery B { researches { totalCount pageInfo { ...P } } }\nfragment P on PageInfo { endCursor }';
const folder = await useFolder({ 'one.graphql': ONE, 'deep/two.graphql': TWO, 'notes.txt': 'no document' });
const operations = await readRegisteredOperations(schema, [folder]);
const database = await useTestDatabase();
const any = await useTestServer(database, { schema, operations });
const only = await useTestServer(database, { schema, operations, settings: { operations: 'registered' } });
const { token: viewer } = await createToken(database, TESTER, { name: 'viewer', role: 'viewer' });
const AS_VIEWER = { headers: { authorization: `Bearer ${viewer}` } };

const hashOf = (name: string): string => operations.all.find((one) => one.name === name)?.hash ?? 'none';
const apollo = (sha256Hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });

describe('a registered document is answered', () => {
  test.each<[string, object]>([
    ['by its name', { documentId: 'One' }],
    ['by its hash', { documentId: hashOf('One') }],
    ['by its hash as Apollo sends it', apollo(hashOf('One'))],
    ['by the hash of its file', apollo(hashBytes(ONE))],
    ['by its hash beside an empty query', { query: '', ...apollo(hashOf('One')) }],
    ['by its hash beside its own text', { query: ONE, ...apollo(hashBytes(ONE)) }],
    ['by the hash of a file of several and its name', { ...apollo(hashBytes(TWO)), operationName: 'B' }],
    ['with the fragments of its file', { documentId: 'B' }],
  ])('%s', async (_how, body) => {
    for (const server of [any, only]) {
      const answer = await server.post({ variables: { first: 1 }, ...body }, AS_VIEWER);
      expect([answer.status, await answer.json()]).toMatchObject([200, { data: { researches: { totalCount: 0 } } }]);
    }
  });

  test('by GET', async () => {
    const address = new URLSearchParams({ documentId: 'One', variables: '{"first":1}' });
    const answer = await fetch(`${only.url}/graphql?${address}`, AS_VIEWER);
    expect(await answer.json()).toEqual({ data: { researches: { totalCount: 0 } } });
  });
});

describe('what names no document is refused', () => {
  test.each<[string, object, number, string]>([
    ['an unknown hash', apollo('0'.repeat(64)), 404, 'NOT_FOUND'],
    ['an unknown name', { documentId: 'Nothing' }, 404, 'NOT_FOUND'],
    ['a name that objects have', { documentId: '__proto__' }, 404, 'NOT_FOUND'],
    ['the hash of a file of several without a name', apollo(hashBytes(TWO)), 404, 'NOT_FOUND'],
    ['the hash of another text', { query: '{ __typename }', ...apollo(hashOf('One')) }, 400, 'BAD_USER_INPUT'],
    ['two ids', { documentId: 'One', ...apollo(hashOf('One')) }, 400, 'BAD_USER_INPUT'],
    ['an id that is no text', { documentId: 1 }, 400, 'BAD_USER_INPUT'],
    ['a persistedQuery that is a list', { extensions: { persistedQuery: [] } }, 400, 'BAD_USER_INPUT'],
    ['a hash that is no text', { extensions: { persistedQuery: { sha256Hash: {} } } }, 400, 'BAD_USER_INPUT'],
    ['nothing', {}, 400, 'BAD_USER_INPUT'],
  ])('%s', async (_what, body, status, code) => {
    const answer = await any.post(body, AS_VIEWER);
    expect([answer.status, await codeOf(answer)]).toEqual([status, code]);
  });

  test('in the words that clients know, and with the reason', async () => {
    const { errors } = JSON.parse(await (await any.post(apollo('0'.repeat(64)))).text()) as { errors: object[] };
    expect(errors).toMatchObject([
      { message: 'PersistedQueryNotFound', extensions: { code: 'NOT_FOUND', reason: 'PERSISTED_QUERY_NOT_FOUND' } },
    ]);
  });

  test('sending a text with its hash registers nothing', async () => {
    const query = 'query New { __typename }';
    expect((await any.post({ query, ...apollo(hashBytes(query)) })).status).toBe(200);
    expect((await any.post(apollo(hashBytes(query)))).status).toBe(404);
  });
});

describe('a server of registered operations', () => {
  test.each([
    ['the text of the file', ONE],
    ['other spaces and commas', 'query One ( $first : Int ) { researches ( first : $first , ) { totalCount } }'],
    [
      'its fragments in front',
      'fragment P on PageInfo { endCursor } query B { researches { totalCount pageInfo { ...P } } }',
    ],
  ])('answers %s', async (_what, query) => {
    expect((await only.post({ query }, AS_VIEWER)).status).toBe(200);
  });

  test.each([
    ['another document', '{ __typename }'],
    ['introspection', '{ __schema { types { name } } }'],
    ['one with another field', 'query One($first: Int) { researches(first: $first) { totalCount nodes { title } } }'],
    ['a registered one beside another', `${ONE} query Mine { __typename }`],
    ['no document at all', 'nonsense'],
  ])('refuses %s', async (_what, query) => {
    const answer = await only.post({ query }, AS_VIEWER);
    expect([answer.status, await codeOf(answer)]).toEqual([403, 'FORBIDDEN']);
    expect((await only.post({ query: '{ __typename }' })).status).toBe(200);
  });

  test('shows GraphiQL to admins alone', async () => {
    const page = (headers: Record<string, string>) =>
      fetch(`${only.url}/graphql`, { headers: { accept: 'text/html', ...headers } });
    expect((await page(AS_VIEWER.headers)).status).toBe(403);
    expect((await page({ authorization: 'Bearer admin-token-of-the-tests' })).status).toBe(200);
  });
});

test.each([
  [
    'a field that does not exist',
    { 'a.graphql': 'query A {\n  researches { nope }\n}' },
    'a.graphql:2: Cannot query field',
  ],
  ['a fault of syntax', { 'a.graphql': 'query A {\n' }, 'a.graphql:2: Syntax Error'],
  ['an operation without a name', { 'a.graphql': '\n{ __typename }' }, 'a.graphql:2: An operation needs a name'],
  [
    'a name used twice',
    { 'a.graphql': 'query A { __typename }', 'b.graphql': 'query A { __typename }' },
    'b.graphql: A is registered by',
  ],
  [
    'a document beyond the limits',
    {
      'a.graphql': `query A { ${'node(id: "x") { id } '.repeat(3)}${Array.from({ length: 101 }, (_, i) => `a${i}: __typename`).join(' ')} }`,
    },
    'more than 100 aliases',
  ],
  [
    'a fragment that nothing uses',
    { 'a.graphql': 'query A { __typename }\nfragment F on Query { __typename }' },
    'a.graphql:2: Fragment "F" is never used',
  ],
])('%s stops the start, with its place', async (_what, files, message) => {
  const faulty = await makeFolder(files);
  const read = readRegisteredOperations(schema, [faulty]);
  await expect(read).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(message) });
});

test('a folder that does not exist stops the start', async () => {
  await expect(readRegisteredOperations(schema, ['/nowhere/at/all'])).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
});

test('the project’s own documents, and those that clients send already, can be registered', async () => {
  const contract = join(PROJECT_ROOT, 'test', 'contract-documents');
  const { all } = await readRegisteredOperations(schema, [OWN_OPERATIONS, contract]);
  expect(all.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['DashboardOverview', 'ScriptImportFile', 'Researches']),
  );
  expect(new Set(all.map(({ hash }) => hash)).size).toBe(all.length);
});
