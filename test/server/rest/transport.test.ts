/** The REST transport over the project's own routes: what a client meets before any entity is asked. */
import { expect, test } from 'vitest';
import { useTestApi } from '../../support/api.ts';
import { useTestDatabase } from '../../support/database.ts';

const database = await useTestDatabase();
const api = await useTestApi(database);

const get = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${api.url}${path}`, {
    ...init,
    headers: { authorization: 'Bearer admin-token-of-the-tests', ...init.headers },
  });

test('a route answers who asks with a token', async () => {
  const response = await get('/api/v1/me');
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ kind: 'token', role: 'admin', scopes: null });
});

test('a stranger and an unknown address get problems with the codes of GraphQL', async () => {
  const stranger = await fetch(`${api.url}/api/v1/me`, { headers: { accept: 'text/html' } });
  expect(stranger.status).toBe(401);
  expect(stranger.headers.get('content-type')).toBe('application/problem+json');
  expect(stranger.headers.get('www-authenticate')).toMatch(/^Bearer/);
  expect(await stranger.json()).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
  const nowhere = await get('/api/v1/nowhere');
  expect([nowhere.status, nowhere.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
  expect(await nowhere.json()).toMatchObject({ code: 'NOT_FOUND', requestId: nowhere.headers.get('x-request-id') });
});
