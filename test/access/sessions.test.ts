import { beforeEach, describe, expect, test } from 'vitest';
import { createSignInCode } from '../../src/access/sign-in.ts';
import type { Role } from '../../src/kernel/actor.ts';
import { type Answered, rootField, useTestApi } from '../support/api.ts';
import { clearTables } from '../support/clear-tables.ts';
import { useTestDatabase } from '../support/database.ts';
import { signIn } from '../support/http.ts';

const database = await useTestDatabase();
const api = await useTestApi(database);

const LIST = '{ sessions { totalCount nodes { sessionId actor method userAgent isCurrent } } }';
const END = 'mutation ($id: ID!) { endSession(sessionId: $id) { ended } }';

interface Listed {
  readonly totalCount: number;
  readonly nodes: readonly { readonly sessionId: string; readonly actor: string; readonly isCurrent: boolean }[];
}

/** A browser that is signed in. */
interface Browser {
  readonly cookie: string;
  readonly ask: (query: string, variables?: object) => Promise<Answered>;
  readonly sessionId: string;
}

beforeEach(() => clearTables(database.owner, ['users', 'sessions', 'tokens', 'sign_in_links', 'sign_in_attempts']));

async function browser(link: string): Promise<Browser> {
  const cookie = await signIn(link);
  const ask = async (query: string, variables = {}): Promise<Answered> => {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie, 'x-cairn-csrf': '1' },
      body: JSON.stringify({ query, variables }),
    });
    const answer = (await response.json()) as Partial<Answered>;
    return { status: response.status, data: answer.data ?? null, errors: answer.errors ?? [] };
  };
  const me = rootField<{ sessionId: string }>(await ask('{ me { sessionId } }'), 'me');
  return { cookie, ask, sessionId: me.sessionId };
}

/** A browser of a user, who is made if there is none. */
async function browserOf(email: string, role = 'VIEWER'): Promise<Browser> {
  await api.ask('mutation ($input: CreateUserInput!) { createUser(input: $input) { user { userId } } }', {
    input: { email, role },
  });
  const users = await api.ask(
    'query ($email: String!) { users(where: { email: { equals: $email } }) { nodes { userId } } }',
    { email },
  );
  const id = rootField<{ nodes: { userId: string }[] }>(users, 'users').nodes[0]?.userId;
  const made = await api.ask('mutation ($id: ID!) { createSignInLink(userId: $id) { link } }', { id });
  return browser(rootField<{ link: string }>(made, 'createSignInLink').link);
}

const listed = async ({ ask }: Pick<Browser, 'ask'>): Promise<Listed> => rootField<Listed>(await ask(LIST), 'sessions');
const codeOf = (answer: Answered): unknown => answer.errors[0]?.extensions['code'];

describe('sessions', () => {
  test('are listed to those whose they are, and all of them to administrators', async () => {
    const mine = await browserOf('anna@example.org');
    await browserOf('anna@example.org');
    await browserOf('bert@example.org');
    const own = await listed(mine);
    expect(own.totalCount).toBe(2);
    expect(own.nodes.filter(({ isCurrent }) => isCurrent).map(({ sessionId }) => sessionId)).toEqual([mine.sessionId]);
    expect(own.nodes).toContainEqual(
      expect.objectContaining({ actor: 'user:anna@example.org', method: 'LINK', userAgent: 'node' }),
    );
    expect(await listed({ ask: (query) => api.ask(query) })).toMatchObject({ totalCount: 3 });
    const limited = await api.tokenFor('admin', ['research']);
    expect(await listed({ ask: (query) => api.ask(query, {}, limited) })).toMatchObject({ totalCount: 0 });
  });

  test('are ended by those whose they are; others’ are as if they were not', async () => {
    const mine = await browserOf('anna@example.org');
    const second = await browserOf('anna@example.org');
    const other = await browserOf('bert@example.org', 'EDITOR');
    const absent = await mine.ask(END, { id: '0190a000-0000-7000-8000-000000000000' });
    const foreign = await mine.ask(END, { id: other.sessionId });
    expect(codeOf(foreign)).toBe('NOT_FOUND');
    expect(foreign.errors[0]?.message).toBe(absent.errors[0]?.message);
    expect((await other.ask(LIST)).status).toBe(200);

    expect(rootField(await mine.ask(END, { id: second.sessionId }), 'endSession')).toEqual({ ended: 1 });
    expect((await second.ask(LIST)).status).toBe(401);
    expect(rootField(await api.ask(END, { id: other.sessionId }), 'endSession')).toEqual({ ended: 1 });
    expect((await other.ask(LIST)).status).toBe(401);
  });

  test('end all at once: one’s own, or a user’s by an administrator', async () => {
    const browsers = [await browserOf('anna@example.org'), await browserOf('anna@example.org')];
    const other = await browserOf('bert@example.org');
    const all = 'mutation ($userId: ID) { endAllSessions(userId: $userId) { ended } }';
    const bert = rootField<{ userId: string }>(await other.ask('{ me { userId } }'), 'me');
    expect(codeOf((await browsers[0]?.ask(all, bert)) ?? (await other.ask('{')))).toBe('FORBIDDEN');
    expect(await browsers[0]?.ask(all)).toMatchObject({ data: { endAllSessions: { ended: 2 } } });
    for (const { ask } of browsers) expect((await ask(LIST)).status).toBe(401);
    expect((await other.ask(LIST)).status).toBe(200);
    expect(rootField(await api.ask(all, bert), 'endAllSessions')).toEqual({ ended: 1 });
    expect((await other.ask(LIST)).status).toBe(401);
  });

  test('end by signing out; a token has none to end', async () => {
    const mine = await browserOf('anna@example.org');
    const out = 'mutation { signOut { ended } }';
    expect(rootField(await mine.ask(out), 'signOut')).toEqual({ ended: 1 });
    expect((await mine.ask(LIST)).status).toBe(401);
    expect(rootField(await api.ask(out), 'signOut')).toEqual({ ended: 0 });
  });

  test('of the start’s link are of nobody but their own name', async () => {
    const open = async (label: string, role: Role): Promise<Browser> =>
      browser(`${api.url}/sign-in?code=${await createSignInCode(database, { label, role })}`);
    const first = await open('user:starter', 'admin');
    const second = await open('user:somebody', 'viewer');
    expect(await listed(first)).toMatchObject({ totalCount: 2 });
    expect(await listed(second)).toMatchObject({ totalCount: 1 });
  });

  test('do not outlive a new sign-in in the same browser', async () => {
    const mine = await browserOf('anna@example.org');
    const code = await createSignInCode(database, { label: 'user:anna', role: 'viewer' });
    await fetch(`${api.url}/sign-in`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie: mine.cookie },
      body: new URLSearchParams({ code }),
    });
    expect((await mine.ask(LIST)).status).toBe(401);
  });

  test.each([
    ['empty', ''],
    ['short', 'x'],
    ['SQL', "' OR true --"],
    ['of the right form', 'A'.repeat(43)],
    ['far too long', 'A'.repeat(9_000)],
  ])('are not opened by a made-up cookie: %s', async (_what, secret) => {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: `cairn_session=${secret}`, 'x-cairn-csrf': '1' },
      body: JSON.stringify({ query: LIST }),
    });
    expect(response.status).toBe(401);
  });
});

test('who gave, used and took access is on record, and no secret is', async () => {
  await database.owner.query('TRUNCATE access_log');
  const mine = await browserOf('anna@example.org');
  const made = await api.ask(
    'mutation { createToken(input: { name: "recorded", role: VIEWER }) { secret token { tokenId } } }',
  );
  const { secret, token } = rootField<{ secret: string; token: { tokenId: string } }>(made, 'createToken');
  await api.ask('{ me { actor } }', {}, secret);
  await api.ask('mutation ($id: ID!) { revokeToken(tokenId: $id) { token { name } } }', { id: token.tokenId });
  const id = rootField<{ userId: string }>(await mine.ask('{ me { userId } }'), 'me').userId;
  await api.ask('mutation ($id: ID!) { updateUser(userId: $id, patch: { role: EDITOR }) { user { role } } }', { id });
  await mine.ask('mutation { signOut { ended } }');

  const changes = await api.ask(
    '{ accessChanges(orderBy: [{ changeId: ASC }]) { nodes { table operation actor oldValues newValues } } }',
  );
  const { nodes } = rootField<{ nodes: { table: string; operation: string; actor: string; newValues: object }[] }>(
    changes,
    'accessChanges',
  );
  expect(nodes.map(({ table, operation, actor }) => [table, operation, actor])).toEqual([
    ['USERS', 'INSERT', 'token:admin'],
    ['SESSIONS', 'INSERT', 'user:anna@example.org'],
    ['TOKENS', 'INSERT', 'token:admin'],
    ['TOKENS', 'UPDATE', 'token:admin'],
    ['USERS', 'UPDATE', 'token:admin'],
    ['SESSIONS', 'DELETE', 'user:anna@example.org'],
  ]);
  expect(nodes[4]).toMatchObject({ oldValues: { role: 'viewer' }, newValues: { role: 'editor' } });

  const { rows } = await database.owner.query(
    `SELECT to_jsonb(a)::text AS row FROM access_log a UNION ALL SELECT to_jsonb(c)::text FROM change_log c
      UNION ALL SELECT to_jsonb(t)::text FROM tokens t UNION ALL SELECT to_jsonb(s)::text FROM sessions s
      UNION ALL SELECT to_jsonb(l)::text FROM sign_in_links l`,
  );
  const log = await database.owner.query('SELECT to_jsonb(a)::text AS row FROM access_log a');
  const kept = JSON.stringify(rows) + api.logged();
  for (const canary of [secret.slice(12), mine.cookie.split('=')[1] ?? '']) {
    expect(canary.length).toBeGreaterThan(30);
    expect(kept).not.toContain(canary);
  }
  expect(JSON.stringify(log.rows)).not.toMatch(/hash|[0-9a-f]{64}/);
});
