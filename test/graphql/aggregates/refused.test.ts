/** What aggregates refuse, with the argument's name; and what they are priced at. */
import { beforeAll, expect, test } from 'vitest';
import { useTestDatabase } from '../../support/database.ts';
import { codesOf, graphqlOver } from '../../support/graphql.ts';
import { recordQueries } from '../../support/queries.ts';
import { seedScattered } from '../../support/scattered-rows.ts';

const database = await useTestDatabase();
const ask = graphqlOver(database);

beforeAll(() => seedScattered(database.owner));

const GROUPS = `query ($by: [VideoGroupBy!]!, $zone: String, $having: VideoHaving, $orderBy: [VideoGroupOrder!], $first: Int, $after: String) {
  videosAggregate { groups(by: $by, timeZone: $zone, having: $having, orderBy: $orderBy, first: $first, after: $after) { nodes { count } } } }`;

const SIX: readonly object[] = [
  { count: 'ASC' },
  ...['sum', 'avg', 'min', 'max', 'countDistinct'].map((each) => ({ [each]: { duration: 'ASC' } })),
];
const deep = (depth: number): object => (depth === 0 ? { count: { gt: 1 } } : { not: deep(depth - 1) });
const cursor = (order: readonly string[], values: readonly unknown[]): string =>
  Buffer.from(JSON.stringify([order, values])).toString('base64url');

test.each<readonly [string, object, string]>([
  ['no key', { by: [] }, 'BAD_USER_INPUT'],
  ['four keys', { by: ['STATUS', 'PHASE', 'CHANNEL', 'TITLE'] }, 'BAD_USER_INPUT'],
  ['a key twice', { by: ['STATUS', 'STATUS'] }, 'BAD_USER_INPUT'],
  ['a date in two lengths', { by: ['CREATED_DATE_DAY', 'CREATED_DATE_MONTH'] }, 'BAD_USER_INPUT'],
  ['two kinds of linked rows', { by: ['INFLUENCER', 'RESEARCH'] }, 'BAD_USER_INPUT'],
  ['a key that does not exist', { by: ['TRANSCRIPT_CONTENT'] }, 'BAD_USER_INPUT'],
  ['null for a key', { by: [null] }, 'BAD_USER_INPUT'],
  ['an unknown zone', { zone: 'Europe/Atlantis' }, 'BAD_USER_INPUT'],
  ['an empty zone', { zone: '' }, 'BAD_USER_INPUT'],
  ['an offset, whose sign the database reads the other way round', { zone: '+02:00' }, 'BAD_USER_INPUT'],
  ['a POSIX zone', { zone: 'CET-1CEST,M3.5.0,M10.5.0/3' }, 'BAD_USER_INPUT'],
  ['NUL in a zone', { zone: 'Europe/Berlin\0' }, 'BAD_USER_INPUT'],
  ['SQL in a zone', { zone: "UTC'; DROP TABLE videos; --" }, 'BAD_USER_INPUT'],
  ['a path for a zone', { zone: '../../etc/passwd' }, 'BAD_USER_INPUT'],
  ['a very long zone', { zone: 'A'.repeat(100_000) }, 'BAD_USER_INPUT'],
  ['no groups', { first: 0 }, 'BAD_USER_INPUT'],
  ['too many groups', { first: 101 }, 'BAD_USER_INPUT'],
  ['a number that is none', { first: 'ten' }, 'BAD_USER_INPUT'],
  ['what is no cursor', { after: 'x' }, 'BAD_USER_INPUT'],
  ['a cursor of another order', { after: cursor(['key.status DESC'], ['queued']) }, 'BAD_USER_INPUT'],
  ['a cursor with NUL', { after: cursor(['key.status ASC'], ['a\0']) }, 'BAD_USER_INPUT'],
  ['an order by two values at once', { orderBy: [{ count: 'ASC', key: { status: 'ASC' } }] }, 'BAD_USER_INPUT'],
  ['an order by two fields at once', { orderBy: [{ sum: { duration: 'ASC', phase: 'ASC' } }] }, 'BAD_USER_INPUT'],
  ['an order by nothing', { orderBy: [{}] }, 'BAD_USER_INPUT'],
  ['an order by no field', { orderBy: [{ sum: {} }] }, 'BAD_USER_INPUT'],
  ['an order by null', { orderBy: [{ sum: null }] }, 'BAD_USER_INPUT'],
  ['an order by a value twice', { orderBy: [{ count: 'ASC' }, { count: 'DESC' }] }, 'BAD_USER_INPUT'],
  ['an order by a key that is not grouped by', { orderBy: [{ key: { phase: 'ASC' } }] }, 'BAD_USER_INPUT'],
  ['six orders', { orderBy: SIX }, 'BAD_USER_INPUT'],
  ['a condition on null', { having: { sum: null } }, 'BAD_USER_INPUT'],
  ['a condition on no operator', { having: { count: { contains: 'a' } } }, 'BAD_USER_INPUT'],
  ['null for a number', { having: { count: { gt: null } } }, 'BAD_USER_INPUT'],
  ['text for a number', { having: { sum: { duration: { gt: 'many' } } } }, 'BAD_USER_INPUT'],
  ['a number beyond 64 bits', { having: { sum: { duration: { gt: '99999999999999999999' } } } }, 'BAD_USER_INPUT'],
  [
    'a number beyond 64 bits of 19 digits',
    { having: { sum: { duration: { gt: '9999999999999999999' } } } },
    'BAD_USER_INPUT',
  ],
  ['NUL in text', { having: { max: { title: { equals: 'a\0' } } } }, 'BAD_USER_INPUT'],
  ['conditions nested too deep', { having: deep(20) }, 'LIMIT_EXCEEDED'],
  [
    'too many conditions',
    { having: { or: Array.from({ length: 200 }, () => ({ count: { gt: 1 } })) } },
    'LIMIT_EXCEEDED',
  ],
])('groups with %s are refused', async (_what, variables, code) => {
  const answer = await ask(GROUPS, { by: ['STATUS'], ...variables });
  expect(new Set(codesOf(answer))).toEqual(new Set([code]));
  expect(codesOf(await graphqlOver(database, { compiled: false })(GROUPS, { by: ['STATUS'], ...variables }))).toContain(
    code,
  );
});

test.each([
  ['by', { by: [] }],
  ['timeZone', { zone: 'x' }],
  ['having.count.gt', { having: { count: { gt: null } } }],
  ['orderBy', { orderBy: [{ key: { phase: 'ASC' } }] }],
])('the fault names %s', async (path, variables) => {
  const { errors = [] } = await ask(GROUPS, { by: ['STATUS'], ...variables });
  expect(JSON.stringify(errors.map(({ extensions, message }) => [extensions, message]))).toContain(path);
});

test('who lacks the scope of a context gets no figures of its rows, not even counts', async () => {
  const outside = graphqlOver(database, {
    actor: { kind: 'command', label: 'command:test', role: 'admin', scopes: ['ingest'] },
  });
  for (const document of [
    '{ videosAggregate { count } }',
    '{ videosAggregate { groups(by: [STATUS]) { nodes { count } } } }',
    '{ dashboardStats { videosByStatus { key count } } }',
  ]) {
    expect(codesOf(await outside(document))).toContain('FORBIDDEN');
    expect(codesOf(await ask(document))).toEqual([]);
  }
});

test('figures for each of thousands of rows are refused before any statement; for a page of rows they are not', async () => {
  const recording = recordQueries(database.read);
  const deepGroups = `{ researches(first: 100) { nodes { videos(first: 50) { nodes { influencersAggregate { groups(by: [PLATFORM], first: 100) { nodes { count } } } } } } } }`;
  expect(codesOf(await ask(deepGroups))).toEqual(['LIMIT_EXCEEDED']);
  expect(recording.all()).toEqual([]);
  expect(
    codesOf(
      await ask('{ channels(first: 100) { nodes { videosAggregate { groups(by: [STATUS]) { nodes { count } } } } } }'),
    ),
  ).toEqual([]);
  recording.stop();
});
