/** Work for nobody is stopped: a client that leaves takes its statement with it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { expect, test } from 'vitest';
import type { GraphqlContext } from '../../src/graphql/context.ts';
import { mutate } from '../../src/graphql/mutate.ts';
import { useTestDatabase } from '../support/database.ts';
import { useTestServer } from '../support/http.ts';

let asked = 0;
const slow = {
  type: GraphQLString,
  resolve: async (_source: unknown, _args: unknown, { reads }: GraphqlContext) => {
    asked += 1;
    await reads.query('slow', `SELECT pg_sleep(9), 'cairn slow read'`);
    await reads.query('second', `SELECT pg_sleep(9), 'cairn slow read'`);
    return 'done';
  },
};
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({
    name: 'Query',
    fields: { slow, hello: { type: GraphQLString, resolve: () => 'hi' } },
  }),
  mutation: new GraphQLObjectType({
    name: 'Mutation',
    fields: {
      write: {
        type: GraphQLString,
        resolve: (_source, _args, context: GraphqlContext) =>
          mutate(context, async ({ query }) => {
            await query('slow', `SELECT pg_sleep(0.3), 'cairn slow write'`);
            await query('write', `INSERT INTO tombstones (table_name, record_id, deleted_by) VALUES ('x', 'y', 'z')`);
            return 'written';
          }),
      },
    },
  }),
});
const database = await useTestDatabase();
const server = await useTestServer(database, { schema });

const running = async (kind: string): Promise<number> => {
  const { rows } = await database.owner.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_stat_activity
      WHERE datname = current_database() AND state = 'active' AND query LIKE $1 AND pid <> pg_backend_pid()`,
    [`%cairn slow ${kind}%`],
  );
  return rows[0]?.n ?? 0;
};
/** Waits up to two seconds, a fraction of what the statements take when they are left alone. */
const until = async (holds: () => Promise<boolean>): Promise<boolean> => {
  for (let tries = 0; tries < 80; tries += 1) {
    if (await holds()) return true;
    await sleep(25);
  }
  return false;
};

test('the statement of a client that leaves is cancelled at once, and no other begins', async () => {
  const leaving = new AbortController();
  const answer = server.post({ query: '{ slow }' }, { signal: leaving.signal }).catch(() => 'left');
  expect(await until(async () => (await running('read')) === 1)).toBe(true);
  leaving.abort();
  expect(await answer).toBe('left');
  expect(await until(async () => (await running('read')) === 0)).toBe(true);
  await sleep(100);
  expect([await running('read'), asked]).toEqual([0, 1]);
  expect(await until(async () => database.read.totalCount === database.read.idleCount)).toBe(true);
  expect(await (await server.post({ query: '{ hello }' })).json()).toEqual({ data: { hello: 'hi' } });
  expect(server.logged()).not.toContain('"level":50');
});

test('nobody else’s statement is cancelled with it', async () => {
  const leaving = new AbortController();
  const [first, second] = [leaving.signal, new AbortController().signal].map((signal) =>
    server.post({ query: '{ slow }' }, { signal }).then(
      () => 'answered',
      () => 'left',
    ),
  );
  expect(await until(async () => (await running('read')) === 2)).toBe(true);
  leaving.abort();
  expect(await first).toBe('left');
  expect(await until(async () => (await running('read')) === 1)).toBe(true);
  await sleep(100);
  expect(await running('read')).toBe(1);
  await database.owner.query(
    `SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE '%cairn slow read%' AND pid <> pg_backend_pid()`,
  );
  expect(await second).toBe('answered');
});

test('a write that has begun is finished: its client cannot know how far it came', async () => {
  const leaving = new AbortController();
  const answer = server.post({ query: 'mutation { write }' }, { signal: leaving.signal }).catch(() => 'left');
  expect(await until(async () => (await running('write')) === 1)).toBe(true);
  leaving.abort();
  expect(await answer).toBe('left');
  const written = async () => (await database.owner.query('SELECT 1 FROM tombstones')).rowCount === 1;
  expect(await until(written)).toBe(true);
});
