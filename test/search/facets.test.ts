import fc from 'fast-check';
import { expect, test } from 'vitest';
import { useTestDatabase } from '../support/database.ts';
import { codesOf, dataAt, graphqlOver } from '../support/graphql.ts';
import { addAnalyses, addChannels, addReports, addResearches, addSegments, addVideos, linkVideos } from './library.ts';

const database = await useTestDatabase();
const ask = graphqlOver(database);
const owner = database.owner;

const WORDS = ['walnut', 'quartz', 'zebra', 'copper'];
const DEPARTMENTS = ['AI', 'VID', 'HR'];
const CHANNELS = ['C1', 'C2'];

/** A row as a person would search it: what it says, and by what it is counted. */
interface Thing {
  readonly type: string;
  readonly key: string;
  readonly text: readonly string[];
  /** Said in moments, each on its own. */
  readonly moments: readonly (readonly string[])[];
  readonly department: readonly string[];
  readonly channel: readonly string[];
  readonly day: number;
}

const instant = (day: number): string => new Date(Date.UTC(2025, 0, 1 + day)).toISOString();

/** Twenty of each type, whose words and links follow from their numbers. */
const things: Thing[] = [];
const wordsOf = (n: number): string[] => WORDS.filter((_, bit) => ((n * 7 + 3) >> bit) & 1);

async function seed(): Promise<void> {
  const numbers = Array.from({ length: 20 }, (_, n) => n);
  await addChannels(owner, { C1: 'First channel', C2: 'Second channel' });
  const department = (n: number) => DEPARTMENTS[n % 3] ?? 'AI';
  await addResearches(
    owner,
    numbers.map((n) => ({
      research_id: `R${n}`,
      title: ['about', ...wordsOf(n)].join(' '),
      department: department(n),
      created_date: instant(n),
    })),
  );
  const channel = (n: number) => (n % 4 === 3 ? null : CHANNELS[n % 2]);
  await addVideos(
    owner,
    numbers.map((n) => ({
      video_id: `V${n}`,
      transcript_content: ['so', ...wordsOf(n + 5)].join(' '),
      channel_id: channel(n),
      created_date: instant(n),
    })),
  );
  for (const n of numbers)
    await addSegments(owner, `V${n}`, [
      [
        n,
        `then ${wordsOf(n + 9)
          .slice(0, 2)
          .join(' ')}`,
      ],
    ]);
  const links = numbers.flatMap((n): [string, string][] =>
    n % 5 === 0
      ? []
      : [
          [`R${n}`, `V${n}`],
          [`R${(n + 1) % 20}`, `V${n}`],
        ],
  );
  await linkVideos(owner, links);
  await addReports(
    owner,
    numbers.map((n) => ({
      report_id: `P${n}`,
      title: ['report', ...wordsOf(n + 2)].join(' '),
      research_id: n % 3 === 0 ? null : `R${n}`,
      created_date: instant(n),
    })),
  );
  await addAnalyses(
    owner,
    numbers.map((n) => ({
      analysis_id: `A${n}`,
      title: 'analysis',
      text: wordsOf(n + 4).join(' '),
      video_id: n % 2 === 0 ? `V${n}` : null,
      created_at: instant(n),
    })),
  );
  const ofVideo = (id: string) => [
    ...new Set(links.filter(([, v]) => v === id).map(([r]) => department(Number(r.slice(1))))),
  ];
  for (const n of numbers) {
    const own = channel(n);
    const channels = own == null ? [] : [own];
    const base = { moments: [], day: n, key: '', channel: [] };
    things.push({ ...base, type: 'RESEARCH', text: wordsOf(n), department: [department(n)] });
    things.push({
      ...base,
      type: 'VIDEO',
      text: wordsOf(n + 5),
      moments: [wordsOf(n + 9).slice(0, 2)],
      department: ofVideo(`V${n}`),
      channel: channels,
    });
    things.push({ ...base, type: 'REPORT', text: wordsOf(n + 2), department: n % 3 === 0 ? [] : [department(n)] });
    const hasVideo = n % 2 === 0;
    things.push({
      ...base,
      type: 'ANALYSIS',
      text: wordsOf(n + 4),
      department: hasVideo ? ofVideo(`V${n}`) : [],
      channel: hasVideo ? channels : [],
    });
  }
}
await seed();

interface Asked {
  readonly wanted: readonly string[];
  readonly unwanted: readonly string[];
  readonly where: { type?: string[]; department?: string[]; channel?: string[]; from?: string; before?: string };
}

const HAS_CHANNEL = ['VIDEO', 'ANALYSIS'];

function oracle({ wanted, unwanted, where }: Asked): Thing[] {
  return things.filter((thing) => {
    const all = [thing.text, ...thing.moments];
    if (!all.some((part) => wanted.every((word) => part.includes(word)))) return false;
    if (all.some((part) => unwanted.some((word) => part.includes(word)))) return false;
    if (where.type && !where.type.includes(thing.type)) return false;
    if (where.department && !thing.department.some((value) => where.department?.includes(value))) return false;
    if (
      where.channel &&
      !(HAS_CHANNEL.includes(thing.type) && thing.channel.some((value) => where.channel?.includes(value)))
    )
      return false;
    if (where.from && instant(thing.day) < where.from) return false;
    return !(where.before && instant(thing.day) >= where.before);
  });
}

function counted(rows: readonly Thing[], valuesOf: (row: Thing) => readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of rows.flatMap(valuesOf)) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

const SEARCH = `query F($query: String!, $where: SearchWhere) {
  search(query: $query, where: $where, first: 100) {
    totalCount isComplete edges { node { __typename } }
    facets { type { value count } department { value count } channel { value label count } }
  }
}`;

const some = (values: string[]) =>
  fc.option(fc.uniqueArray(fc.constantFrom(...values), { maxLength: values.length }), { nil: undefined });
const asked: fc.Arbitrary<Asked> = fc.record({
  wanted: fc.uniqueArray(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 2 }),
  unwanted: fc.uniqueArray(fc.constantFrom(...WORDS), { maxLength: 1 }),
  where: fc
    .record({
      type: some(['RESEARCH', 'VIDEO', 'REPORT', 'ANALYSIS']),
      department: some(DEPARTMENTS),
      channel: some(CHANNELS),
      from: fc.option(fc.nat(20).map(instant), { nil: undefined }),
      before: fc.option(fc.nat(20).map(instant), { nil: undefined }),
    })
    .map((where) => Object.fromEntries(Object.entries(where).filter(([, value]) => value !== undefined))),
});

const asRecord = (values: unknown): Record<string, number> =>
  Object.fromEntries((values as { value: string; count: number }[]).map(({ value, count }) => [value, count]));

test('hits and facets are those of a naive search, each facet without its own filter', async () => {
  await fc.assert(
    fc.asyncProperty(asked, async (each) => {
      const query = [...each.wanted, ...each.unwanted.map((word) => `-${word}`)].join(' ');
      const answer = await ask(SEARCH, { query, where: each.where });
      const { type: _type, ...noType } = each.where;
      const { department: _department, ...noDepartment } = each.where;
      const { channel: _channel, ...noChannel } = each.where;
      expect(dataAt(answer, 'search.totalCount')).toBe(oracle(each).length);
      expect(dataAt(answer, 'search.isComplete')).toBe(true);
      expect(asRecord(dataAt(answer, 'search.facets.type'))).toEqual(
        counted(oracle({ ...each, where: noType }), ({ type }) => [type]),
      );
      expect(asRecord(dataAt(answer, 'search.facets.department'))).toEqual(
        counted(oracle({ ...each, where: noDepartment }), ({ department }) => department),
      );
      expect(asRecord(dataAt(answer, 'search.facets.channel'))).toEqual(
        counted(oracle({ ...each, where: noChannel }), ({ channel }) => channel),
      );
    }),
    { numRuns: 60 },
  );
});

test('a facet has the most frequent values first, under their names, as many as asked for', async () => {
  const answer = await ask(
    '{ search(query: "walnut or quartz or zebra or copper") { facets { channel(first: 1) { value label count } all: channel { value label count } } } }',
  );
  const all = dataAt(answer, 'search.facets.all') as { value: string; label: string; count: number }[];
  expect(all.map(({ count }) => count)).toEqual(all.map(({ count }) => count).toSorted((a, b) => b - a));
  expect(all).toContainEqual(expect.objectContaining({ value: 'C1', label: 'First channel' }));
  expect(dataAt(answer, 'search.facets.channel')).toEqual(all.slice(0, 1));
});

test.each([
  ['{ search(query: "a") { facets { channel(first: 0) { value } } } }'],
  ['{ search(query: "a") { facets { channel(first: 101) { value } } } }'],
  [`{ search(query: "a", where: { channel: [${'"x" '.repeat(101)}] }) { totalCount } }`],
])('%s is refused', async (document) => {
  expect(codesOf(await ask(document))).toEqual(['BAD_USER_INPUT']);
});
