import pg from 'pg';
import { expect, test } from 'vitest';
import { silentLog } from '../../src/kernel/log.ts';
import { checkHealth } from '../../src/server/health.ts';
import { useTestDatabase } from '../support/database.ts';
import { ADMIN_TOKEN, codeOf, useTestServer } from '../support/http.ts';

const server = await useTestServer(await useTestDatabase());
const get = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> =>
  fetch(server.url + path, {
    method,
    redirect: 'manual',
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, ...headers },
  });

test('the root leads the signed-in to GraphiQL', async () => {
  const response = await get('/');
  expect([response.status, response.headers.get('location')]).toEqual([302, '/graphql']);
});

test.each([
  ['graphiql.js', 'text/javascript'],
  ['graphiql.css', 'text/css'],
  ['narrow.css', 'text/css'],
  ['start.js', 'text/javascript'],
  ['editor-worker.js', 'text/javascript'],
  ['json-worker.js', 'text/javascript'],
  ['graphql-worker.js', 'text/javascript'],
])('GraphiQL’s %s is ours, and is sent once', async (name, type) => {
  const response = await get(`/graphiql/${name}`);
  expect(response.headers.get('content-type')).toContain(type);
  expect((await response.text()).length).toBeGreaterThan(100);
  const again = await get(`/graphiql/${name}`, { 'if-none-match': response.headers.get('etag') ?? '' });
  expect([again.status, await again.text()]).toEqual([304, '']);
});

test('GraphiQL runs no script that is not ours, and none inline', async () => {
  const page = await get('/graphql?query=kept', { accept: 'text/html' });
  expect(page.headers.get('content-security-policy')).toMatch(/script-src 'self';/);
  expect(await page.text()).not.toMatch(/https?:\/\//);
});

test.each(['/nowhere', '/graphiql/nowhere.js', '/graphiql/../package.json', '/graphiql/__proto__'])(
  'there is nothing at %s',
  async (path) => {
    const response = await get(path);
    expect([response.status, await codeOf(response)]).toEqual([404, 'NOT_FOUND']);
  },
);

test('a person who is nowhere is led on', async () => {
  const page = await get('/nowhere', { accept: 'text/html' });
  expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
  expect(await page.text()).toContain('href="/docs"');
});

test.each([
  ['/sign-in', 'PUT'],
  ['/sign-out', 'GET'],
])('%s takes no %s', async (path, method) => {
  expect((await get(path, {}, method)).status).toBe(405);
});

test('a sign-in page shows its code as text only', async () => {
  const page = await (await get('/sign-in?code="><script>alert(1)</script>')).text();
  expect(page).not.toContain('<script>');
});

test('health says that the database does not answer, and not why', async () => {
  const read = new pg.Pool({ host: '127.0.0.1', port: 1, user: 'secret-user' });
  expect(await checkHealth({ read }, '1.2.3', silentLog())).toEqual({
    status: 'unavailable',
    version: '1.2.3',
    database: 'unreachable',
  });
  await read.end();
});
