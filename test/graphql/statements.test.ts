/** Lists are read in sets: how many rows there are does not change how many statements run. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../support/database.ts';
import { codesOf, dataAt, graphqlOver } from '../support/graphql.ts';
import { recordQueries } from '../support/queries.ts';
import { seedResearches } from '../support/research.ts';

const few = await createTestDatabase();
const many = await createTestDatabase();
afterAll(async () => {
  await few.close();
  await many.close();
});
beforeAll(async () => {
  await seedResearches(few.owner, 3);
  await seedResearches(many.owner, 30);
});

const LISTS: readonly (readonly [string, string, number])[] = [
  ['researches with researcher', '{ researches(first: 30) { nodes { researcher { name } } } }', 2],
  [
    'researches with videos',
    '{ researches(first: 30) { nodes { videos(first: 5) { totalCount nodes { title } } } } }',
    3,
  ],
  [
    'researches with filtered videos',
    '{ researches(first: 30) { nodes { videos(where: { status: { equals: QUEUED } }) { totalCount edges { relevanceScore } } } } }',
    3,
  ],
  [
    'three levels',
    `{ researches(first: 30) { nodes { videos(first: 2) { nodes {
         channel { name videosInQueue } influencers(first: 2) { nodes { name } } analyses(first: 2) { nodes { results } }
       } } reports(first: 2) { nodes { title } } } } }`,
    7,
  ],
  [
    'videos with channel, researches and segments',
    '{ videos(first: 30) { nodes { channel { name } researches { totalCount nodes { title } } segments(first: 1) { nodes { start text } } } } }',
    5,
  ],
  ['channels with videos', '{ channels(first: 30) { nodes { videosInQueue videos(first: 1) { totalCount } } } }', 3],
  ['influencers with videos', '{ influencers(first: 30) { nodes { videos(first: 1) { nodes { title } } } } }', 2],
  ['reports with research', '{ reports(first: 30) { nodes { research { title } } } }', 2],
  ['analyses with video', '{ analyses(first: 30) { nodes { video { title } } } }', 2],
  [
    'employees with researches',
    '{ employees { nodes { researches(first: 3) { totalCount nodes { title } } searches { totalCount } } } }',
    4,
  ],
  [
    'the same relation twice with the same arguments',
    '{ videos(first: 30) { nodes { a: channel { name } b: channel { name } } } }',
    2,
  ],
  [
    'a search with headlines, moments and rows',
    '{ search(query: "sentence", first: 30) { totalCount edges { headline segment { start } node { ... on Video { title } } } } }',
    5,
  ],
  [
    'lists by related rows and counts',
    `{ videos(first: 30, orderBy: [{ channel: { name: DESC } }, { segments: { count: ASC } }, { duration: ASC_NULLS_FIRST }]) {
         totalCount nodes { title channel { name } }
       } }`,
    3,
  ],
  [
    'lists of each row by related rows and counts',
    `{ researches(first: 30, orderBy: [{ videos: { count: DESC } }]) { nodes {
         videos(first: 2, orderBy: [{ channel: { videos: { count: DESC } } }], where: { analyses: { some: {} } }) { totalCount nodes { title } }
       } } }`,
    3,
  ],
  [
    'lists filtered through relations',
    `{ videos(first: 30, where: { researches: { some: {}, none: { title: { contains: "none" } }, link: { relevanceScore: { isNull: false } } } }) { totalCount nodes { title } } }`,
    2,
  ],
  ['origins', '{ videos(first: 30) { nodes { origin { path } } } }', 1],
];

test.each(LISTS)('%s: 3 rows and 30 rows take the same number of statements', async (_name, document, expected) => {
  const counts: number[] = [];
  for (const database of [few, many]) {
    const recording = recordQueries(database.read);
    const answer = await graphqlOver(database)(document);
    expect(codesOf(answer)).toEqual([]);
    counts.push(recording.statements().length);
    recording.stop();
  }
  expect(counts).toEqual([expected, expected]);
});

test('only the columns asked for are read', async () => {
  const recording = recordQueries(many.read);
  await graphqlOver(many)('{ videos(first: 2) { nodes { title } } }');
  expect(recording.statements().join()).not.toMatch(/transcript_content|search_|metadata/);
  recording.stop();
});

test('totalCount alone reads no rows, rows alone count nothing, and what asks for nothing opens no transaction', async () => {
  const recording = recordQueries(many.read);
  await graphqlOver(many)('{ videos { totalCount } }');
  expect(recording.statements()).toHaveLength(1);
  expect(recording.statements()[0]).toContain('count(*)');
  recording.clear();
  await graphqlOver(many)('{ videos { nodes { title } } }');
  expect(recording.statements().join()).not.toContain('count(*)');
  recording.clear();
  await graphqlOver(many)('{ __typename }');
  expect(recording.all()).toEqual([]);
  recording.stop();
});

test('an operation is one transaction', async () => {
  const recording = recordQueries(many.read);
  await graphqlOver(many)('{ videos { totalCount nodes { channel { name } } } researches { totalCount } }');
  expect(recording.all().filter((text) => text.startsWith('BEGIN'))).toEqual([
    'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
  ]);
  recording.stop();
});

test('graphql itself and the compiler answer alike', async () => {
  for (const [, document] of LISTS) {
    const compiled = await graphqlOver(few)(document);
    const executed = await graphqlOver(few, { compiled: false })(document);
    expect(compiled).toEqual(executed);
  }
});

test('of a document with several operations the one named is executed, each time', async () => {
  const ask = graphqlOver(few);
  const document = 'query A { channels { totalCount } } query B { videos { totalCount } }';
  expect(codesOf(await ask(document))).toEqual(['BAD_USER_INPUT']);
  const a = await graphqlOver(few)(document, {}, 'A');
  const b = await graphqlOver(few)(document, {}, 'B');
  expect([dataAt(a, 'channels.totalCount'), dataAt(b, 'videos.totalCount')]).toEqual([3, 6]);
});

test('three nested lists of 100 are refused before any statement; the contract’s own list of 100 is not', async () => {
  const recording = recordQueries(many.read);
  const deep =
    '{ researches(first: 100) { nodes { videos(first: 100) { nodes { researches(first: 100) { nodes { title } } } } } } }';
  expect(codesOf(await graphqlOver(many)(deep))).toEqual(['LIMIT_EXCEEDED']);
  const priced =
    'query P($n: Int) { researches(first: $n) { nodes { videos(first: $n) { nodes { researches(first: $n) { nodes { title } } } } } } }';
  expect(codesOf(await graphqlOver(many)(priced, { n: 100 }))).toEqual(['LIMIT_EXCEEDED']);
  expect(recording.all()).toEqual([]);
  recording.stop();
});
