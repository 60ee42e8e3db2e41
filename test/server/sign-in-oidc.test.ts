import { beforeEach, describe, expect, test } from 'vitest';
import { createUser } from '../../src/access/users.write.ts';
import { writeSession } from '../../src/database/session.ts';
import { clearTables } from '../support/clear-tables.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { useTestServer } from '../support/http.ts';
import { type Behaviour, CLIENT, useOidcProvider } from '../support/oidc-provider.ts';

const database = await useTestDatabase();
const provider = await useOidcProvider();
const server = await useTestServer(database, {
  settings: { oidc: { issuer: provider.issuer, ...CLIENT, defaultRole: undefined } },
});
const welcoming = await useTestServer(database, {
  settings: { oidc: { issuer: provider.issuer, ...CLIENT, defaultRole: 'viewer' } },
});

beforeEach(async () => {
  provider.behave({});
  await clearTables(database.owner, ['users', 'sessions', 'tokens', 'access_log', 'sign_in_links', 'sign_in_attempts']);
});

const known = (email = 'anna@example.org'): Promise<string> =>
  writeSession(database.write, TESTER, ({ query }) =>
    createUser(query, TESTER, { email, role: 'editor', scopes: null }),
  );

const cookieOf = (response: Response, name: string): string =>
  response.headers
    .getSetCookie()
    .find((cookie) => cookie.startsWith(`${name}=`))
    ?.split(';')[0] ?? '';

/** Follows the way there; returns the address to come back to and the browser's cookie. */
async function leave(url: string = server.url): Promise<{ back: string; cookie: string }> {
  const start = await fetch(`${url}/sign-in/oidc`, { redirect: 'manual' });
  const there = await fetch(start.headers.get('location') ?? '', { redirect: 'manual' });
  return { back: there.headers.get('location') ?? '', cookie: cookieOf(start, 'cairn_attempt') };
}
const comeBack = (back: string, cookie: string): Promise<Response> =>
  fetch(back, { redirect: 'manual', headers: { cookie } });

async function signIn(behaviour: Behaviour = {}, url: string = server.url): Promise<Response> {
  provider.behave(behaviour);
  const { back, cookie } = await leave(url);
  return comeBack(back, cookie);
}

async function meOf(response: Response): Promise<unknown> {
  const cookie = cookieOf(response, 'cairn_session');
  const answer = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie, 'x-cairn-csrf': '1' },
    body: JSON.stringify({ query: '{ me }' }),
  });
  return answer.json();
}

test('the page offers the provider, which is asked with PKCE, state and nonce, none of which is kept', async () => {
  const page = await fetch(`${server.url}/sign-in`);
  expect(await page.text()).toContain(`href="/sign-in/oidc">Sign in with ${new URL(provider.issuer).host}`);
  const start = await fetch(`${server.url}/sign-in/oidc`, { redirect: 'manual' });
  const asked = new URL(start.headers.get('location') ?? '').searchParams;
  expect(Object.fromEntries(asked)).toMatchObject({
    client_id: CLIENT.clientId,
    redirect_uri: `${server.url}/sign-in/callback`,
    response_type: 'code',
    code_challenge_method: 'S256',
    state: expect.stringMatching(/^[\w-]{43}$/),
    nonce: expect.stringMatching(/^[\w-]{43}$/),
  });
  expect(start.headers.getSetCookie()[0]).toMatch(
    /^cairn_attempt=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/,
  );
  const { rows } = await database.owner.query('SELECT to_jsonb(a)::text AS row FROM sign_in_attempts a');
  const kept = JSON.stringify(rows) + server.logged();
  for (const secret of [asked.get('state'), asked.get('nonce'), cookieOf(start, 'cairn_attempt').split('=')[1]]) {
    expect(kept).not.toContain(secret);
  }
});

test('whose verified address is known comes in, is linked, and comes in again under a new address', async () => {
  await known();
  const response = await signIn();
  expect(response.status).toBe(303);
  expect(response.headers.get('location')).toBe('/graphql');
  expect(await meOf(response)).toEqual({ data: { me: 'user:anna@example.org' } });
  const again = await signIn({ claims: { email: 'anna.new@example.org' } });
  expect(await meOf(again)).toEqual({ data: { me: 'user:anna@example.org' } });
});

test('an address that only the user’s information tells is found there', async () => {
  await known();
  const claims = { email: undefined, email_verified: undefined };
  expect((await signIn({ claims, userinfo: { email: 'ANNA@example.org', email_verified: true } })).status).toBe(303);
});

test('keys that the provider has changed since the last sign-in are fetched anew', async () => {
  await known();
  expect((await signIn()).status).toBe(303);
  await provider.rotate();
  expect((await signIn()).status).toBe(303);
});

describe('who is not known', () => {
  test('stays out, and is told whom to ask', async () => {
    const response = await signIn();
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('There is no account for anna@example.org here');
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  test('comes in where a role is set for newcomers, once for two sign-ins at a time', async () => {
    const both = await Promise.all([signIn({}, welcoming.url), signIn({}, welcoming.url)]);
    expect(both.map(({ status }) => status)).toEqual([303, 303]);
    const { rows } = await database.owner.query('SELECT email, name, role FROM users');
    expect(rows).toEqual([{ email: 'anna@example.org', name: 'Anna', role: 'viewer' }]);
  });

  test('is not let in by an address that is not verified', async () => {
    await known();
    for (const email_verified of [false, undefined, 'yes', 1]) {
      expect((await signIn({ claims: { email_verified } }, welcoming.url)).status).toBe(403);
    }
  });

  test('does not get the account of somebody who had the address before', async () => {
    await known();
    expect((await signIn()).status).toBe(303);
    expect((await signIn({ claims: { sub: 'another subject' } }, welcoming.url)).status).toBe(403);
  });

  test('is refused by name when disabled', async () => {
    await known();
    await database.owner.query('UPDATE users SET disabled_at = now()');
    const response = await signIn();
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('disabled');
  });
});

describe('what a provider may not send', () => {
  const now = (): number => Math.floor(Date.now() / 1_000);
  test.each<[string, () => Behaviour]>([
    ['the nonce of another sign-in', () => ({ claims: { nonce: 'another' } })],
    ['no nonce', () => ({ claims: { nonce: undefined } })],
    ['another audience', () => ({ claims: { aud: 'another-client' } })],
    ['another issuer', () => ({ claims: { iss: 'https://evil.example' } })],
    ['an end that is past', () => ({ claims: { exp: now() - 60 } })],
    ['no end', () => ({ claims: { exp: undefined } })],
    ['a beginning that is to come', () => ({ claims: { nbf: now() + 120 } })],
    ['no subject', () => ({ claims: { sub: undefined } })],
    ['a token without a signature', () => ({ sign: 'none' })],
    ['a token signed with the public key as a password', () => ({ sign: 'hmac-with-public-key' })],
    ['a token signed with another key', () => ({ sign: 'another-key' })],
    ['another state', () => ({ answer: { state: 'another' } })],
    ['a code that it never gave', () => ({ answer: { code: 'made-up' } })],
    ['the answer of another issuer', () => ({ answer: { iss: 'https://evil.example' } })],
  ])('%s', async (_what, behaviour) => {
    await known();
    const response = await signIn(behaviour());
    expect(response.status).toBe(401);
    expect(await response.text()).toContain('could not be verified');
    expect(cookieOf(response, 'cairn_session')).toBe('');
    expect((await database.owner.query('SELECT FROM sessions')).rowCount).toBe(0);
  });

  test('a refusal is told', async () => {
    const response = await signIn({ answer: { error: 'access_denied' } });
    expect(response.status).toBe(401);
    expect(await response.text()).toContain('access_denied');
  });

  test('an answer that is none is told as the provider’s fault', async () => {
    await known();
    expect((await signIn({ tokenStatus: 500 })).status).toBe(502);
  });
});

describe('the way back', () => {
  test('is open once', async () => {
    await known();
    const { back, cookie } = await leave();
    expect((await comeBack(back, cookie)).status).toBe(303);
    const again = await comeBack(back, cookie);
    expect(again.status).toBe(401);
    expect(await again.text()).toContain('is over already');
  });

  test('is open to the browser alone that left, and for ten minutes', async () => {
    await known();
    const mine = await leave();
    const other = await leave();
    expect((await comeBack(mine.back, '')).status).toBe(401);
    expect((await comeBack(mine.back, other.cookie)).status).toBe(401);
    await database.owner.query("UPDATE sign_in_attempts SET expires_at = expires_at - interval '10 minutes'");
    expect((await comeBack(mine.back, mine.cookie)).status).toBe(401);
  });

  test('leaves no session behind that the browser had before', async () => {
    await known();
    const first = await signIn();
    const { back, cookie } = await leave();
    await comeBack(back, `${cookie}; ${cookieOf(first, 'cairn_session')}`);
    expect((await database.owner.query('SELECT FROM sessions')).rowCount).toBe(1);
  });
});

test('a provider that does not answer is said not to, and links still work', async () => {
  const lonely = await useLonelyServer();
  const response = await fetch(`${lonely.url}/sign-in/oidc`, { redirect: 'manual' });
  expect(response.status).toBe(502);
  expect(await response.text()).toContain('127.0.0.1:9 does not answer');
  expect((await fetch(lonely.signInLink)).status).toBe(200);
});

const useLonelyServer = () =>
  useTestServer(database, {
    settings: { oidc: { issuer: 'http://127.0.0.1:9', ...CLIENT, defaultRole: undefined } },
  });

test('tokens, codes and the client’s secret stand in no log and no table', async () => {
  await known();
  const { back, cookie } = await leave();
  await comeBack(back, cookie);
  await signIn({ sign: 'another-key' });
  const { rows } = await database.owner.query(
    'SELECT to_jsonb(a)::text AS row FROM access_log a UNION ALL SELECT to_jsonb(s)::text FROM sessions s UNION ALL SELECT to_jsonb(u)::text FROM users u',
  );
  const kept = JSON.stringify(rows) + server.logged();
  const code = new URL(back).searchParams.get('code') ?? '';
  for (const secret of ['secret-access-token', CLIENT.clientSecret, 'eyJ', code]) expect(kept).not.toContain(secret);
});
