import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createToken } from '../../../src/access/tokens.ts';
import { useTestApi } from '../../support/api.ts';
import { TESTER, useTestDatabase } from '../../support/database.ts';
import { ADMIN_TOKEN, codeOf } from '../../support/http.ts';
import { sampleOf, scrape } from '../../support/metrics.ts';

const database = await useTestDatabase();
const api = await useTestApi(database);

test('operations are measured by name, kind and outcome, and no client can make labels without end', async () => {
  await api.ask('query Researches { researches(first: 1) { totalCount } }');
  await api.ask('{ researches(first: 1) { totalCount } }');
  await api.ask('query Broken { nothing }');
  await api.ask('query {');
  for (let index = 0; index < 120; index += 1)
    await api.ask(`query Guess${index} { researches(first: 1) { totalCount } }`);
  // Registered with the server, so named whatever came before it.
  await api.ask('query DashboardOverview { researches(first: 1) { totalCount } }');
  const metrics = await scrape(api.url, ADMIN_TOKEN);
  const count = (labels: Record<string, string>): number | undefined =>
    sampleOf(metrics, 'cairn_graphql_operation_duration_seconds_count', labels);
  expect(count({ operation: 'Researches', kind: 'query', code: 'OK' })).toBe(1);
  expect(count({ operation: 'DashboardOverview', kind: 'query', code: 'OK' })).toBe(1);
  expect(count({ operation: 'anonymous', kind: 'query', code: 'OK' })).toBe(1);
  expect(count({ operation: 'Broken', kind: 'query', code: 'BAD_USER_INPUT' })).toBe(1);
  expect(count({ operation: 'unreadable', kind: 'none', code: 'BAD_USER_INPUT' })).toBe(1);
  expect(count({ operation: 'other', kind: 'query', code: 'OK' })).toBeGreaterThanOrEqual(20);
  expect(new Set(metrics.match(/operation="[^"]*"/g)).size).toBeLessThan(125);
});

test('REST requests are measured by operation and outcome, and what is no operation makes no label', async () => {
  const get = (path: string) =>
    fetch(`${api.url}/api/v1${path}`, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } }).then((answer) =>
      answer.text(),
    );
  await get('/me');
  await get('/me?nothing=1');
  await get('/nothing/SECRET');
  const metrics = await scrape(api.url, ADMIN_TOKEN);
  const count = (labels: Record<string, string>): number | undefined =>
    sampleOf(metrics, 'cairn_rest_request_duration_seconds_count', labels);
  expect(count({ operation: 'getMe', code: 'OK' })).toBe(1);
  expect(count({ operation: 'getMe', code: 'BAD_USER_INPUT' })).toBe(1);
  const requests = { route: '/api/v1/*', method: 'GET', status: '404' };
  expect(sampleOf(metrics, 'cairn_http_request_duration_seconds_count', requests)).toBe(1);
  expect(metrics).not.toContain('SECRET');
});

test('statements are measured by the label of their code, and never show a value', async () => {
  const id = 'RSH-VID-SECRET';
  await api.ask('query Named($id: String!) { research(researchId: $id) { title } }', { id });
  const metrics = await scrape(api.url, ADMIN_TOKEN);
  expect(
    sampleOf(metrics, 'cairn_sql_statement_duration_seconds_count', { statement: 'Research by key' }),
  ).toBeGreaterThanOrEqual(1);
  expect(sampleOf(metrics, 'cairn_sql_connection_wait_seconds_count', { pool: 'read' })).toBeGreaterThanOrEqual(1);
  expect(sampleOf(metrics, 'cairn_pool_connections_max', { pool: 'write' })).toBe(14);
  expect(metrics).not.toContain(id);
  expect(metrics).not.toMatch(/SELECT/i);
});

test('imports are measured by dataset and result, with their records, open rejects and last success', async () => {
  await writeFile(
    join(api.root, 'employees.csv'),
    'employee_id,name,email,department\nEMP-001,Ann,,VID\nEMP-003,,,VID\nEMP-002,Ben,,VID\n',
  );
  const importing = 'mutation { importFile(input: { path: "employees.csv" }) { status rejected } }';
  for (let time = 0; time < 2; time += 1) expect((await api.ask(importing)).errors).toEqual([]);
  const metrics = await scrape(api.url, ADMIN_TOKEN);
  const dataset = 'employees';
  const count = (status: string): number | undefined =>
    sampleOf(metrics, 'cairn_import_duration_seconds_count', { dataset, status });
  expect([count('imported'), count('unchanged')]).toEqual([1, 1]);
  expect(sampleOf(metrics, 'cairn_import_records_total', { dataset, outcome: 'inserted' })).toBe(2);
  expect(sampleOf(metrics, 'cairn_import_records_total', { dataset, outcome: 'rejected' })).toBe(1);
});

test('HTTP answers are measured by route and status, streams apart', async () => {
  await fetch(`${api.url}/health`);
  await fetch(`${api.url}/nowhere/${Date.now()}`);
  const metrics = await scrape(api.url, ADMIN_TOKEN);
  const count = (route: string, status: string): number | undefined =>
    sampleOf(metrics, 'cairn_http_request_duration_seconds_count', { route, method: 'GET', status });
  expect(count('/health', '200')).toBe(1);
  expect(count('other', '401')).toBe(1);
  expect(sampleOf(metrics, 'process_cpu_seconds_total')).toBeGreaterThan(0);
  expect(sampleOf(metrics, 'nodejs_eventloop_lag_seconds')).toBeGreaterThanOrEqual(0);
});

test('an open subscription is counted until its client leaves', async () => {
  const importId = '0198c0de-0000-7000-8000-000000000001';
  await database.owner.query(
    `INSERT INTO imports (import_id, dataset, path, rules_version, status, actor)
     VALUES ($1, 'videos', 'videos.csv', 1, 'running', 'command:test')`,
    [importId],
  );
  const left = new AbortController();
  const response = await fetch(`${api.url}/graphql`, {
    method: 'POST',
    signal: left.signal,
    headers: {
      authorization: `Bearer ${ADMIN_TOKEN}`,
      'content-type': 'application/json',
      accept: 'text/event-stream',
    },
    body: JSON.stringify({
      query: 'subscription Watch($importId: ID!) { importProgress(importId: $importId) { status } }',
      variables: { importId },
    }),
  });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const open = async (): Promise<number | undefined> =>
    sampleOf(await scrape(api.url, ADMIN_TOKEN), 'cairn_subscriptions_open');
  expect(await open()).toBe(1);
  left.abort();
  await expect.poll(open).toBe(0);
  expect(sampleOf(await scrape(api.url, ADMIN_TOKEN), 'cairn_http_streams_total', { route: '/graphql' })).toBe(1);
});

test('a viewer’s token opens the metrics; without one, or limited to a context, they are shut', async () => {
  const get = (headers: Record<string, string>): Promise<Response> => fetch(`${api.url}/metrics`, { headers });
  const viewer = await api.tokenFor('viewer');
  expect((await get({ authorization: `Bearer ${viewer}` })).status).toBe(200);
  const none = await get({});
  expect([none.status, await codeOf(none)]).toEqual([401, 'UNAUTHENTICATED']);
  const { token } = await createToken(database, TESTER, { name: 'limited', role: 'admin', scopes: ['research'] });
  const limited = await get({ authorization: `Bearer ${token}` });
  expect([limited.status, await codeOf(limited)]).toEqual([403, 'FORBIDDEN']);
});
