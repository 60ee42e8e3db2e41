/** Which other sites' pages may ask: those whose origin is set, exactly, and no other. */
import { describe, expect, test } from 'vitest';
import { useTestDatabase } from '../support/database.ts';
import { codeOf, signIn, useTestServer } from '../support/http.ts';

const ALLOWED = 'https://dashboard.example.org';
const database = await useTestDatabase();
const closed = await useTestServer(database);
const open = await useTestServer(database, { settings: { corsOrigins: [ALLOWED, 'http://localhost:5173'] } });

const corsOf = ({ headers }: Response): Record<string, string> =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control') || name === 'vary'));
const preflight = (url: string, origin: string): Promise<Response> =>
  fetch(`${url}/graphql`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });
const ask = (origin: string, headers: Record<string, string> = {}): Promise<Response> =>
  open.post({ query: '{ hello }' }, { headers: { origin, ...headers } });
const byCookie = (origin: string, cookie: string): Promise<Response> =>
  fetch(`${open.url}/graphql`, {
    method: 'POST',
    headers: { origin, cookie, 'content-type': 'application/json', 'x-cairn-csrf': '1' },
    body: '{"query":"{ hello }"}',
  });

const STRANGERS = [
  'https://evil.example',
  'http://dashboard.example.org',
  'https://dashboard.example.org.evil.example',
  'https://dashboard.example.org:8443',
  'https://sub.dashboard.example.org',
  'HTTPS://DASHBOARD.EXAMPLE.ORG',
  'https://dashboard.example.org/',
  'null',
  '*',
];

test.each([ALLOWED, ...STRANGERS])('with nothing set, a page of %s is told nothing', async (origin) => {
  expect(corsOf(await preflight(closed.url, origin))).toEqual({});
  expect(corsOf(await closed.post({ query: '{ hello }' }, { headers: { origin } }))).toEqual({});
});

describe('with origins set', () => {
  test.each([ALLOWED, 'http://localhost:5173'])('a page of %s may ask and read the answer', async (origin) => {
    const asked = await preflight(open.url, origin);
    expect(asked.status).toBe(204);
    expect(corsOf(asked)).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-allow-headers': 'authorization,content-type',
      'access-control-allow-methods': expect.stringContaining('POST'),
      vary: expect.stringContaining('Origin'),
    });
    const answered = await ask(origin);
    expect(await answered.json()).toEqual({ data: { hello: 'world' } });
    expect(corsOf(answered)).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-expose-headers': expect.stringContaining('retry-after'),
      vary: 'Origin',
    });
  });

  test('it may also read why it was refused', async () => {
    const refused = await ask(ALLOWED, { authorization: 'Bearer wrong' });
    expect([refused.status, corsOf(refused)['access-control-allow-origin']]).toEqual([401, ALLOWED]);
  });

  test.each(STRANGERS)('a page of %s is told nothing but that answers differ', async (origin) => {
    expect(corsOf(await preflight(open.url, origin))).toEqual({ vary: 'Origin' });
    expect(corsOf(await ask(origin))).toEqual({ vary: 'Origin' });
  });

  test('a cookie speaks for their pages and our own, and for no other', async () => {
    const cookie = await signIn(open.signInLink);
    expect((await byCookie(ALLOWED, cookie)).status).toBe(200);
    expect((await byCookie(open.url, cookie)).status).toBe(200);
    for (const origin of STRANGERS) {
      const refused = await byCookie(origin, cookie);
      expect([origin, refused.status, await codeOf(refused)]).toEqual([origin, 403, 'FORBIDDEN']);
    }
  });

  test('nobody but our own page may sign a browser in', async () => {
    const response = await fetch(`${open.url}/sign-in`, {
      method: 'POST',
      headers: { origin: ALLOWED },
      body: new URLSearchParams({ code: 'x' }),
    });
    expect(response.status).toBe(403);
  });
});
