import { describe, expect, test } from 'vitest';
import { createSignInCode } from '../../src/access/sign-in.ts';
import { createToken, revokeToken } from '../../src/access/tokens.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { codeOf, signIn, useTestServer } from '../support/http.ts';

const database = await useTestDatabase();
const server = await useTestServer(database);
const ME = { query: '{ me }' };

const newLink = async (): Promise<string> =>
  `${server.url}/sign-in?code=${await createSignInCode(database, { label: 'user:anna', role: 'viewer' })}`;
const redeem = (link: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${server.url}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers,
    body: new URLSearchParams({ code: new URL(link).searchParams.get('code') ?? '' }),
  });
const asBrowser = (cookie: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie, ...headers },
    body: JSON.stringify(ME),
  });

describe('without a token', () => {
  test('health answers with the version and no secret', async () => {
    const response = await fetch(`${server.url}/health`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'ok', version: expect.any(String), database: 'ok' });
  });

  test.each(['/graphql', '/graphiql/graphiql.js', '/metrics'])('%s answers 401', async (path) => {
    const response = await fetch(server.url + path);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('Bearer');
    expect(await codeOf(response)).toBe('UNAUTHENTICATED');
  });

  test('REST answers 401 with a problem', async () => {
    const response = await fetch(`${server.url}/api/v1/videos`);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('Bearer');
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
  });

  test.each(['/', '/graphql'])('a person at %s is told how to sign in', async (path) => {
    const response = await fetch(server.url + path, { headers: { accept: 'text/html' } });
    expect(response.status).toBe(401);
    expect(await response.text()).toContain('sign-in link');
  });
});

describe('the sign-in link', () => {
  test('opens a session for its label, and GraphiQL with it', async () => {
    const cookie = await signIn(await newLink());
    const response = await asBrowser(cookie, { 'x-cairn-csrf': '1' });
    expect(await response.json()).toEqual({ data: { me: 'user:anna' } });
    const page = await fetch(`${server.url}/graphql`, { headers: { cookie, accept: 'text/html' } });
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('/graphiql/start.js');
  });

  test('is not used up by a preview that fetches it', async () => {
    const link = await newLink();
    for (let visit = 0; visit < 3; visit += 1) expect((await fetch(link)).status).toBe(200);
    expect((await redeem(link)).status).toBe(303);
  });

  test('opens one session when ten browsers redeem it at once', async () => {
    const link = await newLink();
    const answers = await Promise.all(Array.from({ length: 10 }, () => redeem(link)));
    expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array(9).fill(401)]);
  });

  test('is refused when it is 15 minutes old', async () => {
    const link = await newLink();
    await database.owner.query(
      "UPDATE sign_in_links SET expires_at = expires_at - interval '15 minutes' WHERE used_at IS NULL",
    );
    const response = await redeem(link);
    expect(response.status).toBe(401);
    expect(response.headers.get('set-cookie')).toBeNull();
  });

  test('is refused from a form of another site', async () => {
    const link = await newLink();
    expect((await redeem(link, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await redeem(link, { origin: server.url })).status).toBe(303);
  });

  test('stands nowhere but as a hash', async () => {
    const link = await newLink();
    const code = new URL(link).searchParams.get('code') ?? '';
    const cookie = await signIn(link);
    const { rows } = await database.owner.query(
      'SELECT to_jsonb(s)::text AS row FROM sessions s UNION ALL SELECT to_jsonb(l)::text FROM sign_in_links l',
    );
    const kept = JSON.stringify(rows) + server.logged();
    expect(kept).not.toContain(code);
    expect(kept).not.toContain(cookie.split('=')[1]);
  });
});

describe('a session', () => {
  test('cannot be read by scripts nor sent by other sites, and only over https where it came over https', async () => {
    const plain = (await redeem(await newLink())).headers.get('set-cookie');
    expect(plain).toMatch(/^cairn_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=604800$/);
    const secure = (await redeem(await newLink(), { 'x-forwarded-proto': 'https' })).headers.get('set-cookie');
    expect(secure).toMatch(/^__Host-cairn_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=604800; Secure$/);
  });

  test('is for https alone where people reach the server by it, whatever stands in between', async () => {
    const settings = { publicUrl: 'https://cairn.example.org' };
    const { url, signInLink } = await useTestServer(database, { settings });
    expect(signInLink).toMatch(/^https:\/\/cairn\.example\.org\/sign-in\?code=/);
    const response = await fetch(`${url}/sign-in`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ code: new URL(signInLink).searchParams.get('code') ?? '' }),
    });
    expect(response.headers.get('set-cookie')).toMatch(/^__Host-cairn_session=.*; Secure$/);
  });

  test.each([
    ['idle for 12 hours', "last_seen_at = last_seen_at - interval '12 hours'"],
    ['7 days old', 'expires_at = now()'],
  ])('ends when it is %s', async (_when, change) => {
    const cookie = await signIn(await newLink());
    expect((await asBrowser(cookie, { 'x-cairn-csrf': '1' })).status).toBe(200);
    await database.owner.query(`UPDATE sessions SET ${change}`);
    expect((await asBrowser(cookie, { 'x-cairn-csrf': '1' })).status).toBe(401);
  });

  test('opens nothing once it is signed out', async () => {
    const cookie = await signIn(await newLink());
    const out = await fetch(`${server.url}/sign-out`, { method: 'POST', headers: { cookie, 'x-cairn-csrf': '1' } });
    expect(out.status).toBe(204);
    expect((await asBrowser(cookie, { 'x-cairn-csrf': '1' })).status).toBe(401);
  });

  test.each([
    ['no header of ours', {}, 403],
    ['our header and a foreign origin', { 'x-cairn-csrf': '1', origin: 'https://evil.example' }, 403],
    ['our header', { 'x-cairn-csrf': '1' }, 200],
    ['the header that Apollo clients send', { 'apollo-require-preflight': 'true' }, 200],
  ])('with %s answers %o', async (_what, headers, status) => {
    const response = await asBrowser(await signIn(await newLink()), headers);
    expect(response.status).toBe(status);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('a token', () => {
  const asScript = (token: string): Promise<Response> =>
    server.post(ME, { headers: { authorization: `Bearer ${token}` } });

  test('opens what it opens, needs no header of ours, and nothing once it is revoked', async () => {
    const { token, summary } = await createToken(database, TESTER, { name: 'nightly', role: 'editor' });
    expect(await (await asScript(token)).json()).toEqual({ data: { me: 'token:nightly' } });
    await revokeToken(database, TESTER, summary.name);
    expect((await asScript(token)).status).toBe(401);
  });

  test('ends when it expires', async () => {
    const { token } = await createToken(database, TESTER, {
      name: 'brief',
      role: 'editor',
      expiresAt: new Date(Date.now() + 60_000),
    });
    expect((await asScript(token)).status).toBe(200);
    await database.owner.query("UPDATE tokens SET expires_at = now() WHERE name = 'brief'");
    expect((await asScript(token)).status).toBe(401);
  });

  test('that opens nothing is not made up for by a cookie', async () => {
    const cookie = await signIn(await newLink());
    expect((await asBrowser(cookie, { 'x-cairn-csrf': '1', authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await asBrowser(cookie, { 'x-cairn-csrf': '1' })).status).toBe(200);
  });

  test('of the settings has every right, and a wrong one of the same length none', async () => {
    expect((await server.post(ME)).status).toBe(200);
    expect((await asScript('admin-token-of-the-testz')).status).toBe(401);
  });
});
