/** Queries that nobody means well with, and texts that would be more than text. */
import { beforeAll, expect, test } from 'vitest';
import { useTestDatabase } from '../support/database.ts';
import { codesOf, dataAt, graphqlOver } from '../support/graphql.ts';
import { addResearches, addSegments, addVideos } from './library.ts';

const database = await useTestDatabase();
const ask = graphqlOver(database);

const HOSTILE =
  '<script>alert(1)</script> walnut </mark> \u{E000}quoted\u{E001} "a" \'b\' & <img src=x onerror=y> walnut&lt;';

beforeAll(async () => {
  await addVideos(database.owner, [{ video_id: 'V1', title: HOSTILE, transcript_content: HOSTILE.repeat(20) }]);
  await addSegments(database.owner, 'V1', [[1, HOSTILE]]);
  await addResearches(database.owner, [{ research_id: 'R1', title: HOSTILE, metadata: { description: HOSTILE } }]);
});

const EVERYTHING = `query H($query: String!) { search(query: $query) {
  totalCount isComplete
  pageInfo { endCursor }
  edges { rank headline startSeconds moments { headline text } segment { text } node { __typename } }
  facets { type { value count } department { value count } channel { value count } }
  suggestions { query totalCount }
} }`;

const HTML = /^(?:[^<>&"']|<mark>|<\/mark>|&(?:amp|lt|gt|quot|#39);)*$/u;

test.each(['walnut', 'script', 'quoted', 'alert img', '"walnut"', 'onerror or walnut', 'mark', 'lt'])(
  'lines around %s are escaped, and marks are ours alone',
  async (query) => {
    const edges = dataAt(await ask(EVERYTHING, { query }), 'search.edges') as {
      headline: string;
      moments: { headline: string }[];
    }[];
    for (const line of edges.flatMap(({ headline, moments }) => [headline, ...moments.map((one) => one.headline)])) {
      expect(line).toMatch(HTML);
      expect(line.split('<mark>').length).toBe(line.split('</mark>').length);
      expect(line).not.toMatch(/[\u{E000}\u{E001}]/u);
    }
  },
);

const NOTHING = [
  '',
  ' ',
  '"',
  '""',
  '-',
  '--',
  '---',
  '- -',
  '-"',
  '-""',
  '()',
  ')(',
  '(((((((((',
  '!',
  '!!',
  '&',
  '|',
  '<->',
  '<2>',
  ':*',
  '*',
  '\\',
  '\\\\',
  "'",
  "''",
  "'''",
  "' OR 1=1 --",
  "'; DROP TABLE videos; --",
  '$1',
  '%s',
  '{{x}}',
  '%',
  '_',
  '%%',
  '🦄',
  '🦄🦄🦄 ;-)',
  '\u202E',
  '\u202Etxet',
  '\u200B',
  '\uFEFF',
  '…',
  '—',
  '«»',
  '“”',
  '。',
  'or',
  'or or',
  'or or or',
  '"or"',
  'and',
  'the',
  'the of and',
  '-walnut',
  '-walnut -script',
  '-"walnut script"',
  '(-walnut',
  '-(walnut',
  ')-walnut',
  '<->-walnut',
  '"" -walnut',
  'zzzz*',
  'zzzz:*',
  'zzzz:A',
  '^.*$',
  '(z+)+$',
  '[a-z]{1,99}',
  '\\m(a|aa)+\\M',
  '..',
  '../../etc/passwd',
  'http://',
  '://',
  'a'.repeat(1000),
  '1'.repeat(1000),
  '"'.repeat(1000),
  '-'.repeat(1000),
  '('.repeat(1000),
  '机'.repeat(1000),
  '\u0301'.repeat(1000),
  'z'.repeat(39),
  '-z '.repeat(333),
  '"z" or '.repeat(142),
  '👨‍👩‍👧‍👦'.repeat(90),
  '\t\n\r',
  '\u001F',
  '\u{E000}',
  '\u{10FFFF}',
];

test.each(NOTHING.map((query) => [query.length > 40 ? `${query.slice(0, 20)}… (${query.length})` : query, query]))(
  '%j finds nothing, soon, and breaks nothing',
  async (_, query) => {
    const started = performance.now();
    const answer = await ask(EVERYTHING, { query });
    expect(answer.errors).toBeUndefined();
    expect(dataAt(answer, 'search')).toMatchObject({ totalCount: 0, isComplete: true, edges: [], suggestions: [] });
    expect(performance.now() - started).toBeLessThan(5_000);
  },
);

test.each([
  ["'walnut' | & !( <-> :*"],
  ['\u202Ewalnut\u202E'],
  ['!walnut'],
  ['!(walnut)'],
  ['WALNUT 🦄'],
  ['(walnut)'],
  ['walnut or'],
  ['or walnut'],
  ['walnut -'],
  ['walnut \\ '],
  ['＂walnut＂'],
])('%j is searched for the word in it', async (query) => {
  expect(dataAt(await ask(EVERYTHING, { query }), 'search.totalCount')).toBe(2);
});

test.each([
  ['longer than anyone types', 'a '.repeat(501)],
  ['of ten kilobytes', 'walnut '.repeat(1_500)],
  ['with NUL', 'wal\u0000nut'],
  ['with half a character', 'wal\uD83Dnut'],
])('a query %s is refused', async (_, query) => {
  expect(codesOf(await ask(EVERYTHING, { query }))).toEqual(['BAD_USER_INPUT']);
});

test.each([
  ['no cursor', 'x'],
  ['another list’s cursor', Buffer.from('[["createdDate DESC"],["x"]]').toString('base64url')],
  ['a rank that is no number', Buffer.from('["x","Video","V1"]').toString('base64url')],
  ['NUL in its key', Buffer.from('[0.1,"Video","\\u0000"]').toString('base64url')],
  ['far too much', 'x'.repeat(100_000)],
])('%s is refused as a place to go on from', async (_, after) => {
  const answer = await ask('query ($after: String) { search(query: "walnut", after: $after) { edges { rank } } }', {
    after,
  });
  expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
});

test('a place whose hit is gone is still a place', async () => {
  const at = (rank: number, type: string, key: string) =>
    Buffer.from(JSON.stringify([rank, type, key])).toString('base64url');
  const typesAfter = async (after: string) =>
    (
      dataAt(
        await ask(
          'query ($after: String) { search(query: "walnut", after: $after) { edges { node { __typename } } } }',
          { after },
        ),
        'search.edges',
      ) as unknown[]
    ).length;
  expect(await typesAfter(at(1e9, 'Gone', 'X'))).toBe(2);
  expect(await typesAfter(at(-1e9, 'Gone', 'X'))).toBe(0);
});
