import { beforeAll, expect, test } from 'vitest';
import { useTestDatabase } from '../support/database.ts';
import { codesOf, dataAt, graphqlOver } from '../support/graphql.ts';
import { addResearches, addSegments, addVideos } from './library.ts';

const database = await useTestDatabase();
const ask = graphqlOver(database);

beforeAll(async () => {
  await addVideos(database.owner, [
    { video_id: 'V1', transcript_content: 'Welcome. Tide pools are small. Crabs live there. Pools of the tide again.' },
    { video_id: 'V2', title: 'Tide tables', transcript_content: 'Nothing more.' },
  ]);
  await addSegments(database.owner, 'V1', [
    [0, 'Welcome.'],
    [4.5, 'Tide <b>pools</b> are small.'],
    [9, 'Crabs live there.'],
    [12, 'A tide comes in.'],
    [null, 'Pools by the tide; a tide and pools.'],
  ]);
  await addSegments(database.owner, 'V2', [[3, 'Nothing more.']]);
  await addResearches(database.owner, [{ research_id: 'R1', title: 'Tide pools' }]);
});

const MOMENTS = `query M($query: String!, $first: Int) {
  search(query: $query) { edges {
    startSeconds
    segment { start text }
    moments(first: $first) { startSeconds speaker text headline rank }
    node { __typename ... on Video { videoId } }
  } }
}`;

interface Edge {
  readonly startSeconds: number | null;
  readonly segment: unknown;
  readonly moments: readonly { startSeconds: number | null; text: string; headline: string; rank: number }[];
  readonly node: { readonly __typename: string; readonly videoId?: string };
}

async function edgeOf(query: string, id: string, first = 10): Promise<Edge | undefined> {
  const edges = dataAt(await ask(MOMENTS, { query, first }), 'search.edges') as Edge[];
  return edges.find(({ node }) => (node.videoId ?? node.__typename) === id);
}

test('a hit has its best moments with their seconds: those that say all of it before those that say some', async () => {
  const edge = await edgeOf('tide pools', 'V1');
  expect(edge?.moments.map(({ startSeconds }) => startSeconds)).toEqual([null, 4.5, 12]);
  expect(edge?.moments[1]?.headline).toMatch(/^<mark>Tide<\/mark> .*<mark>pools<\/mark>.* are small\.$/);
  expect(edge?.moments[1]?.headline).not.toContain('<b>');
  expect(edge?.startSeconds).toBe(null);
});

test('of a phrase the moment that says it comes first, and its second is the hit’s', async () => {
  const edge = await edgeOf('"tide pools" or zebra', 'V1');
  expect(edge?.startSeconds).toBe(4.5);
  expect(edge?.segment).toEqual({ start: 4.5, text: 'Tide <b>pools</b> are small.' });
});

test('words that are said over several moments find the video, and the moments that say some of them', async () => {
  const edge = await edgeOf('welcome crabs', 'V1');
  expect(edge?.moments.map(({ startSeconds }) => startSeconds).toSorted()).toEqual([0, 9]);
});

test('as many moments as asked for, and none of what has no such moment', async () => {
  expect((await edgeOf('tide', 'V1', 1))?.moments).toHaveLength(1);
  expect(await edgeOf('tide', 'V2')).toMatchObject({ startSeconds: null, segment: null, moments: [] });
  expect(await edgeOf('tide', 'Research')).toMatchObject({ startSeconds: null, segment: null, moments: [] });
});

test.each([[0], [101], [-1]])('%j moments are refused', async (first) => {
  expect(codesOf(await ask(MOMENTS, { query: 'tide', first }))).toContain('BAD_USER_INPUT');
});
