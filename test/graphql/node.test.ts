import { beforeAll, expect, test } from 'vitest';
import { nodeId } from '../../src/graphql/node.ts';
import { useTestDatabase } from '../support/database.ts';
import { codesOf, dataAt, graphqlOver } from '../support/graphql.ts';
import { seedResearches } from '../support/research.ts';

const database = await useTestDatabase();
const ask = graphqlOver(database);
beforeAll(() => seedResearches(database.owner, 2));

const NODE =
  'query N($id: ID!) { node(id: $id) { __typename id ... on Video { videoId title } ... on Research { researchId } } }';

test('every row is found again by its id, with its type', async () => {
  const listed = await ask(
    '{ videos(first: 1) { nodes { id videoId } } researches(first: 1) { nodes { id } } videosAgain: videos(first: 1) { nodes { segments(first: 1) { nodes { id } } } } }',
  );
  const video = dataAt(listed, 'videos.nodes.0.id');
  expect(dataAt(await ask(NODE, { id: video }), 'node')).toMatchObject({
    __typename: 'Video',
    id: video,
    videoId: 'Video_002-0',
  });
  expect(dataAt(await ask(NODE, { id: dataAt(listed, 'researches.nodes.0.id') }), 'node')).toMatchObject({
    researchId: 'RSH-VID-002',
  });
  const segment = dataAt(listed, 'videosAgain.nodes.0.segments.nodes.0.id');
  expect(dataAt(await ask(NODE, { id: segment }), 'node')).toEqual({ __typename: 'VideoSegment', id: segment });
});

test('nodes keeps the order, and what is gone is null', async () => {
  const ids = [nodeId('Video', 'none'), nodeId('Research', 'RSH-VID-001')];
  const answer = await ask('query N($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
  expect(dataAt(answer, 'nodes')).toEqual([null, { id: ids[1] }]);
});

test.each([
  '',
  'x',
  '%%%',
  nodeId('Nothing', 'x'),
  nodeId('toString', 'x'),
  nodeId('Import', 'no-uuid'),
  nodeId('Change', '1; x'),
  `${nodeId('Video', 'x')}=`,
])('%j is no id', async (id) => {
  expect(codesOf(await ask(NODE, { id }))).toEqual(['BAD_USER_INPUT']);
});

test('more ids than a page holds are refused', async () => {
  const ids = Array.from({ length: 101 }, (_, n) => nodeId('Video', String(n)));
  expect(codesOf(await ask('query N($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids }))).toEqual(['LIMIT_EXCEEDED']);
});
