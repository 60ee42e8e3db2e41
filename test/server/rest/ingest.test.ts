/** Records as the body of a request: whatever is sent is taken in whole and answered record by record, or nothing of it is kept. */
import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { beforeEach, describe, expect, test } from 'vitest';
import { ADMIN_TOKEN, useTestApi } from '../../support/api.ts';
import { useTestDatabase } from '../../support/database.ts';
import { employee, lines, REFUSED_BODIES, TWO } from '../../support/refused-bodies.ts';

const database = await useTestDatabase();
const api = await useTestApi(database);
beforeEach(async () => {
  await database.owner.query(
    'DELETE FROM rejects; DELETE FROM imports; DELETE FROM employees; DELETE FROM idempotency_keys',
  );
});

interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

const JSON_TYPE = 'application/json';
const LINES = 'application/x-ndjson';

async function post(
  body: object | string,
  headers: Readonly<Record<string, string>> = {},
  path = '/api/v1/data/ingest/employees',
): Promise<Answered> {
  const response = await fetch(`${api.url}${path}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body),
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': JSON_TYPE, ...headers },
  });
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
}

const count = async (table: string): Promise<number> =>
  (await database.owner.query(`SELECT count(*)::int AS n FROM ${table}`)).rows[0].n;

const WAITING = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";

/** No import took anything in, and nothing is left on disk. */
async function expectNothingKept(): Promise<void> {
  expect(await count('employees')).toBe(0);
  expect(await readdir(join(api.config.dataDir, 'uploads'))).toEqual([]);
}

function parquet(): Uint8Array {
  const columnData = [
    { name: 'employee_id', data: ['E-1', 'E-2'] },
    { name: 'name', data: ['Name 1', 'Name 2'] },
  ];
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

const CSV_LINES = 'employee_id,name\r\nE-1,Name 1\r\nE-2,Name 2\r\n';
test.each([
  { what: 'a list', body: TWO, type: JSON_TYPE },
  { what: 'an object of records, among others', body: { by: 'cron', records: TWO, page: [1] }, type: JSON_TYPE },
  { what: 'JSON Lines', body: lines(TWO), type: LINES },
  { what: 'JSON Lines by another name', body: lines(TWO), type: 'application/jsonl; charset=utf-8' },
  { what: 'CSV', body: CSV_LINES, type: 'text/csv' },
  { what: 'TSV', body: CSV_LINES.replaceAll(',', '\t'), type: 'text/tab-separated-values' },
  { what: 'Parquet', body: parquet(), type: 'application/vnd.apache.parquet' },
  { what: 'gzip', body: gzipSync(lines(TWO)), type: LINES, encoding: 'gzip' },
])('$what is taken in, and every record answered', async ({ body, type, encoding = 'identity' }) => {
  const { status, body: answer } = await post(body, { 'content-type': type, 'content-encoding': encoding });
  expect([status, answer]).toMatchObject([
    200,
    {
      dataset: 'employees',
      status: 'imported',
      dry_run: false,
      read: 2,
      inserted: 2,
      updated: 0,
      rejected: 0,
      derived: 0,
    },
  ]);
  expect(answer['results']).toMatchObject([
    { key: 'E-1', result: 'inserted' },
    { key: 'E-2', result: 'inserted' },
  ]);
  expect(await count('imports')).toBe(1);
  expect(await readdir(join(api.config.dataDir, 'uploads'))).toEqual([]);
});

test('what changed, what was known, and what did not pass are told apart, each by its place', async () => {
  await post(TWO);
  const deep = `${'['.repeat(1_000)}${']'.repeat(1_000)}`;
  const { body } = await post(
    `[${JSON.stringify(employee(1))},${JSON.stringify(employee(2, 'New'))},{"employee_id":"E-3"},
      {"employee_id":"E-4","name":"twice","name":"given"},{"employee_id":"E-5","name":"a\\u0000b"},{"deep":${deep}},"text",
      ${JSON.stringify(employee(6))}]`,
  );
  expect(body).toMatchObject({ read: 8, inserted: 1, updated: 1, unchanged: 1, rejected: 5 });
  expect(body['results']).toMatchObject([
    { line: 1, key: 'E-1', result: 'unchanged' },
    { line: 2, key: 'E-2', result: 'updated' },
    { line: 3, key: 'E-3', result: 'rejected', reasons: [{ field: 'name', code: 'MISSING' }] },
    {
      line: 4,
      key: null,
      result: 'rejected',
      reasons: [{ code: 'MALFORMED', message: expect.stringContaining('twice') }],
    },
    { line: 5, result: 'rejected', reasons: [{ message: expect.stringContaining('NUL') }] },
    { line: 6, result: 'rejected', reasons: [{ message: expect.stringContaining('nested') }] },
    { line: 7, result: 'rejected' },
    { line: 8, key: 'E-6', result: 'inserted' },
  ]);
  expect(body['rejects']).toMatchObject([{ line: 3, raw: '{"employee_id":"E-3"}' }, {}, {}, {}, {}]);
  expect(body['rejects_url']).toBe(`/api/v1/imports/${body['import_id']}/rejects`);
});

test('of more than a thousand records the counts and the first rejects are told', async () => {
  const records = Array.from({ length: 1_200 }, (_, n) => (n % 10 === 0 ? { employee_id: `E-${n}` } : employee(n)));
  const { body } = await post(lines(records), { 'content-type': LINES });
  expect(body).toMatchObject({ read: 1_200, inserted: 1_080, rejected: 120, results: null });
  expect(body['rejects']).toHaveLength(100);
});

test('every dataset takes records, and tells why one that says nothing is none', async () => {
  for (const name of api.ingest.datasets.keys()) {
    const { status, body } = await post([{}, []], {}, `/api/v1/data/ingest/${name}`);
    expect([name, status, body]).toMatchObject([name, 200, { dataset: name, read: 2, rejected: 2, inserted: 0 }]);
  }
});

test('a dry run says the same and writes nothing, by either address', async () => {
  for (const path of ['?dry_run=true', '/validate']) {
    const { body } = await post([...TWO, {}], {}, `/v1/data/ingest/employees${path}`);
    expect(body).toMatchObject({ dry_run: true, inserted: 2, rejected: 1, rejects_url: null, rejects: [{ line: 3 }] });
    expect(body['results']).toMatchObject([{ result: 'inserted' }, { result: 'inserted' }, { result: 'rejected' }]);
  }
  expect([await count('imports'), await count('employees')]).toEqual([0, 0]);
});

describe('under an Idempotency-Key', () => {
  const key = { 'idempotency-key': 'nightly-1' };

  test('the same body is imported once and answered alike, also where the answer was lost', async () => {
    const first = await post([...TWO, {}], key);
    expect(first.body).toMatchObject({ inserted: 2, rejected: 1 });
    expect((await post([...TWO, {}], key)).body).toEqual(first.body);
    expect(await count('imports')).toBe(1);
    await database.owner.query('UPDATE idempotency_keys SET answer = NULL');
    const { import_id, inserted } = first.body;
    expect((await post([...TWO, {}], key)).body).toMatchObject({ import_id, inserted, results: null });
    expect(await count('imports')).toBe(1);
  });

  test('the answer is kept by the transaction of the rows: a crash behind it loses neither', async () => {
    await post(TWO, key);
    const { rows } = await database.owner.query(
      'SELECT k.xmin = i.xmin AS together FROM idempotency_keys k, imports i WHERE k.answer IS NOT NULL',
    );
    expect(rows).toEqual([{ together: true }]);
  });

  test('another body, or another question, is a conflict', async () => {
    await post(TWO, key);
    for (const other of [await post([employee(3)], key), await post(TWO, key, '/api/v1/data/ingest/channels')])
      expect([other.status, other.body['code']]).toEqual([409, 'CONFLICT']);
    expect(await count('imports')).toBe(1);
  });

  test('of several at once one is imported; the others get its answer, or are told to come again', async () => {
    const all = await Promise.all(Array.from({ length: 5 }, () => post(TWO, key)));
    expect(await count('imports')).toBe(1);
    const done = all.filter(({ status }) => status === 200);
    expect(new Set(done.map(({ body }) => body['import_id'])).size).toBe(1);
    for (const { status, headers } of all)
      if (status !== 200) expect([status, headers.get('retry-after')]).toEqual([409, '1']);
    expect((await post(TWO, key)).body).toEqual(done[0]?.body);
  });

  test('who asked before it was answered, and claims the key only then, is told of each record too', async () => {
    const { body } = await post(TWO, key);
    await database.owner.query("UPDATE idempotency_keys SET actor = 'not yet'");
    const client = await database.owner.connect();
    try {
      // It can look for an answer, but not claim the key.
      await client.query('BEGIN; LOCK TABLE idempotency_keys IN EXCLUSIVE MODE');
      const again = post(TWO, key);
      await expect.poll(async () => (await database.owner.query(WAITING)).rowCount).toBe(1);
      await client.query('UPDATE idempotency_keys SET actor = (SELECT actor FROM imports); COMMIT');
      expect((await again).body).toEqual(body);
    } finally {
      client.release(true);
    }
  });

  test('what failed fails alike; what a killed process left undone is done', async () => {
    const broken = await post('[{"employee_id"', key);
    expect(broken).toMatchObject({ status: 422, body: { code: 'BAD_USER_INPUT', reason: 'FILE_MALFORMED' } });
    expect((await post('[{"employee_id"', key)).body).toMatchObject({ import_id: broken.body['import_id'] });
    await database.owner.query(`UPDATE idempotency_keys SET answer = NULL;
      UPDATE imports SET error = '{"code": "INTERRUPTED", "message": "", "hint": null}'`);
    await post('[{"employee_id"', key);
    expect(await count('imports')).toBe(2);
  });

  test('what failed for a reason of ours is done when it is sent again, and by one of several', async () => {
    await database.owner.query(`CREATE FUNCTION fail_once() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN RAISE disk_full; END';
      CREATE TRIGGER fail_once BEFORE INSERT ON employees FOR EACH STATEMENT EXECUTE FUNCTION fail_once()`);
    try {
      expect((await post(TWO, key)).status).toBeGreaterThanOrEqual(500);
    } finally {
      await database.owner.query('DROP FUNCTION fail_once CASCADE');
    }
    await Promise.all([post(TWO, key), post(TWO, key), post(TWO, key)]);
    expect((await post(TWO, key)).body).toMatchObject({ inserted: 2 });
    expect(await count('imports')).toBe(2);
  });
});

test.each(REFUSED_BODIES)(
  '$what: $status $code, and nothing is kept',
  async ({ status, code, body, headers, path }) => {
    const answer = await post(body, headers, path);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    await expectNothingKept();
  },
);

/** Sends bytes as they are and ends: what a client does that lies about its length. */
async function sendRaw(head: string, body: string, { staying = 50, token = ADMIN_TOKEN } = {}): Promise<string> {
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  const heard: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => heard.push(chunk));
  const closed = new Promise((resolve) => socket.on('close', resolve));
  socket.write(
    `POST /api/v1/data/ingest/employees HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: ${LINES}\r\n${head}\r\n\r\n${body}`,
  );
  if (staying > 0) await later(staying);
  socket.end();
  await closed;
  return Buffer.concat(heard).toString();
}

const sent = lines(TWO);
test.each([
  ['declares more than it sends', `Content-Length: ${sent.length + 100}`, sent],
  ['declares less than it sends', `Content-Length: ${sent.indexOf('\n') + 1}`, sent],
  ['leaves amid its chunks', 'Transfer-Encoding: chunked', `${sent.length.toString(16)}\r\n${sent}\r\n`],
])('a body whose sender %s imports nothing', async (_what, head, body) => {
  await sendRaw(head, body);
  await expect.poll(() => readdir(join(api.config.dataDir, 'uploads'))).toEqual([]);
  await expectNothingKept();
  expect(await count('imports')).toBe(0);
});

test.each([
  ['less than all', `Content-Length: ${sent.length + 100}`],
  ['more than all', `Content-Length: ${sent.indexOf('\n') + 1}`],
  ['all', `Content-Length: ${sent.length}`],
])('whoever sends %s and leaves at once is not waited for', async (_what, head) => {
  // A token is looked up first: by then they have left.
  const token = await api.tokenFor('importer');
  await Promise.all([0, 1, 2, 4, 8].map((staying) => sendRaw(head, sent, { staying, token })));
  await later(50);
  await expect.poll(() => readdir(join(api.config.dataDir, 'uploads'))).toEqual([]);
});

test('who may not import sends nothing, and a token of another context neither', async () => {
  for (const token of [await api.tokenFor('viewer'), await api.tokenFor('importer', ['people'])]) {
    expect((await post(TWO, { authorization: `Bearer ${token}` })).status).toBe(403);
  }
  await expectNothingKept();
});
