/** A search that is compiled finds what the executed one finds, byte for byte. */
import { beforeAll, expect, test } from 'vitest';
import { askBothWays } from '../support/both-ways.ts';
import { useTestDatabase } from '../support/database.ts';
import { seedResearches } from '../support/research.ts';
import { addVideos } from './library.ts';

const database = await useTestDatabase();
const ask = askBothWays(database);

beforeAll(() => seedResearches(database.owner, 8, 3));

const FOUND = `__typename ... on Video { videoId title channel { name } } ... on Research { id title }
  ... on Report { reportId research { title } } ... on Node { id }`;
const QUERY = `query ($query: String!, $first: Int, $where: SearchWhere) {
  search(query: $query, first: $first, where: $where) {
    totalCount isComplete pageInfo { hasNextPage hasPreviousPage }
    edges { cursor rank node { ${FOUND} } }
  }
}`;

test.each([
  ['a word', { query: 'research' }],
  ['a page', { query: 'video', first: 3 }],
  ['moments', { query: 'sentence' }],
  ['what is not wanted', { query: 'video -part' }],
  ['alternatives and phrases', { query: '"video 3" or report', first: 5 }],
  ['one type', { query: 'video or research', where: { type: ['RESEARCH'] } }],
  ['a facet and a time', { query: 'video', where: { department: ['AI'], from: '2025-01-03' } }],
  ['nothing found', { query: 'nowhere' }],
])('%s', async (_what, variables) => {
  const { ordinary, compiled, statements } = await ask(QUERY, variables);
  expect(ordinary).not.toContain('"errors"');
  expect(compiled).toBe(ordinary);
  expect(statements).toHaveLength(1);
});

test.each([
  'edges { rank node { __typename } }',
  'isComplete',
  'edges { cursor } isComplete',
  'pageInfo { hasNextPage } edges { rank }',
  'totalCount',
])('whichever part of it is asked for: %s', async (part) => {
  for (const query of ['video', 'sentence', 'video -part', 'nowhere']) {
    const { ordinary, compiled } = await ask(`{ search(query: "${query}", first: 3) { ${part} } }`, {});
    expect(compiled).toBe(ordinary);
  }
});

test('one document asks for one thing after another, in every form that a question has', async () => {
  const found = new Set<string | undefined>();
  for (const query of ['video', 'research', 'part', '"video 3"', '"video 4"', 'video -part', 'report -part', 'video']) {
    const { ordinary, compiled, statements } = await ask(QUERY, { query });
    expect(compiled).toBe(ordinary);
    expect(statements).toHaveLength(1);
    found.add(compiled);
  }
  expect(found.size).toBe(7);
  for (const query of ['', '-part', 'video '.repeat(200)])
    expect((await ask(QUERY, { query })).compiled).toBeUndefined();
  const { ordinary, compiled } = await ask(QUERY, { query: 'video' });
  expect(compiled).toBe(ordinary);
});

test('a variable that is asked for in two places is the same in both', async () => {
  const twice = `query ($word: String!) {
    videos(where: { title: { contains: $word } }) { totalCount } search(query: $word) { totalCount }
  }`;
  const answers = [];
  for (const word of ['video', 'zebra', 'video']) {
    const { ordinary, compiled } = await ask(twice, { word });
    expect(compiled).toBe(ordinary);
    answers.push(compiled);
  }
  expect(answers[0]).not.toBe(answers[1]);
});

test.each([
  ['a line around it', '{ search(query: "video") { edges { headline } } }'],
  ['moments', '{ search(query: "video") { edges { moments { text } } } }'],
  ['facets', '{ search(query: "video") { facets { type { count } } } }'],
  ['a later page', '{ search(query: "video", after: "x") { totalCount } }'],
  ['nothing asked for', '{ search(query: " ") { totalCount } }'],
])('%s is left to ordinary execution', async (_what, query) => {
  const { compiled, statements } = await ask(query);
  expect([compiled, statements]).toEqual([undefined, []]);
});

test('rows rank as by their whole vectors, whether the word is among those that a long text has most often or not', async () => {
  const filler = (video: number) => Array.from({ length: 150 }, (_, n) => `filler${n} `.repeat(1 + ((n + video) % 4)));
  const said = ['', 'heron', 'Heron’s', 'herons heron', 'héron', 'heron '.repeat(5), 'heron the '.repeat(60), ''];
  await addVideos(database.owner, [
    ...said.map((words, video) => ({
      video_id: `long${video}`,
      title: video === 0 ? 'A heron' : 'Untitled',
      transcript_content: `${filler(video).join('')} ${words}`,
    })),
    { video_id: 'short', title: 'Herons', transcript_content: 'heron heron' },
  ]);
  for (const word of ['heron', 'herons', 'the', 'filler7', 'filler8', 'untitled']) {
    const { rows } = await database.owner.query<{ id: string; rank: number }>(
      `SELECT video_id AS id, (CASE WHEN search_english @@ e THEN ts_rank(search_english, e) ELSE ts_rank(search_simple, s) END)::float8 AS rank
         FROM videos, websearch_to_tsquery('english', $1) e, websearch_to_tsquery('simple', $1) s
        WHERE search_english @@ e OR search_simple @@ s ORDER BY rank DESC, video_id`,
      [word],
    );
    expect(rows.length).toBeGreaterThan(0);
    const { ordinary, compiled } = await ask(
      'query ($query: String!) { search(query: $query, first: 50) { edges { rank node { ... on Video { videoId } } } } }',
      { query: word },
    );
    const edges = rows.map(({ id, rank }) => ({ rank, node: { videoId: id } }));
    expect(JSON.parse(ordinary)).toEqual({ data: { search: { edges } } });
    expect(compiled).toBe(ordinary);
  }
  const { rows } = await database.owner.query(
    `SELECT count(*) FILTER (WHERE search_often @@ 'heron')::int AS among, count(*) FILTER (WHERE NOT search_often @@ 'heron')::int AS rest
       FROM videos WHERE search_english @@ 'heron'`,
  );
  expect(rows).toEqual([{ among: 2, rest: 4 }]);
});
