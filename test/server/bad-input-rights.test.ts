/** What nobody may have by asking for it in another way: other people's rights, and what is not for the API. */
import { describe, expect, test } from 'vitest';
import { createToken } from '../../src/access/tokens.ts';
import { useTestApi } from '../support/api.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { body, type Refusal, testRefusals } from '../support/refusals.ts';
import { seedResearches } from '../support/research.ts';

const database = await useTestDatabase();
await seedResearches(database.owner, 1);
const api = await useTestApi(database);
const { token: viewer } = await createToken(database, TESTER, { name: 'viewer', role: 'viewer' });
const { token: importer } = await createToken(database, TESTER, { name: 'importer', role: 'importer' });
const { token: scoped } = await createToken(database, TESTER, { name: 'scoped', role: 'viewer', scopes: ['ingest'] });

type Case = readonly [what: string, query: string, variables?: object];
const refusals = (cases: readonly Case[], code: Refusal[2]): Refusal[] =>
  cases.map(([what, query, variables]) => [what, body(query, variables), code]);

const EDITS: readonly Case[] = [
  ['a new row', 'mutation { createResearch(input: { title: "x", department: VID }) { research { id } } }'],
  ['a change', 'mutation { updateResearch(researchId: "RSH-VID-001", patch: { title: "y" }) { research { id } } }'],
  ['a deletion', 'mutation { deleteResearch(researchId: "RSH-VID-001") { deletedId } }'],
  [
    'a look at what a deletion would do',
    'mutation { deleteResearch(researchId: "RSH-VID-001", dryRun: true) { deletedId } }',
  ],
  ['a deletion of many', 'mutation { deleteResearches(where: {}, atMost: 10) { matched } }'],
  ['a deletion of what is not there', 'mutation { deleteResearch(researchId: "nothing") { deletedId } }'],
];
const IMPORTS: readonly Case[] = [
  ['an import of records', 'mutation { importRecords(dataset: "researches", records: []) { importId } }'],
  ['an import of a path', 'mutation { importFile(input: { path: "a.csv" }) { importId } }'],
  ['an import of a folder', 'mutation { importFolder(input: { path: "." }) { totals { files } } }'],
  [
    'an import that would only be tried',
    'mutation { importFile(input: { path: "a.csv", dryRun: true }) { importId } }',
  ],
];

describe('a viewer is refused', () => {
  testRefusals(api, database, refusals([...EDITS, ...IMPORTS], 'FORBIDDEN'), { token: viewer });
});

describe('an importer is refused', () => {
  testRefusals(api, database, refusals(EDITS, 'FORBIDDEN'), { token: importer });
});

describe('who may see imports alone is refused', () => {
  testRefusals(
    api,
    database,
    refusals(
      [
        ['researches', '{ researches { totalCount } }'],
        ['researches under another name', '{ imports: researches { totalCount } }'],
        ['one of them', '{ research(researchId: "RSH-VID-001") { title } }'],
        ['one of them that is not there', '{ research(researchId: "nothing") { title } }'],
        ['figures of them', '{ dashboardStats { researchesLast7Days } }'],
        ['sums of them', '{ researchesAggregate { count } }'],
      ],
      'FORBIDDEN',
    ),
    { token: scoped },
  );
});

describe('no document can name', () => {
  testRefusals(
    api,
    database,
    refusals(
      [
        ['a filter by a secret', '{ users(where: { passwordHash: { startsWith: "a" } }) { totalCount } }'],
        ['an order by a secret', '{ researches(orderBy: [{ hash: ASC }]) { totalCount } }'],
        [
          'a filter by a secret of who hangs on it',
          '{ researches(where: { researcher: { token: { startsWith: "a" } } }) { totalCount } }',
        ],
        ['a column that is not a field', '{ researches { nodes { origin_raw } } }'],
        ['a column of full text', '{ videos { nodes { transcriptSearch } } }'],
        ['a row’s number in the table', '{ researches(where: { id: { equals: "1" } }) { totalCount } }'],
        ['what was edited beside a file', '{ researches { nodes { editedValues } } }'],
        ['a table of the database', '{ pgUsers { name } }'],
        [
          'an owner in a new row',
          'mutation { createResearch(input: { title: "x", department: VID, ownerId: "me" }) { research { id } } }',
        ],
        [
          'a role in a new row',
          'mutation { createResearch(input: { title: "x", department: VID, role: ADMIN }) { research { id } } }',
        ],
        [
          'a version in a patch',
          'mutation { updateResearch(researchId: "RSH-VID-001", patch: { version: 9 }) { research { id } } }',
        ],
        [
          'an actor of its choice',
          'mutation { deleteResearch(researchId: "RSH-VID-001", actor: "user:anna") { deletedId } }',
        ],
      ],
      'BAD_USER_INPUT',
    ),
    { status: 400 },
  );
});

describe('no path leads out of the import roots', () => {
  const FILE = 'mutation ($path: String!) { importFile(input: { path: $path }) { importId } }';
  const FOLDER = 'mutation ($path: String!) { importFolder(input: { path: $path }) { totals { files } } }';
  const paths = [
    '../../etc/passwd',
    '/etc/passwd',
    '..',
    '/',
    '/proc/self/environ',
    'a/../../..',
    '~/.ssh/id_ed25519',
    '....//....//etc',
    '%2e%2e/etc',
    'file:///etc/passwd',
    '\\\\server\\share',
  ];
  test.each(paths.flatMap((path) => [[path, FILE] as const, [path, FOLDER] as const]))('%s', async (path, query) => {
    const { errors, status } = await api.ask(query, { path });
    expect(status).toBeLessThan(500);
    expect(['FORBIDDEN', 'NOT_FOUND']).toContain(errors[0]?.extensions['code']);
    expect(JSON.stringify(errors)).not.toMatch(/root:x|PATH=/);
  });
});

describe('who is not known is told nothing', () => {
  const ask = (headers: Record<string, string>): Promise<Response> =>
    fetch(`${api.url}/graphql`, {
      method: 'POST',
      body: body('{ researches { totalCount } }'),
      headers: { 'content-type': 'application/json', 'x-cairn-csrf': '1', ...headers },
    });
  const jwt = (header: object): string =>
    [header, { sub: 'admin', role: 'admin' }, 'x']
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');

  test.each<[string, Record<string, string>]>([
    ['nothing', {}],
    ['an empty token', { authorization: 'Bearer ' }],
    ['a scheme without a token', { authorization: 'Bearer' }],
    ['another scheme', { authorization: `Basic ${Buffer.from(`admin:${viewer}`).toString('base64')}` }],
    ['a token under another scheme', { authorization: `Token ${viewer}` }],
    ['a token with a letter less', { authorization: `Bearer ${viewer.slice(0, -1)}` }],
    ['a token with a letter more', { authorization: `Bearer ${viewer}x` }],
    ['a token of another case', { authorization: `Bearer ${viewer.toUpperCase()}` }],
    ['the beginning of a token', { authorization: `Bearer ${viewer.slice(0, 12)}` }],
    ['two tokens', { authorization: `Bearer ${viewer} ${viewer}` }],
    ['a token as SQL', { authorization: "Bearer '--" }],
    ['a token of 10,000 letters', { authorization: `Bearer ${'x'.repeat(10_000)}` }],
    ['a JWT that nobody signed', { authorization: `Bearer ${jwt({ alg: 'none' })}` }],
    ['a JWT with a key of its own', { authorization: `Bearer ${jwt({ alg: 'HS256', jku: 'http://127.0.0.1/keys' })}` }],
    ['a JWT whose key is a path', { authorization: `Bearer ${jwt({ alg: 'HS256', kid: '../../dev/null' })}` }],
    ['a token in another header', { 'x-api-key': viewer }],
    ['a token in a cookie', { cookie: `token=${viewer}; cairn_session=${viewer}` }],
    ['a session of its own making', { cookie: 'cairn_session=admin; __Host-cairn_session=admin' }],
    ['a session of SQL', { cookie: "cairn_session=' OR 1=1 --" }],
    ['a user’s name', { 'x-forwarded-user': 'admin', 'x-remote-user': 'admin', from: 'admin@example.org' }],
    ['an address that is trusted elsewhere', { 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1' }],
  ])('%s', async (_what, headers) => {
    const response = await ask(headers);
    const text = await response.text();
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    expect(text).not.toContain(viewer.slice(0, 12));
    expect(api.logged()).not.toContain(viewer);
  });

  test('a token in the address opens nothing', async () => {
    const address = new URLSearchParams({ query: '{ __typename }', access_token: viewer, token: viewer });
    expect((await fetch(`${api.url}/graphql?${address}`)).status).toBe(401);
  });
});
