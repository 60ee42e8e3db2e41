/** Over HTTP nobody can tell a compiled answer from an executed one, but by its speed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { createToken } from '../../src/access/tokens.ts';
import { statementsSeen } from '../../src/database/session.ts';
import type { Role } from '../../src/kernel/actor.ts';
import { loadSchema } from '../../src/server/schema.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { codeOf, useTestServer } from '../support/http.ts';
import { recordQueries } from '../support/queries.ts';
import { seedResearches } from '../support/research.ts';

const database = await useTestDatabase();
const server = await useTestServer(database, { schema: await loadSchema(), settings: { rateLimit: 3_000 } });

beforeAll(() => seedResearches(database.owner, 3));

const tokenFor = async (name: string, role: Role, scopes?: readonly string[]): Promise<HeadersInit> => {
  const { token } = await createToken(database, TESTER, { name, role, scopes });
  return { authorization: `Bearer ${token}` };
};

const ofOneRequest = new Set(['x-request-id', 'date', 'ratelimit']);
const headersOf = (response: Response) => [...response.headers].filter(([name]) => !ofOneRequest.has(name));

/** Whether a compiled document's statement ran meanwhile. */
async function isCompiled(work: () => Promise<unknown>): Promise<boolean> {
  const labels: string[] = [];
  const end = statementsSeen.watch(({ label }) => {
    labels.push(label);
    return { ended: () => undefined };
  });
  await work();
  end();
  return labels.includes('compiled document');
}

test.each([
  [undefined, true],
  ['*/*', true],
  ['application/json', true],
  ['application/json, multipart/mixed', true],
  ['application/json, text/plain, */*', true],
  ['application/graphql-response+json', true],
  ['application/graphql-response+json, application/json', true],
  ['application/graphql-response+json,application/json;q=0.9', true],
  ['application/json;q=0.5, application/graphql-response+json', false],
  ['text/plain', false],
])('status, headers and body are the same for who accepts %s', async (accept, expected) => {
  const body = { query: `query Named { researches(first: 2) { nodes { title } } } # ${accept}` };
  const init = accept === undefined ? {} : { headers: { accept } };
  const first = await server.post(body, init);
  let second = first;
  expect(
    await isCompiled(async () => {
      second = await server.post(body, init);
    }),
  ).toBe(expected);
  expect([second.status, headersOf(second)]).toEqual([first.status, headersOf(first)]);
  expect(await second.text()).toBe(await first.text());
});

test('a query in the address is compiled as well', async () => {
  const url = `${server.url}/graphql?query=${encodeURIComponent('{ researches { totalCount } }')}`;
  const headers = { ...(await tokenFor('gets', 'viewer')) };
  await fetch(url, { headers });
  expect(await isCompiled(() => fetch(url, { headers }))).toBe(true);
});

test('who lacks the scope is refused what others have had compiled', async () => {
  const body = { query: '{ researches { nodes { researchId } } }' };
  await server.post(body);
  const headers = await tokenFor('elsewhere', 'viewer', ['market']);
  expect(
    await isCompiled(async () => expect(await codeOf(await server.post(body, { headers }))).toBe('FORBIDDEN')),
  ).toBe(false);
});

test('a compiled answer is paid for once, and refused to who has spent all', async () => {
  const headers = await tokenFor('spender', 'viewer');
  const body = { query: '{ researches(first: 100) { nodes { title } } }' };
  const costs: (string | null)[] = [];
  for (let turn = 0; turn < 4; turn += 1)
    costs.push((await server.post(body, { headers })).headers.get('x-cairn-cost'));
  expect(new Set(costs)).toEqual(new Set(['301']));
  let last = await server.post(body, { headers });
  for (let turn = 0; turn < 12 && last.status === 200; turn += 1) last = await server.post(body, { headers });
  expect([last.status, await codeOf(last)]).toEqual([429, 'RATE_LIMITED']);
});

test('too dear a document stays refused', async () => {
  const query =
    '{ researches(first: 100) { nodes { videos(first: 100) { nodes { researches(first: 100) { nodes { id } } } } } } }';
  for (let turn = 0; turn < 2; turn += 1) expect(await codeOf(await server.post({ query }))).toBe('LIMIT_EXCEEDED');
});

test('one snapshot: a compiled answer is one statement, a transaction of its own', async () => {
  const body = { query: '{ researches { totalCount } videos { totalCount } }' };
  await server.post(body);
  await server.post(body);
  const sent = recordQueries(database.read);
  await server.post(body);
  await sleep(50);
  sent.stop();
  expect(sent.statements()).toHaveLength(1);
  expect(sent.all().filter((text) => /BEGIN|COMMIT/.test(text))).toEqual([]);
});

test('the statement of a client that leaves is cancelled at once', async () => {
  const body = { query: '{ researches { nodes { reports { nodes { title } } } } }' };
  await server.post(body);
  const holder = await database.owner.connect();
  const waiting = async (): Promise<number> => {
    const { rows } = await database.owner.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%AS answer'`,
    );
    return rows[0]?.n ?? 0;
  };
  const until = async (count: number): Promise<boolean> => {
    for (let tries = 0; tries < 80; tries += 1) {
      if ((await waiting()) === count) return true;
      await sleep(25);
    }
    return false;
  };
  try {
    await holder.query('BEGIN; LOCK TABLE reports IN ACCESS EXCLUSIVE MODE');
    const leaving = new AbortController();
    const answer = server.post(body, { signal: leaving.signal }).catch(() => 'left');
    expect(await until(1)).toBe(true);
    leaving.abort();
    expect(await answer).toBe('left');
    expect(await until(0)).toBe(true);
  } finally {
    await holder.query('ROLLBACK');
    holder.release();
  }
  expect((await server.post(body)).status).toBe(200);
  expect(server.logged()).not.toContain('"level":50');
});

test('a statement that fails is answered as ordinary execution answers it, and the next one is not tried', async () => {
  const body = { query: '{ employees { nodes { name metadata } } }' };
  await server.post(body);
  await database.owner.query(`UPDATE employees SET metadata = 'null'`);
  const failed = await server.post(body);
  expect(await codeOf(failed)).toBe('INTERNAL');
  expect(await isCompiled(() => server.post(body))).toBe(false);
});
