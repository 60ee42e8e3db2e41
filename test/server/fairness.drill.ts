/** One actor's slow questions are its own trouble: everyone else is answered as ever, and nobody waits for ever. */
import { setTimeout as sleep } from 'node:timers/promises';
import { GraphQLInt, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createToken } from '../../src/access/tokens.ts';
import type { GraphqlContext } from '../../src/graphql/context.ts';
import { mutate } from '../../src/graphql/mutate.ts';
import { IMPORT_LANE } from '../../src/graphql/turn.ts';
import { LANE_LIMITS } from '../../src/server/lanes.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { useTestServer } from '../support/http.ts';

const ask = (sql: string) => ({
  type: GraphQLString,
  args: { n: { type: GraphQLInt } },
  resolve: async (_source: unknown, _args: object, { reads }: GraphqlContext) => {
    await reads.query('asked', sql);
    return 'answered';
  },
});
const write = (sql: string) => ({
  type: GraphQLString,
  resolve: (_source: unknown, _args: object, context: GraphqlContext) =>
    mutate(context, async ({ query }) => {
      await query('write', sql);
      return 'written';
    }),
});
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({
    name: 'Query',
    fields: { slow: ask('SELECT pg_sleep(8)'), late: ask('SELECT pg_sleep(2)'), quick: ask('SELECT 1') },
  }),
  mutation: new GraphQLObjectType({
    name: 'Mutation',
    fields: {
      quick: write('SELECT 1'),
      slow: write('SELECT pg_sleep(5)'),
      load: { ...write('SELECT pg_sleep(5)'), extensions: IMPORT_LANE },
    },
  }),
});
const database = await useTestDatabase();
const lanes = {
  ...LANE_LIMITS,
  read: { ...LANE_LIMITS.read, waiting: 10, patience: 1_000, heavyPlaces: 1, heavyTurn: 3_000 },
  write: { ...LANE_LIMITS.write, waiting: 10 },
};
const server = await useTestServer(database, { schema, lanes });
const tokenOf = async (name: string): Promise<string> =>
  (await createToken(database, TESTER, { name, role: 'editor' })).token;
// Others in each test: what was used in the one before is not forgotten.
let [greedy, modest] = ['', ''];
let tests = 0;
beforeEach(async () => {
  tests += 1;
  [greedy, modest] = [await tokenOf(`greedy ${tests}`), await tokenOf(`modest ${tests}`)];
});

const isAtRest = (pool: typeof database.read) => () => pool.totalCount === pool.idleCount;
// What was begun is finished, also of a write that nobody waits for.
afterAll(() => vi.waitUntil(isAtRest(database.write), 40_000));
const leaving: AbortController[] = [];
afterEach(async () => {
  for (const one of leaving.splice(0)) one.abort();
  await vi.waitUntil(isAtRest(database.read), 20_000);
});
const send = (token: string, query: string): Promise<Response> => {
  const client = new AbortController();
  leaving.push(client);
  const answered = server.post({ query }, { headers: { authorization: `Bearer ${token}` }, signal: client.signal });
  // Those that are left unanswered at the end of a test.
  answered.catch(() => undefined);
  return answered;
};
const flood = async (count: number, query: string): Promise<Promise<Response>[]> => {
  const sent = Array.from({ length: count }, () => send(greedy, query));
  await sleep(200);
  return sent;
};
const timeOf = async (asked: () => Promise<Response>): Promise<number> => {
  const begun = performance.now();
  expect((await asked()).status).toBe(200);
  return performance.now() - begun;
};

test('a quick question is answered beside another’s slow ones, and so is whether all is well', async () => {
  await flood(14, '{ slow }');
  expect(await timeOf(() => send(modest, '{ quick }'))).toBeLessThan(4_000);
  expect(await timeOf(() => fetch(`${server.url}/health`))).toBeLessThan(4_000);
});

test('an edit is made beside another’s slow ones, and beside one’s own imports', async () => {
  await flood(10, 'mutation { slow }');
  expect(await timeOf(() => send(modest, 'mutation { quick }'))).toBeLessThan(4_000);
  for (let n = 0; n < 6; n += 1) void send(modest, 'mutation { load }');
  expect(await timeOf(() => send(modest, 'mutation { quick }'))).toBeLessThan(4_000);
});

test('more than may wait is refused at once, and told when to come back', async () => {
  const sent = await flood(30, '{ slow }');
  const first = await Promise.race(sent);
  expect([first.status, first.headers.get('retry-after')]).toEqual([429, '1']);
  const { errors, data } = (await first.json()) as { errors: { extensions: object }[]; data?: unknown };
  expect(data).toBeUndefined();
  expect(errors[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', hint: expect.stringContaining('again') });
});

test('what waits too long is refused, not kept for ever', async () => {
  const sent = await flood(8, '{ late }');
  const statuses = (await Promise.all(sent)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(4);
  expect(statuses.filter((status) => status === 429)).toHaveLength(4);
});

test('slow questions beyond a heavy actor’s share are cut short while others ask, and it is told so', async () => {
  const sent = await flood(4, '{ slow }');
  const asked = (async () => {
    for (let n = 0; n < 15; n += 1) {
      await send(modest, '{ quick }');
      await sleep(300);
    }
  })();
  const answers = await Promise.all(sent);
  await asked;
  const told = await Promise.all(answers.map(async (answer) => [answer.status, await answer.text()]));
  expect(told.filter(([status]) => status === 200)).toHaveLength(1);
  const cut = told.filter(([status]) => status === 429);
  expect(cut).toHaveLength(3);
  for (const [, text] of cut) expect(text).toContain('cut short');
  expect(answers.find(({ status }) => status === 429)?.headers.get('retry-after')).toBe('5');
});

test('who leaves gives the turn to the next', async () => {
  await flood(14, '{ slow }');
  for (const one of leaving.splice(0)) one.abort();
  expect(await timeOf(() => send(greedy, '{ quick }'))).toBeLessThan(4_000);
});

test('documents that take long to read are read in turn, too: another’s is read before most of them', async () => {
  let read = 0;
  const aliases = (n: number): string =>
    Array.from({ length: 90 }, (_, at) => `a${n}_${at}: late(n: "${at}")`).join(' ');
  const large = async (n: number): Promise<number> => {
    const { status } = await send(greedy, `{ ${aliases(n)} }`);
    read += 1;
    return status;
  };
  const sent = Array.from({ length: 40 }, (_, n) => large(n));
  await Promise.race(sent);
  expect((await send(modest, '{ quick }')).status).toBe(200);
  expect(read).toBeLessThan(35);
  expect(new Set(await Promise.all(sent))).toEqual(new Set([400]));
});
