import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { trace } from '@opentelemetry/api';
import { afterAll, expect, test } from 'vitest';
import { readTracing } from '../../../src/kernel/tracing-settings.ts';
import { openTracing } from '../../../src/server/tracing/open-tracing.ts';
import { remoteParent } from '../../../src/server/tracing/remote-parent.ts';
import { useTestApi } from '../../support/api.ts';
import { type ReceivedSpan, useCollector } from '../../support/collector.ts';
import { useTestDatabase } from '../../support/database.ts';
import { ADMIN_TOKEN } from '../../support/http.ts';

const collector = await useCollector();
const database = await useTestDatabase();
const api = await useTestApi(database);
const settings = readTracing(
  (name) =>
    ({ OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`, OTEL_EXPORTER_OTLP_HEADERS: 'x-api-key=the%20key' })[name],
  [],
);
const tracing = await openTracing(settings, '9.9.9', api.ingest.log);
afterAll(tracing.close);

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';

async function ask(query: string, variables: object, traceparent?: string): Promise<Response> {
  return fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${ADMIN_TOKEN}`,
      'content-type': 'application/json',
      ...(traceparent !== undefined && { traceparent }),
    },
    body: JSON.stringify({ query, variables }),
  });
}

/** The span of this name, once it has arrived. */
async function arrived(name: string, traceId?: string): Promise<ReceivedSpan> {
  const find = (): ReceivedSpan | undefined =>
    collector.spans().find((span) => span.name === name && (traceId === undefined || span.traceId === traceId));
  await expect.poll(find, { timeout: 10_000, message: name }).toBeDefined();
  const span = find();
  if (span === undefined) throw new Error(name);
  return span;
}

test('a trace goes from the client’s span over request and operation to each statement', async () => {
  const id = 'RSH-VID-SECRET';
  const query =
    'query Watched($id: String!) { research(researchId: $id) { title } researches(first: 1) { totalCount } }';
  const response = await ask(query, { id }, `00-${TRACE}-${PARENT}-01`);
  expect(response.status).toBe(200);
  const request = await arrived('POST /graphql', TRACE);
  const operation = await arrived('query Watched', TRACE);
  const statement = await arrived('Research by key', TRACE);
  expect(request.parentSpanId).toBe(PARENT);
  expect(operation.parentSpanId).toBe(request.spanId);
  expect(statement.parentSpanId).toBe(operation.spanId);
  expect(request.attributes).toMatchObject({
    'http.route': '/graphql',
    'http.response.status_code': 200,
    'cairn.request_id': response.headers.get('x-request-id'),
  });
  expect(operation.attributes).toMatchObject({ 'graphql.operation.type': 'query' });
  expect(statement.attributes['db.system.name']).toBe('postgresql');
  // Neither what was asked nor who asked: labels only.
  expect(collector.text()).not.toMatch(new RegExp(`${id}|${ADMIN_TOKEN}|SELECT|researchId`));
  expect(collector.requests()[0]).toMatchObject({ path: '/v1/traces', headers: { 'x-api-key': 'the key' } });
  expect(collector.text()).toContain('9.9.9');
});

test('an import is a span with its counts, within the operation that asked for it', async () => {
  await writeFile(join(api.root, 'employees.csv'), 'employee_id,name\nEMP-001,Ann\nEMP-002,\n');
  await ask('mutation TakeIn { importFile(input: { path: "employees.csv" }) { importId } }', {});
  const taken = await arrived('import employees');
  expect(taken.attributes).toMatchObject({ 'cairn.import_status': 'imported', 'cairn.dry_run': false });
  expect(Number(taken.attributes['cairn.records.inserted'])).toBe(1);
  expect(Number(taken.attributes['cairn.records.rejected'])).toBe(1);
  expect(taken.parentSpanId).toBe((await arrived('mutation TakeIn')).spanId);
});

test('what failed is marked, by its code', async () => {
  await ask('query Refused { nothing }', {});
  expect(await arrived('query Refused')).toMatchObject({
    status: { code: 2 },
    attributes: { 'error.type': 'BAD_USER_INPUT' },
  });
});

test('a REST request is a span of its operation, and no address or value is told', async () => {
  await fetch(`${api.url}/api/v1/me?SECRET=1`, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
  const span = await arrived('REST getMe');
  expect(span).toMatchObject({ status: { code: 2 }, attributes: { 'error.type': 'BAD_USER_INPUT' } });
  expect(span.parentSpanId).toBe((await arrived('GET /api/v1/*')).spanId);
  expect(collector.text()).not.toContain('SECRET=');
});

test('a caller that does not keep its trace is followed, and machines’ routes make none', async () => {
  const unkept = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
  await ask('query Unkept { researches { totalCount } }', {}, `00-${unkept}-${PARENT}-00`);
  await fetch(`${api.url}/health`);
  await ask('query After { researches { totalCount } }', {});
  await arrived('query After');
  const names = collector.spans().map(({ name }) => name);
  expect(names).not.toContain('query Unkept');
  expect(names.filter((name) => name.includes('/health'))).toEqual([]);
});

test.each([
  'nonsense',
  `00-${'0'.repeat(32)}-${PARENT}-01`,
  `00-${TRACE}-${'0'.repeat(16)}-01`,
  `ff-${TRACE}-${PARENT}-01`,
  `00-${TRACE}-${PARENT}-01-more`,
])('a traceparent that is none (%s) begins a new trace', (traceparent) => {
  expect(trace.getSpanContext(remoteParent(traceparent, undefined))).toBeUndefined();
  expect(trace.getSpanContext(remoteParent(`00-${TRACE}-${PARENT}-01`, 'a=1'))?.traceId).toBe(TRACE);
});
