/** Who sends a read is asked together with the read: what was taken away a moment ago opens nothing, however warm the server is. */
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createToken, verifyToken } from '../../src/access/tokens.ts';
import { createUser } from '../../src/access/users.write.ts';
import { closePools, openPools } from '../../src/database/pools.ts';
import { statementsSeen, writeSession } from '../../src/database/session.ts';
import { hasRole, hasScope } from '../../src/kernel/actor.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { loadRestRoutes } from '../../src/server/rest-routes.ts';
import { loadSchema } from '../../src/server/schema.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { codeOf, useTestServer } from '../support/http.ts';
import { seedResearches } from '../support/research.ts';

const ROUTES = await loadRestRoutes();
const database = await useTestDatabase();
const server = await useTestServer(database, {
  schema: await loadSchema(),
  routes: ROUTES,
  settings: { rateLimit: 1_000_000 },
});

/** Its database has less patience with what it is asked. */
const pools = openPools(database.apiUrl, silentLog(), { read: 300 });
afterAll(() => closePools(pools));
const impatient = await useTestServer({ ...database, read: pools.read }, { routes: ROUTES });

const OF_RESEARCH = { query: '{ researches { nodes { researchId } } }' };
const OF_ADMINS = { query: '{ users { nodes { email } } }' };

/** Of a token that was made for a user; both may do everything at first. */
interface Sender {
  readonly token: string;
  readonly headers: HeadersInit;
}
let sender: Sender;
let made = 0;

beforeAll(() => seedResearches(database.owner, 2));

beforeEach(async () => {
  made += 1;
  const userId = await writeSession(database.write, TESTER, ({ query }) =>
    createUser(query, TESTER, { email: `user${made}@example.org`, role: 'admin', scopes: null }),
  );
  const { token } = await createToken(database, TESTER, { name: `token${made}`, role: 'admin', userId });
  sender = { token, headers: { authorization: `Bearer ${token}` } };
});

const ask = (body: object, { headers }: Sender = sender): Promise<Response> => server.post(body, { headers });

/** The same rows over REST. */
const get = ({ headers }: Sender = sender): Promise<Response> => fetch(`${server.url}/api/v1/researches`, { headers });

/** What the database is asked for while `work` runs, by the labels of its statements. */
async function asked(work: () => Promise<unknown>): Promise<string[]> {
  const labels: string[] = [];
  const end = statementsSeen.watch(({ label }) => {
    labels.push(label);
    return { ended: () => undefined };
  });
  await work();
  end();
  return labels;
}

/** Until the sender is presumed. */
async function warm(body: object): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) expect((await ask(body)).status).toBe(200);
  expect(await asked(() => ask(body))).toEqual(['compiled document']);
}

/** The same over REST. */
async function warmRest(): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) expect((await get()).status).toBe(200);
  expect(await asked(() => get())).toEqual(['rest researches listed']);
}

const change = (set: string): Promise<unknown> => {
  const [table, assignment] = set.split(' SET ');
  const which = table === 'tokens' ? `name = 'token${made}'` : `email = 'user${made}@example.org'`;
  return database.owner.query(`UPDATE ${table} SET ${assignment} WHERE ${which}`);
};

describe('the very next request of a warm server', () => {
  test.each([
    ['is revoked', 'tokens SET revoked_at = now()'],
    ['is over', "tokens SET expires_at = now() - interval '1 second'"],
    ['belongs to a user who is disabled', 'users SET disabled_at = now()'],
    ['is another one', "tokens SET hash = repeat('0', 64)"],
  ])('is refused whose token %s', async (_, set) => {
    await warm(OF_RESEARCH);
    await change(set);
    const response = await ask(OF_RESEARCH);
    expect(response.status).toBe(401);
    expect(await response.text()).not.toContain('RSH');
    const told = [...response.headers.keys()].filter((name) => /ratelimit|x-cairn-cost/.test(name));
    expect(told).toEqual([]);
    for (const again of [await ask(OF_RESEARCH), await get()]) expect(again.status).toBe(401);
  });

  test.each([
    ['is revoked', 'tokens SET revoked_at = now()', 401],
    ['belongs to a user who is disabled', 'users SET disabled_at = now()', 401],
    ['lost a scope', "tokens SET scopes = '{market}'", 403],
    ['belongs to a user who lost a scope', "users SET scopes = '{market}'", 403],
  ])('is refused over REST whose token %s', async (_, set, status) => {
    await warmRest();
    await change(set);
    const refused = await get();
    expect([refused.status, (await refused.text()).includes('RSH')]).toEqual([status, false]);
    if (status === 401) expect(refused.headers.has('x-cairn-cost')).toBe(false);
  });

  test('is refused whose token came to its end by the clock alone', async () => {
    const end = new Date(Date.now() + 600);
    await change(`tokens SET expires_at = '${end.toISOString()}'`);
    await warm(OF_RESEARCH);
    while (Date.now() <= end.getTime()) await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await ask(OF_RESEARCH)).status).toBe(401);
  });

  test.each([
    ['a scope of the token', "tokens SET scopes = '{market}'", OF_RESEARCH],
    ['a scope of its user', "users SET scopes = '{market}'", OF_RESEARCH],
    ['the role of the token', "tokens SET role = 'editor'", OF_ADMINS],
    ['the role of its user', "users SET role = 'editor'", OF_ADMINS],
  ])('is limited once %s is taken away, and may again once it is given back', async (_, set, body) => {
    await warm(body);
    await change(set);
    const refused = await ask(body);
    expect(await codeOf(refused.clone())).toBe('FORBIDDEN');
    expect(await refused.text()).not.toMatch(/RSH|example\.org/);
    await change(`${set.split(' ')[0]} SET role = 'admin', scopes = NULL`);
    await warm(body);
  });

  test('is paid for by the rights that it has now', async () => {
    await warm(OF_RESEARCH);
    expect((await ask(OF_RESEARCH)).headers.has('ratelimit')).toBe(false);
    await change("tokens SET role = 'viewer'");
    const limited = await ask(OF_RESEARCH);
    expect(limited.headers.get('ratelimit')).toContain('"points"');
    const cost = limited.headers.get('x-cairn-cost');
    await warm(OF_RESEARCH);
    expect((await ask(OF_RESEARCH)).headers.get('x-cairn-cost')).toBe(cost);
  });

  test('notes the use of a token that was not used for a minute', async () => {
    await warm(OF_RESEARCH);
    await change("tokens SET last_used_at = now() - interval '2 minutes'");
    await ask(OF_RESEARCH);
    const { rows } = await database.owner.query<{ lately: boolean }>(
      `SELECT last_used_at > now() - interval '1 minute' AS lately FROM tokens WHERE name = 'token${made}'`,
    );
    expect(rows).toEqual([{ lately: true }]);
    await warm(OF_RESEARCH);
  });
});

test('whatever is said or wrong, who is not authenticated hears of nothing else', async () => {
  await warm(OF_RESEARCH);
  await change('tokens SET revoked_at = now()');
  const bodies = [{ query: '{ nothing }' }, [], { query: 'mutation { signOut }' }, OF_RESEARCH];
  for (const body of bodies) expect([(await ask(body)).status, body]).toEqual([401, body]);
});

test.each(['researches/RSH-000001', 'researches/none', 'researches?limit=0', 'researches?cursor=%', 'nothing', '%'])(
  'of %s over REST who is not authenticated hears nothing else, and who is pays for it once',
  async (path) => {
    await warmRest();
    await change("tokens SET role = 'viewer'");
    const costs = new Set<string | null>();
    for (let turn = 0; turn < 2; turn += 1) {
      const answer = await fetch(`${server.url}/api/v1/${path}`, { headers: sender.headers });
      costs.add(`${answer.status} for ${answer.headers.get('x-cairn-cost')}`);
    }
    expect([...costs]).toHaveLength(1);
    await change('tokens SET revoked_at = now()');
    expect((await fetch(`${server.url}/api/v1/${path}`, { headers: sender.headers })).status).toBe(401);
  },
);

test('every route that is one read asks one statement', async () => {
  const reads = ROUTES.filter(({ isOneRead }) => isOneRead);
  expect(reads.length).toBeGreaterThan(20);
  await warmRest();
  for (const { path } of reads) {
    const address = path.replaceAll(/:\w+/g, '019a0b1c-2d3e-7f40-8a51-62738495a6b8');
    expect(await asked(() => fetch(`${server.url}/api/v1${address}`, { headers: sender.headers })), path).toHaveLength(
      1,
    );
  }
});

test('what takes the database too long is stopped once', async () => {
  const slow = () => fetch(`${impatient.url}/api/v1/researches`, { headers: sender.headers });
  for (let turn = 0; turn < 2; turn += 1) expect((await slow()).status).toBe(200);
  await database.owner.query(`
    CREATE FUNCTION slowly(title text) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(1); RETURN true; END';
    ALTER TABLE researches ENABLE ROW LEVEL SECURITY;
    CREATE POLICY slow ON researches USING (slowly(title));`);
  let answer = new Response();
  const statements = await asked(async () => {
    answer = await slow();
  });
  await database.owner.query('DROP POLICY slow ON researches; ALTER TABLE researches DISABLE ROW LEVEL SECURITY');
  expect(await answer.json()).toMatchObject({ status: 400, code: 'LIMIT_EXCEEDED' });
  expect(statements).toEqual(['rest researches listed', 'access token verify']);
});

test('what cannot be compiled is executed for who is authenticated, and paid for once', async () => {
  await warm(OF_RESEARCH);
  await change("tokens SET role = 'viewer'");
  await warm(OF_RESEARCH);
  const body = { query: '{ me { role } }' };
  const costs = [(await ask(body)).headers.get('x-cairn-cost'), (await ask(body)).headers.get('x-cairn-cost')];
  expect(costs[0]).toBe(costs[1]);
  expect(await (await ask(body)).json()).toEqual({ data: { me: { role: 'VIEWER' } } });
});

test('after any changes, a request is answered by what a lookup would find', async () => {
  const scopes = fc.constantFrom('NULL', "'{research}'", "'{market}'", "'{market,research}'");
  const role = fc.constantFrom("'viewer'", "'editor'", "'admin'");
  const moment = fc.constantFrom('NULL', 'NULL', 'now()');
  const step = fc.oneof(
    scopes.map((value) => `tokens SET scopes = ${value}`),
    scopes.map((value) => `users SET scopes = ${value}`),
    role.map((value) => `tokens SET role = ${value}`),
    role.map((value) => `users SET role = ${value}`),
    moment.map((value) => `tokens SET revoked_at = ${value}`),
    moment.map((value) => `tokens SET expires_at = ${value}`),
    moment.map((value) => `users SET disabled_at = ${value}`),
    fc.constant("tokens SET last_used_at = now() - interval '1 hour'"),
    fc.constant('users SET name = name'),
  );
  await warm(OF_RESEARCH);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
      for (const set of steps) {
        await change(set);
        const actor = await verifyToken(database, sender.token);
        const expected = actor === null ? 401 : hasScope(actor, 'research') && hasRole(actor, 'viewer') ? 200 : 403;
        const response = await ask(OF_RESEARCH);
        const body = await response.text();
        expect([
          [401, 429].includes(response.status) ? 401 : body.includes('FORBIDDEN') ? 403 : response.status,
        ]).toEqual([expected]);
        expect(body.includes('RSH')).toBe(expected === 200);
        const rows = await get();
        // Who is wrong too often is told that.
        expect([rows.status === 429 ? 401 : rows.status, (await rows.text()).includes('RSH')]).toEqual([
          expected,
          expected === 200,
        ]);
      }
    }),
    { numRuns: 10 },
  );
});
