/** A word that everything says costs no more than some thousand rows, and the answer says so. */
import { beforeAll, expect, test } from 'vitest';
import { MOST_CANDIDATES } from '../../src/search/hits-sql.ts';
import { useTestDatabase } from '../support/database.ts';
import { dataAt, graphqlOver } from '../support/graphql.ts';

const database = await useTestDatabase();
const ask = graphqlOver(database);

beforeAll(async () => {
  // As many as are looked at and ten more; the oldest ten have a word of their own.
  await database.owner.query(
    `INSERT INTO researches (research_id, title, department, status, created_date, updated_date)
     SELECT 'R' || lpad(i::text, 5, '0'), 'Common ' || CASE WHEN i <= 10 THEN 'relic' ELSE 'thing' END,
            CASE WHEN i <= 10 THEN 'HR' ELSE 'AI' END, 'active', timestamptz '2025-01-01' + i * interval '1 minute', now()
       FROM generate_series(1, $1) i`,
    [MOST_CANDIDATES + 10],
  );
});

const SEARCH = `query B($query: String!, $where: SearchWhere, $after: String) {
  search(query: $query, where: $where, first: 100, after: $after) {
    totalCount isComplete pageInfo { hasNextPage endCursor } edges { node { ... on Research { researchId } } }
    facets { department { value count } }
  }
}`;

test('of too many rows the newest are ranked and counted, and it says that there are more', async () => {
  expect(dataAt(await ask(SEARCH, { query: 'common' }), 'search')).toMatchObject({
    totalCount: MOST_CANDIDATES,
    isComplete: false,
    facets: { department: [{ value: 'AI', count: MOST_CANDIDATES }] },
  });
});

test('what narrows the search is looked at before the bound: old rows are found by any other word, facet or date', async () => {
  for (const [query, where] of [
    ['common relic', {}],
    ['relic', {}],
    ['common', { department: ['HR'] }],
    ['common', { before: '2025-01-01T00:10:30Z' }],
  ] as const) {
    expect(dataAt(await ask(SEARCH, { query, where }), 'search')).toMatchObject({ totalCount: 10, isComplete: true });
  }
});

test('a phrase of common words is looked for in the newest rows that have the words', async () => {
  expect(dataAt(await ask(SEARCH, { query: '"thing common"' }), 'search')).toMatchObject({
    totalCount: 0,
    isComplete: false,
  });
  expect(dataAt(await ask(SEARCH, { query: '"common relic"' }), 'search')).toMatchObject({
    totalCount: 10,
    isComplete: true,
  });
});

test('pages joined are every row that is counted, once', async () => {
  const seen: string[] = [];
  for (let after: unknown; ; ) {
    const answer = await ask(SEARCH, { query: 'common', ...(after !== undefined && { after }) });
    const edges = dataAt(answer, 'search.edges') as { node: { researchId: string } }[];
    seen.push(...edges.map(({ node }) => node.researchId));
    if (dataAt(answer, 'search.pageInfo.hasNextPage') !== true) break;
    after = dataAt(answer, 'search.pageInfo.endCursor');
  }
  expect(new Set(seen).size).toBe(MOST_CANDIDATES);
  expect(seen).toHaveLength(MOST_CANDIDATES);
});
