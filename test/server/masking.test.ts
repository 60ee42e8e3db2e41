import { GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { expect, test } from 'vitest';
import type { GraphqlContext } from '../../src/graphql/context.ts';
import { mutate } from '../../src/graphql/mutate.ts';
import { useTestDatabase } from '../support/database.ts';
import { useTestServer } from '../support/http.ts';

/** What PostgreSQL says no to, and the code that a client gets. */
const REFUSED_BY_POSTGRES = {
  duplicate: [
    `INSERT INTO tombstones (table_name, record_id, deleted_by) VALUES ('a', 'secret-key', 'x'), ('a', 'secret-key', 'x')`,
    'CONFLICT',
  ],
  dangling: [
    `INSERT INTO research_videos (research_id, video_id, created_at, updated_at) VALUES ('secret-key', 'x', now(), now())`,
    'CONFLICT',
  ],
  missing: ['INSERT INTO tombstones (table_name) VALUES (NULL)', 'BAD_USER_INPUT'],
  nul: [`SELECT '{"a":"\\u0000"}'::jsonb`, 'BAD_USER_INPUT'],
  number: [`SELECT '1e200000'::numeric::float8`, 'BAD_USER_INPUT'],
} as const;

const schema = new GraphQLSchema({
  query: new GraphQLObjectType({
    name: 'Query',
    fields: {
      bug: {
        type: GraphQLString,
        resolve: () => {
          throw new Error('password=hunter2');
        },
      },
      sql: {
        type: GraphQLString,
        resolve: async (_source, _args, context: GraphqlContext) => {
          await context.reads.query('broken', 'SELECT secret_column FROM imports');
        },
      },
      tooLong: {
        type: GraphQLString,
        resolve: async (_source, _args, { reads }: GraphqlContext) => {
          await reads.query('impatience', `SELECT set_config('statement_timeout', '50', true)`);
          await reads.query('slow', 'SELECT pg_sleep(5)');
        },
      },
      slow: { type: GraphQLString, resolve: () => new Promise((resolve) => setTimeout(() => resolve('done'), 500)) },
    },
  }),
  mutation: new GraphQLObjectType({
    name: 'Mutation',
    fields: Object.fromEntries(
      Object.entries(REFUSED_BY_POSTGRES).map(([name, [sql]]) => [
        name,
        {
          type: GraphQLString,
          resolve: (_source: unknown, _args: unknown, context: GraphqlContext) =>
            mutate(context, async ({ query }) => void (await query(name, sql))),
        },
      ]),
    ),
  }),
});
const database = await useTestDatabase();
const server = await useTestServer(database, { schema });

test.each(['bug', 'sql'])('a client sees of a %s an id, and the log has the rest under it', async (field) => {
  const response = await server.post({ query: `{ ${field} }` });
  const text = await response.text();
  expect(text).toContain('Unexpected error.');
  expect(text).not.toMatch(/hunter2|secret_column|SELECT|stack/);
  const { errors } = JSON.parse(text) as { errors: { extensions: { requestId: string } }[] };
  const requestId = errors[0]?.extensions.requestId ?? '';
  expect(response.headers.get('x-request-id')).toBe(requestId);
  const line = server
    .logged()
    .split('\n')
    .find((logged) => logged.includes(requestId) && logged.includes('"level":50'));
  expect(line).toMatch(/hunter2|secret_column/);
});

test('what takes the database too long is told as too much, with a hint', async () => {
  const answer = JSON.parse(await (await server.post({ query: '{ tooLong }' })).text()) as { errors: object[] };
  expect(answer.errors).toMatchObject([
    { extensions: { code: 'LIMIT_EXCEEDED', hint: expect.stringContaining('fewer rows') } },
  ]);
});

test.each(Object.entries(REFUSED_BY_POSTGRES).map(([name, [, code]]) => [name, code]))(
  'a row that is %s is refused as %s, in our words',
  async (name, code) => {
    const response = await server.post({ query: `mutation { ${name} }` });
    const text = await response.text();
    const { errors } = JSON.parse(text) as { errors: { extensions: { code: string; hint: string } }[] };
    expect(errors.map(({ extensions }) => extensions.code)).toEqual([code]);
    expect(errors[0]?.extensions.hint).toBeTruthy();
    expect(text).not.toMatch(/secret-key|tombstones|research_videos|constraint|INSERT|SELECT|violates/);
  },
);
