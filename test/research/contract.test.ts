/** The documents that dashboards, analysts and scripts already send. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Kind, parse, print } from 'graphql';
import { beforeAll, expect, test } from 'vitest';
import { useTestDatabase } from '../support/database.ts';
import { dataAt, graphqlOver } from '../support/graphql.ts';
import { seedResearches } from '../support/research.ts';

const database = await useTestDatabase();
const ask = graphqlOver(database);

const text = await readFile(join(import.meta.dirname, '..', 'contract-documents', 'research.graphql'), 'utf8');
const documents = new Map(
  parse(text).definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION ? [[definition.name?.value ?? '', print(definition)]] : [],
  ),
);
const send = (name: string, variables = {}) => ask(documents.get(name) ?? '', variables);

beforeAll(() => seedResearches(database.owner, 5));

test('researches come with videos, channels, influencers, analyses and reports', async () => {
  const answer = await send('Researches', { first: 2 });
  expect(dataAt(answer, 'researches.totalCount')).toBe(5);
  expect(dataAt(answer, 'researches.pageInfo.hasNextPage')).toBe(true);
  expect(dataAt(answer, 'researches.edges.0.node')).toMatchObject({
    researchId: 'RSH-VID-005',
    department: 'VID',
    status: 'PLANNING',
    createdDate: '2025-01-06T00:00:00.000Z',
    metadata: { number: 5 },
    researcher: { employeeId: 'anna', name: 'Anna' },
    videos: {
      totalCount: 2,
      edges: [
        {
          relevanceScore: 0.5,
          node: {
            videoId: 'Video_005-0',
            status: 'COMPLETED',
            channel: { channelId: 'YT-5', name: 'Channel 5', platform: 'YouTube' },
            influencers: { edges: [{ node: { influencerId: 'INF-5', name: 'Person 5', engagementRate: 0.5 } }] },
            analyses: { edges: [{ node: { analysisId: 'gap:Video_005-0', analysisType: 'GAP_ANALYSIS' } }] },
          },
        },
        { relevanceScore: null },
      ],
    },
    reports: { edges: [{ node: { reportId: 'report-5', title: 'Report 5', filePath: null } }] },
  });
});

test('a page goes on where the last one ended', async () => {
  const first = await send('Researches', { first: 2 });
  const next = await send('Researches', { first: 2, after: dataAt(first, 'researches.pageInfo.endCursor') });
  expect(dataAt(next, 'researches.edges.0.node.researchId')).toBe('RSH-VID-003');
});

test('filters and orders of the contract are understood', async () => {
  const answer = await send('Researches', {
    where: {
      department: { in: ['VID', 'AI'] },
      status: { equals: 'ACTIVE' },
      title: { contains: 'RESEARCH' },
      videos: { some: { status: { equals: 'COMPLETED' } } },
    },
    orderBy: [{ createdDate: 'DESC' }],
  });
  expect(dataAt(answer, 'researches.totalCount')).toBe(1);
  expect(dataAt(answer, 'researches.edges.0.node.researchId')).toBe('RSH-VID-003');
});

test('one research, one video with its transcript, and lists of everything else answer', async () => {
  const research = await send('ResearchById', { researchId: 'RSH-VID-001' });
  expect(dataAt(research, 'research.videos.edges.0.node.videoId')).toBe('Video_001-0');
  const video = await send('VideoById', { videoId: 'Video_001-0' });
  expect(dataAt(video, 'video')).toMatchObject({
    transcriptContent: 'What is said in Video_001-0',
    analyses: { edges: [{ node: { results: { found: 'Video_001-0' } } }] },
  });
  const videos = await send('Videos', { first: 1 });
  expect(dataAt(videos, 'videos.edges.0.node.researches.edges.0.node.researchId')).toBe('RSH-VID-005');
  const channels = await send('Channels', { first: 1 });
  expect(dataAt(channels, 'channels.edges.0.node')).toMatchObject({ name: 'Channel 5', videos: { totalCount: 2 } });
  const influencers = await send('Influencers', {});
  expect(dataAt(influencers, 'influencers.edges.4.node.videos.edges.1.node.videoId')).toBe('Video_001-1');
});

test('what is not there is null', async () => {
  expect(dataAt(await send('ResearchById', { researchId: 'RSH-VID-999' }), 'research')).toBeNull();
  expect(dataAt(await send('VideoById', { videoId: 'none' }), 'video')).toBeNull();
});

test('a search finds videos and researches', async () => {
  const answer = await send('SearchTranscripts', { query: '"said in Video_003"', first: 5 });
  expect(dataAt(answer, 'search.edges.0.node')).toMatchObject({ __typename: 'Video' });
  expect(dataAt(answer, 'search.edges.0.headline')).toContain('<mark>');
});

test('the dashboard’s figures have the API’s names as keys', async () => {
  const stats = dataAt(await send('Stats'), 'dashboardStats');
  expect(stats).toMatchObject({ researchesLast7Days: 0 });
  expect(dataAt({ data: stats }, 'researchesByStatus')).toContainEqual({ key: 'ACTIVE', count: 1 });
  expect(dataAt({ data: stats }, 'researchesByDepartment')).toContainEqual({
    key: 'VID',
    total: 3,
    active: 1,
    completed: 0,
  });
  expect(dataAt({ data: stats }, 'videosByStatus')).toContainEqual({ key: 'QUEUED', count: 5 });
  expect(dataAt({ data: stats }, 'searchQueueByStatus')).toContainEqual({ key: 'PENDING', count: 0 });
});

test('a research is created, changed and deleted', async () => {
  const created = await send('CreateResearch', { input: { title: 'New', department: 'AI' } });
  expect(dataAt(created, 'createResearch.research')).toMatchObject({ researchId: 'RSH-AI-001', status: 'PLANNING' });
  const updated = await send('UpdateResearch', { researchId: 'RSH-AI-001', patch: { status: 'REVIEW' } });
  expect(dataAt(updated, 'updateResearch.research')).toMatchObject({ title: 'New', status: 'REVIEW' });
  const deleted = await send('DeleteResearch', { researchId: 'RSH-AI-001' });
  expect(dataAt(deleted, 'deleteResearch.deletedId')).toBe(dataAt(created, 'createResearch.research.id'));
});
