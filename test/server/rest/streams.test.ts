/** Bodies that are read and answers that are sent while they move. */
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { useTestDatabase } from '../../support/database.ts';
import { ADMIN_TOKEN, useTestServer } from '../../support/http.ts';
import { served, TEST_ROUTES } from '../../support/rest-routes.ts';

const database = await useTestDatabase();
const limits = { bodySize: 1_000_000, fileSize: 1_000, bodyTime: 300 };
const server = await useTestServer(database, { routes: TEST_ROUTES, limits });
const { port } = new URL(server.url);

const post = (body: BodyInit, headers: Record<string, string> = {}, path = '/api/v1/streams'): Promise<Response> =>
  fetch(server.url + path, {
    method: 'POST',
    body,
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'text/csv', ...headers },
  });

/** Sends these very bytes, and gives the answer once the connection ends. */
function raw(text: string, end: 'end' | 'wait' = 'wait'): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(
      Number(port),
      '127.0.0.1',
      () => void (end === 'end' ? socket.end(text) : socket.write(text)),
    );
    socket.on('data', (chunk) => {
      answer += chunk.toString();
    });
    socket.on('close', () => resolve(answer)).on('error', reject);
  });
}

const head = (length: string): string =>
  `POST /api/v1/streams HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${ADMIN_TOKEN}\r\ncontent-type: text/csv\r\n${length}\r\n\r\n`;

test('a body is read while it arrives, also under the route’s other address', async () => {
  const body = 'x'.repeat(100_000);
  expect(await (await post(body)).json()).toEqual({ size: 100_000, received: 100_000, type: 'text/csv' });
  const chunked = new Blob([body]).stream();
  const init = { duplex: 'half' } as const;
  const response = await fetch(`${server.url}/v1/streams`, {
    ...init,
    method: 'POST',
    body: chunked,
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'text/csv; charset=utf-8' },
  });
  expect(await response.json()).toMatchObject({ size: 100_000 });
  expect((await post('a', {}, '/v1/nothing')).headers.get('content-type')).toBe('application/problem+json');
});

test('a compressed body is unpacked, no further than its bound', async () => {
  const gzip = { 'content-encoding': 'gzip' };
  const small = gzipSync('x'.repeat(50_000));
  expect(await (await post(small, gzip)).json()).toMatchObject({ size: 50_000, received: small.length });
  const bomb = gzipSync(Buffer.alloc(200_000_000));
  const refused = await post(bomb, gzip);
  expect([refused.status, (await refused.json()) as object]).toMatchObject([413, { code: 'LIMIT_EXCEEDED' }]);
  expect((await post('no gzip', gzip)).status).toBe(400);
  expect((await post(small.subarray(0, -10), gzip)).status).toBe(400);
  const other = await post('a', { 'content-encoding': 'br' });
  expect([other.status, (await other.json()) as object]).toMatchObject([
    415,
    { hint: expect.stringContaining('gzip') },
  ]);
  expect((await post('a', { 'content-type': 'text/html' })).status).toBe(415);
});

test('a body that is larger than it may be, or than it says, or that ends or stops early, is refused', async () => {
  expect((await post('x'.repeat(100_001))).status).toBe(413);
  const endless = await post(
    new ReadableStream({ pull: (controller) => controller.enqueue(Buffer.alloc(10_000)) }) as never,
    {},
  ).catch((thrown: unknown) => thrown);
  expect(endless).toBeInstanceOf(Error);
  // Less than it says, and then nothing more: given up.
  const begun = performance.now();
  expect(await raw(`${head('content-length: 100')}0123456789`)).toMatch(
    /^HTTP\/1\.1 408 [\s\S]*"code":"BAD_USER_INPUT"/,
  );
  expect(performance.now() - begun).toBeLessThan(5_000);
  expect(await raw(`${head('transfer-encoding: chunked')}zz\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
  expect((await (await post('still there')).json()) as object).toMatchObject({ size: 11 });
});

test('a body that a route does not read to its end does not keep its answer from the client', async () => {
  const response = await post('x'.repeat(5_000_000), {}, '/api/v1/unread');
  expect([response.status, await response.text()]).toEqual([200, '{}']);
  const begun = performance.now();
  const refused = await post('x'.repeat(5_000_000), {}, '/api/v1/unread?strange=1');
  expect([refused.status, await refused.json()]).toMatchObject([400, { path: 'strange' }]);
  // A second is for those who go on sending for ever.
  expect(performance.now() - begun).toBeLessThan(900);
});

test('an answer is made no faster than its client takes it, and ends with it', async () => {
  const [before, ended] = [served.rows, served.ended];
  const leaving = new AbortController();
  const response = await fetch(`${server.url}/api/v1/rows`, {
    signal: leaving.signal,
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, accept: 'text/csv' },
  });
  expect(response.headers.get('content-type')).toBe('text/csv');
  const reader = response.body?.getReader();
  await reader?.read();
  await new Promise((resolve) => setTimeout(resolve, 100));
  // What the sockets between hold, and no more.
  const made = served.rows - before;
  expect(made).toBeLessThan(200);
  leaving.abort();
  await expect.poll(() => served.ended).toBe(ended + 1);
});

test('what fails before the first of it is sent is a problem; what fails later breaks off, and is never whole', async () => {
  const get = (rows: number): Promise<Response> =>
    fetch(`${server.url}/api/v1/failing/${rows}`, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
  const first = await get(0);
  expect([first.status, await first.json()]).toMatchObject([400, { code: 'LIMIT_EXCEEDED' }]);
  const later = await get(3);
  expect(later.status).toBe(200);
  await expect(later.text()).rejects.toThrow();
  expect(server.logged()).toContain('an answer broke off');
});

test('what came is paid for, is told with the answer, and none of this is an error', async () => {
  const response = await post('x'.repeat(90_000));
  expect(response.headers.get('x-cairn-cost')).toBe(String(100 + Math.floor(90_000 / 1_024)));
  const failures = server
    .logged()
    .split('\n')
    .filter((line) => line.includes('"level":50'));
  expect(failures.filter((line) => !line.includes('This takes too long'))).toEqual([]);
});

test('a client that leaves takes the statement with it', async () => {
  const leaving = new AbortController();
  const response = await fetch(`${server.url}/api/v1/rows?sql=true`, {
    signal: leaving.signal,
    headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
  });
  await response.body?.getReader().read();
  const running = async (): Promise<number> => {
    const { rows } = await database.owner.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_stat_activity
        WHERE datname = current_database() AND state = 'active' AND query LIKE '%cairn slow stream%' AND pid <> pg_backend_pid()`,
    );
    return rows[0]?.n ?? 0;
  };
  await expect.poll(running).toBe(1);
  leaving.abort();
  await expect.poll(running, { timeout: 5_000 }).toBe(0);
});
