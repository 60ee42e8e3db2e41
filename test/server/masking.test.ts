import { GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { expect, test } from 'vitest';
import type { GraphqlContext } from '../../src/graphql/context.ts';
import { useTestDatabase } from '../support/database.ts';
import { useTestServer } from '../support/http.ts';

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
      slow: { type: GraphQLString, resolve: () => new Promise((resolve) => setTimeout(() => resolve('done'), 500)) },
    },
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
