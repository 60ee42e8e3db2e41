/** The REST transport over the project's own routes: what a client meets before any entity is asked. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { PROJECT_ROOT } from '../../../src/kernel/config.ts';
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

test('the first address leads to everything, and the document is the committed one', async () => {
  const index = (await (await get('/api/v1')).json()) as { resources: { tag: string; operations: string[] }[] };
  expect(index.resources.find(({ tag }) => tag === 'Researches')?.operations).toContain('GET /api/v1/researches');
  expect((await get('/api/v1/')).status).toBe(200);
  const document = await get('/api/v1/openapi.json');
  const committed: unknown = JSON.parse(await readFile(join(PROJECT_ROOT, 'openapi.json'), 'utf8'));
  expect(isDeepStrictEqual(await document.json(), committed)).toBe(true);
  const etag = document.headers.get('etag') ?? '';
  expect((await get('/api/v1/openapi.json', { headers: { 'if-none-match': etag } })).status).toBe(304);
});

test('a person who is not signed in is shown how to sign in where the pages are', async () => {
  const page = await fetch(`${api.url}/api/v1/docs`, { headers: { accept: 'text/html' } });
  expect([page.status, page.headers.get('content-type')]).toEqual([401, 'text/html; charset=utf-8']);
  const script = await fetch(`${api.url}/api/v1/docs`);
  expect([script.status, script.headers.get('content-type')]).toEqual([401, 'application/problem+json']);
});
