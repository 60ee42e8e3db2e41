import { expect, test } from 'vitest';
import { STARTER_QUERIES } from '../../src/server/starter-queries.ts';
import { useTestApi } from '../support/api.ts';
import { useTestDatabase } from '../support/database.ts';

const api = await useTestApi(await useTestDatabase());

test.each(STARTER_QUERIES.map(({ query, variables }) => [query.split('\n')[0], query, variables] as const))(
  'the tab "%s" is answered without an error',
  async (_what, query, variables) => {
    const answer = await api.ask(query, variables);
    expect(answer.errors).toEqual([]);
    expect(answer.status).toBe(200);
  },
);
