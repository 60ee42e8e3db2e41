import { beforeAll, describe, expect, test } from 'vitest';
import { type Answered, rootField, useTestApi } from '../support/api.ts';
import { useTestDatabase } from '../support/database.ts';
import { signIn } from '../support/http.ts';

const database = await useTestDatabase();
const api = await useTestApi(database);

const CREATE =
  'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { userId email name role scopes disabledAt } } }';
const UPDATE =
  'mutation ($id: ID!, $patch: UserPatch!) { updateUser(userId: $id, patch: $patch) { user { name role scopes } } }';
const DISABLE = 'mutation ($id: ID!) { disableUser(userId: $id) { user { disabledAt } } }';
const ENABLE = 'mutation ($id: ID!) { enableUser(userId: $id) { user { disabledAt } } }';
const LINK = 'mutation ($id: ID!) { createSignInLink(userId: $id) { link expiresAt } }';
const TOKEN =
  'mutation ($input: CreateTokenInput!) { createToken(input: $input) { secret token { tokenId name role scopes user { email } } } }';
const ME = '{ me { kind actor role scopes userId sessionId tokenId expiresAt } }';

interface Made {
  readonly user: { readonly userId: string };
}

const make = async (email: string, role = 'VIEWER', scopes?: readonly string[]): Promise<string> =>
  rootField<Made>(await api.ask(CREATE, { input: { email, role, scopes } }), 'createUser').user.userId;
const codeOf = (answer: Answered): unknown => answer.errors[0]?.extensions['code'];
const linkOf = async (id: string): Promise<string> =>
  rootField<{ link: string }>(await api.ask(LINK, { id }), 'createSignInLink').link;

/** What a browser that signs in as the user is answered. */
async function browserOf(id: string): Promise<(query: string, variables?: object) => Promise<Response>> {
  const cookie = await signIn(await linkOf(id));
  return (query, variables = {}) =>
    fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie, 'x-cairn-csrf': '1' },
      body: JSON.stringify({ query, variables }),
    });
}
const meOf = async (response: Response): Promise<Record<string, unknown>> =>
  ((await response.json()) as { data: { me: Record<string, unknown> } }).data.me;

test('a user signs in by a link, under their own name, with their role and scopes', async () => {
  const id = await make('Anna@Example.org', 'EDITOR', ['research']);
  const ask = await browserOf(id);
  const response = await ask(ME);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(await meOf(response)).toEqual({
    kind: 'USER',
    actor: 'user:anna@example.org',
    role: 'EDITOR',
    scopes: ['research'],
    userId: id,
    sessionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    tokenId: null,
    expiresAt: expect.any(String),
  });
});

test('rights that change hold from the next request on, in sessions that are open', async () => {
  const id = await make('bert@example.org', 'EDITOR');
  const ask = await browserOf(id);
  await api.ask(UPDATE, { id, patch: { role: 'VIEWER', scopes: ['research'], name: ' Bert ' } });
  expect(await meOf(await ask(ME))).toMatchObject({ role: 'VIEWER', scopes: ['research'] });
  const cleared = await api.ask(UPDATE, { id, patch: { scopes: null, name: null } });
  expect(rootField(cleared, 'updateUser')).toEqual({ user: { name: null, role: 'VIEWER', scopes: null } });
});

test('whoever is disabled is out at once, with every browser, link and token, and comes back by a new sign-in alone', async () => {
  const id = await make('carla@example.org', 'EDITOR');
  const ask = await browserOf(id);
  const link = await linkOf(id);
  const made = await api.ask(TOKEN, { input: { name: 'of carla', role: 'EDITOR', userId: id } });
  const { secret } = rootField<{ secret: string }>(made, 'createToken');
  expect((await api.ask(ME, {}, secret)).data?.['me']).toMatchObject({ actor: 'token:of carla', userId: id });

  expect(rootField(await api.ask(DISABLE, { id }), 'disableUser')).toMatchObject({
    user: { disabledAt: expect.any(String) },
  });
  expect((await ask(ME)).status).toBe(401);
  expect((await api.ask(ME, {}, secret)).status).toBe(401);
  expect(await signIn(link)).toBe('');
  expect(codeOf(await api.ask(LINK, { id }))).toBe('CONFLICT');
  expect(codeOf(await api.ask(TOKEN, { input: { name: 'too late', role: 'VIEWER', userId: id } }))).toBe('NOT_FOUND');

  expect(rootField(await api.ask(ENABLE, { id }), 'enableUser')).toEqual({ user: { disabledAt: null } });
  expect((await ask(ME)).status).toBe(401);
  expect((await api.ask(ME, {}, secret)).status).toBe(401);
  expect((await (await browserOf(id))(ME)).status).toBe(200);
});

test('a token made for a user opens no more than the user may', async () => {
  const id = await make('dora@example.org', 'IMPORTER', ['research']);
  const made = await api.ask(TOKEN, { input: { name: 'of dora', role: 'ADMIN', userId: id } });
  const { secret } = rootField<{ secret: string }>(made, 'createToken');
  expect((await api.ask(ME, {}, secret)).data?.['me']).toMatchObject({ role: 'IMPORTER', scopes: ['research'] });
});

describe('nobody gives or takes more than they have', () => {
  let limited: string;
  let full: string;
  beforeAll(async () => {
    limited = await api.tokenFor('admin', ['access', 'research']);
    full = await make('full@example.org', 'ADMIN');
    await make('spare@example.org', 'ADMIN');
  });

  test.each([
    ['a user with every scope', CREATE, { input: { email: 'x1@example.org', role: 'VIEWER' } }, 'FORBIDDEN'],
    [
      'a user of their own scopes',
      CREATE,
      { input: { email: 'x2@example.org', role: 'ADMIN', scopes: ['research'] } },
      undefined,
    ],
    ['a token with every scope', TOKEN, { input: { name: 'wide', role: 'VIEWER' } }, 'FORBIDDEN'],
    [
      'a token of their own scopes',
      TOKEN,
      { input: { name: 'narrow', role: 'VIEWER', scopes: ['access'] } },
      undefined,
    ],
    [
      'a scope that no context has',
      TOKEN,
      { input: { name: 'odd', role: 'VIEWER', scopes: ['nothing'] } },
      'BAD_USER_INPUT',
    ],
    ['no scope at all', TOKEN, { input: { name: 'none', role: 'VIEWER', scopes: [] } }, 'BAD_USER_INPUT'],
  ])('%s', async (_what, document, variables, code) => {
    expect(codeOf(await api.ask(document, variables, limited))).toBe(code);
  });

  test.each([
    ['signed in as', LINK, {}],
    ['disabled', DISABLE, {}],
    ['enabled', ENABLE, {}],
    ['narrowed', UPDATE, { patch: { scopes: ['research'] } }],
    ['given more', UPDATE, { patch: { name: 'Full' } }],
  ])('a user with more rights cannot be %s', async (_what, document, more) => {
    expect(codeOf(await api.ask(document, { id: full, ...more }, limited))).toBe('FORBIDDEN');
    expect(codeOf(await api.ask(document, { id: full, ...more }, await api.tokenFor('admin')))).toBe(undefined);
    await api.ask(ENABLE, { id: full });
    await api.ask(UPDATE, { id: full, patch: { scopes: null, name: null } });
  });

  test('a token with more rights cannot be revoked', async () => {
    const revoke = 'mutation ($id: ID!) { revokeToken(tokenId: $id) { token { revokedAt } } }';
    const made = await api.ask(TOKEN, { input: { name: 'strong', role: 'VIEWER' } });
    const { tokenId } = rootField<{ token: { tokenId: string } }>(made, 'createToken').token;
    expect(codeOf(await api.ask(revoke, { id: tokenId }, limited))).toBe('FORBIDDEN');
    const revoked = await api.ask(revoke, { id: tokenId });
    expect(rootField(revoked, 'revokeToken')).toEqual({ token: { revokedAt: expect.any(String) } });
  });
});

test('the last active administrator remains, also when two take each other’s rights at once', async () => {
  await database.owner.query("UPDATE users SET role = 'viewer'");
  const [one, two] = await Promise.all([make('eve@example.org', 'ADMIN'), make('fay@example.org', 'ADMIN')]);
  const answers = await Promise.all([
    api.ask(DISABLE, { id: one }),
    api.ask(UPDATE, { id: two, patch: { role: 'EDITOR' } }),
  ]);
  expect(answers.map(codeOf).toSorted()).toEqual(['CONFLICT', undefined]);
  const left = answers[0]?.errors.length === 0 ? two : one;
  for (const patch of [{ role: 'VIEWER' }, { scopes: ['research'] }]) {
    expect(codeOf(await api.ask(UPDATE, { id: left, patch }))).toBe('CONFLICT');
  }
  expect(codeOf(await api.ask(UPDATE, { id: left, patch: { name: 'Still here' } }))).toBe(undefined);
});

test.each([
  ['no address', { email: 'no address', role: 'VIEWER' }],
  ['a control character', { email: 'a@b\u0007', role: 'VIEWER' }],
  ['too long an address', { email: `${'x'.repeat(320)}@example.org`, role: 'VIEWER' }],
  ['too long a name', { email: 'ok@example.org', role: 'VIEWER', name: 'x'.repeat(201) }],
  ['a role that is none', { email: 'ok@example.org', role: 'OWNER' }],
  // What is no field of the input is refused, not taken in unseen.
  [
    'an id of the client’s',
    { email: 'ok@example.org', role: 'VIEWER', userId: '0190a000-0000-7000-8000-000000000000' },
  ],
  ['a column that is no field', { email: 'ok@example.org', role: 'VIEWER', disabledAt: null }],
])('%s makes no user', async (_what, input) => {
  expect(codeOf(await api.ask(CREATE, { input }))).toBe('BAD_USER_INPUT');
  expect((await database.owner.query("SELECT FROM users WHERE email = 'ok@example.org'")).rowCount).toBe(0);
});

test('an address belongs to one user, however it is spelt', async () => {
  await make('gert@example.org');
  expect(codeOf(await api.ask(CREATE, { input: { email: ' GERT@example.org ', role: 'VIEWER' } }))).toBe('CONFLICT');
});

test('ids that nobody has are answered alike, whatever they look like', async () => {
  for (const id of ['0190a000-0000-7000-8000-000000000000', 'x', "' OR true --", '']) {
    for (const document of [DISABLE, ENABLE, LINK]) expect(codeOf(await api.ask(document, { id }))).toBe('NOT_FOUND');
  }
});
