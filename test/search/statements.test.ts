import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { dataAt, graphqlOver } from '../support/graphql.ts';
import { recordQueries } from '../support/queries.ts';
import { addAnalyses, addReports, addResearches, addSegments, addVideos } from './library.ts';

const few = await createTestDatabase();
const many = await createTestDatabase();
afterAll(async () => {
  await few.close();
  await many.close();
});

async function seed({ owner }: TestDatabase, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, n) => n);
  await addResearches(
    owner,
    numbers.map((n) => ({ research_id: `R${n}`, title: `walnut ${n}` })),
  );
  await addReports(
    owner,
    numbers.map((n) => ({ report_id: `P${n}`, title: `walnut ${n}` })),
  );
  await addVideos(
    owner,
    numbers.map((n) => ({ video_id: `V${n}`, title: `walnut ${n}` })),
  );
  await addAnalyses(
    owner,
    numbers.map((n) => ({ analysis_id: `A${n}`, title: `walnut ${n}` })),
  );
  for (const n of numbers) await addSegments(owner, `V${n}`, [[n, 'A walnut falls.']]);
}

beforeAll(async () => {
  await seed(few, 3);
  await seed(many, 30);
});

const NODE = '... on Video { title } ... on Research { title } ... on Report { title } ... on Analysis { results }';

test.each([
  ['the page', 'edges { rank cursor }', 1],
  [
    'counts, bounds and types beside the page',
    'totalCount isComplete pageInfo { hasNextPage } edges { rank } facets { type { count } }',
    1,
  ],
  ['counts alone', 'totalCount', 1],
  ['rows', `edges { node { ${NODE} } }`, 5],
  ['headlines', 'edges { headline }', 5],
  ['moments', 'edges { startSeconds moments(first: 2) { text } }', 3],
  ['facets', 'facets { department { count } channel { count } }', 3],
  [
    'all of it',
    `totalCount edges { headline startSeconds segment { text } node { ${NODE} } } facets { type { count } department { count } channel { count } }`,
    13,
  ],
])('%s: as many statements for thirty hits as for three', async (_, fields, expected) => {
  const counts: number[] = [];
  for (const database of [few, many]) {
    const recording = recordQueries(database.read);
    const answer = await graphqlOver(database)(`{ search(query: "walnut", first: 100) { ${fields} } }`);
    dataAt(answer, 'search');
    counts.push(recording.statements().length);
    recording.stop();
  }
  expect(counts).toEqual([expected, expected]);
});
