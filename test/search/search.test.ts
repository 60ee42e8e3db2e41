import { beforeAll, expect, test } from 'vitest';
import { asHtml } from '../../src/search/marks.ts';
import { useTestDatabase } from '../support/database.ts';
import { codesOf, dataAt, graphqlOver } from '../support/graphql.ts';
import { insertRows } from '../support/research.ts';

const database = await useTestDatabase();
const ask = graphqlOver(database);

const SEARCH = `query S($query: String!, $first: Int, $after: String) {
  search(query: $query, first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage endCursor }
    edges { rank headline cursor segment { start text } node {
      __typename ... on Video { videoId } ... on Research { researchId } ... on Report { reportId } ... on Analysis { analysisId }
    } }
  }
}`;

const now = new Date(0).toISOString();
const video = (video_id: string, title: string, transcript_content: string) => ({
  video_id,
  title,
  transcript_content,
  source_url: 'x',
  status: 'completed',
  created_date: now,
  updated_at: now,
  metadata: {},
});

beforeAll(async () => {
  await insertRows(database.owner, 'videos', [
    video('V1', 'Agents at work', 'We were running several <b>agents</b> & tools yesterday.'),
    video('V2', 'Пошук джерел', 'Сьогодні говоримо про ґрунтовний пошук і Їжачка.'),
    video('V3', 'Plain', 'Nothing of interest.'),
    video('V4', 'Café déjà vu', 'A word on crème brûlée.'),
  ]);
  await insertRows(database.owner, 'video_segments', [
    { video_id: 'V1', position: 1, start_seconds: 0, text: 'Welcome to the show.' },
    { video_id: 'V1', position: 2, start_seconds: 61.5, text: 'We were running several agents.' },
    { video_id: 'V3', position: 1, start_seconds: 9, text: 'Here a zebra passes by.' },
  ]);
  await insertRows(database.owner, 'researches', [
    {
      research_id: 'RSR-001',
      title: 'Agents compared',
      department: 'AI',
      status: 'active',
      created_date: now,
      updated_date: now,
      metadata: {},
    },
  ]);
  await insertRows(database.owner, 'reports', [
    {
      report_id: 'R1',
      title: 'On agents',
      created_date: now,
      updated_at: now,
      metadata: { content: 'They run and run.' },
    },
  ]);
  await insertRows(database.owner, 'analysis_results', [
    {
      analysis_id: 'A1',
      analysis_type: 'extraction',
      results: { title: 'Agents extracted', text: 'x' },
      created_at: now,
      updated_at: now,
    },
  ]);
});

const find = (query: string, more = {}) => ask(SEARCH, { query, ...more });

test('researches, videos, reports and analyses are found, each as its type', async () => {
  const answer = await find('agent');
  expect(dataAt(answer, 'search.totalCount')).toBe(4);
  const types = (dataAt(answer, 'search.edges') as { node: { __typename: string } }[]).map(
    ({ node }) => node.__typename,
  );
  expect(types.toSorted()).toEqual(['Analysis', 'Report', 'Research', 'Video']);
});

test('words are found in their other forms in English, and as they are in other languages, with or without accents', async () => {
  expect(dataAt(await find('run agents yesterday'), 'search.edges.0.node.videoId')).toBe('V1');
  expect(dataAt(await find('ПОШУК'), 'search.edges.0.node.videoId')).toBe('V2');
  expect(dataAt(await find('їжачка'), 'search.edges.0.node.videoId')).toBe('V2');
  expect(dataAt(await find('creme brulee'), 'search.edges.0.node.videoId')).toBe('V4');
  expect(dataAt(await find('crème'), 'search.edges.0.node.videoId')).toBe('V4');
});

test('a video hit points at the moment that fits best, also when only a moment holds the words', async () => {
  expect(dataAt(await find('"several agents"'), 'search.edges.0.segment')).toEqual({
    start: 61.5,
    text: 'We were running several agents.',
  });
  const zebra = await find('zebra');
  expect(dataAt(zebra, 'search.totalCount')).toBe(1);
  expect(dataAt(zebra, 'search.edges.0')).toMatchObject({ node: { videoId: 'V3' }, segment: { start: 9 } });
});

test('a headline is HTML: the text escaped, the words marked', async () => {
  const headline = dataAt(await find('tools yesterday'), 'search.edges.0.headline');
  expect(headline).toContain('<mark>tools</mark>');
  expect(headline).not.toContain('<b>');
  expect(headline).toContain('&amp;');
  expect(asHtml('<i onclick="x">\u{E000}a\u{E001}</i>')).toBe(
    '&lt;i onclick=&quot;x&quot;&gt;<mark>a</mark>&lt;/i&gt;',
  );
});

test('a headline marks words that were asked for without their accents', async () => {
  expect(dataAt(await find('brulee'), 'search.edges.0.headline')).toContain('<mark>brulee</mark>');
  expect(dataAt(await find('їжачка'), 'search.edges.0.headline')).toContain('<mark>Їжачка</mark>');
});

test('phrases, alternatives and exclusions are understood', async () => {
  expect(dataAt(await find('"agents several"'), 'search.totalCount')).toBe(0);
  expect(dataAt(await find('zebra or brulee'), 'search.totalCount')).toBe(2);
  expect(dataAt(await find('agents -compared'), 'search.totalCount')).toBe(3);
});

test('what is not wanted leaves a row out in every form, and wherever in the row it stands', async () => {
  const found = async (query: string) => dataAt(await ask(SEARCH, { query }), 'search.totalCount');
  expect(await found('agents')).toBeGreaterThan(0);
  // The row says “agents” and “tools”: in another form, and in its text while a moment alone has the other word.
  expect(await found('show -agent')).toBe(0);
  expect(await found('show -welcome')).toBe(0);
  expect(await found('show -nothing')).toBe(1);
  expect(await found('-agents')).toBe(0);
});

test.each(["'qqq' | & !( <-> :*", '', '"', '-', ')))', "'; drop table videos; --"])(
  '%j finds nothing and breaks nothing',
  async (query) => {
    const answer = await find(query);
    expect(dataAt(answer, 'search.edges')).toEqual([]);
  },
);

test('pages joined are the whole list, the best first', async () => {
  const whole = dataAt(await find('agents'), 'search.edges') as { cursor: string; rank: number }[];
  const joined: unknown[] = [];
  for (let after: unknown; joined.length < 10; ) {
    const page = await find('agents', { first: 1, ...(after !== undefined && { after }) });
    joined.push(dataAt(page, 'search.edges.0'));
    if (dataAt(page, 'search.pageInfo.hasNextPage') !== true) break;
    after = dataAt(page, 'search.pageInfo.endCursor');
  }
  expect(joined).toEqual(whole);
  expect(whole.map(({ rank }) => rank)).toEqual(whole.map(({ rank }) => rank).toSorted((a, b) => b - a));
});

test.each([[{ first: 0 }], [{ first: 101 }], [{ after: 'x' }]])('a page of %j is refused', async (more) => {
  expect(codesOf(await find('a', more))).toEqual(['BAD_USER_INPUT']);
});

test('a query longer than anyone types is refused', async () => {
  expect(codesOf(await find('a '.repeat(600)))).toEqual(['BAD_USER_INPUT']);
});
