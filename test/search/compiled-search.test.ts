/** A search that is compiled finds what the executed one finds, byte for byte. */
import { beforeAll, expect, test } from 'vitest';
import { askBothWays } from '../support/both-ways.ts';
import { useTestDatabase } from '../support/database.ts';
import { seedResearches } from '../support/research.ts';

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
