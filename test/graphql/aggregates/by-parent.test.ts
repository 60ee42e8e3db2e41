/** Figures beside each list of a parent row: the same as of the list, in as many statements for many parents as for few. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../../support/database.ts';
import { codesOf, dataAt, graphqlOver } from '../../support/graphql.ts';
import { recordQueries } from '../../support/queries.ts';
import { seedResearches } from '../../support/research.ts';
import { seedScattered } from '../../support/scattered-rows.ts';

const few = await createTestDatabase();
const many = await createTestDatabase();
const scattered = await createTestDatabase();
afterAll(async () => {
  for (const database of [few, many, scattered]) await database.close();
});
beforeAll(async () => {
  await seedResearches(few.owner, 3);
  await seedResearches(many.owner, 30);
  await seedScattered(scattered.owner);
});

const FIGURES = 'count min { createdDate } groups(by: [STATUS]) { totalCount nodes { key { status } count } }';

test.each([
  ['channels', `{ channels(first: 30) { nodes { videosAggregate { ${FIGURES} } } } }`, 4],
  [
    'links',
    `{ influencers(first: 30) { nodes { videosAggregate(where: { status: { equals: QUEUED } }) { ${FIGURES} } } } }`,
    4,
  ],
  ['a list without a root field', '{ videos(first: 30) { nodes { segmentsAggregate { count max { end } } } } }', 2],
  [
    'related rows of keys',
    '{ researches(first: 30) { nodes { videosAggregate { groups(by: [CHANNEL]) { nodes { key { channel { name } } } } } } } }',
    3,
  ],
  [
    'the same question twice',
    '{ channels(first: 30) { nodes { a: videosAggregate { count } b: videosAggregate { count } } } }',
    2,
  ],
])('of %s: 3 parents and 30 take the same number of statements', async (_what, document, expected) => {
  const counts: number[] = [];
  for (const database of [few, many]) {
    const recording = recordQueries(database.read);
    expect(codesOf(await graphqlOver(database)(document))).toEqual([]);
    counts.push(recording.statements().length);
    recording.stop();
  }
  expect(counts).toEqual([expected, expected]);
});

test.each([
  ['a column', 'channels', 'channelId', (key: string) => `{ channelId: { equals: "${key}" } }`],
  [
    'links',
    'influencers',
    'influencerId',
    (key: string) => `{ influencers: { some: { influencerId: { equals: "${key}" } } } }`,
  ],
  [
    'links with values',
    'researches',
    'researchId',
    (key: string) => `{ researches: { some: { researchId: { equals: "${key}" } } } }`,
  ],
])('by %s each parent has the figures that the root gives under its condition', async (_what, list, key, where) => {
  const ask = graphqlOver(scattered);
  const figures = `count sum { duration } groups(by: [STATUS, COMPLETED_DATE_DAY], orderBy: [{ count: DESC }], first: 4) {
    totalCount pageInfo { hasNextPage endCursor } nodes { key { status completedDate { label } } count avg { duration } } }`;
  const parents = dataAt(
    await ask(`{ ${list}(first: 100) { nodes { ${key} videosAggregate { ${figures} } } } }`),
    `${list}.nodes`,
  );
  expect(Array.isArray(parents) && parents.length > 3).toBe(true);
  for (const parent of Array.isArray(parents) ? parents : []) {
    const root = await ask(`{ videosAggregate(where: ${where(parent[key])}) { ${figures} } }`);
    expect(parent.videosAggregate).toEqual(dataAt(root, 'videosAggregate'));
  }
});

test('one parent asked several questions at once answers each of them', async () => {
  const groups = (given: string): string =>
    `groups(by: [CREATED_DATE_DAY], ${given}) { nodes { key { createdDate { start } } } }`;
  const document = (parts: readonly string[]): string => `{ channel(channelId: "YT-2") { ${parts.join(' ')} } }`;
  const parts = [
    'a: videosAggregate(where: { status: { equals: QUEUED } }) { count min { videoId } }',
    'b: videosAggregate(where: { status: { equals: FAILED } }) { count min { videoId } }',
    'c: videosAggregate(where: { duration: { isNull: false } }) { count max { videoId } }',
    `d: videosAggregate { ${groups('timeZone: "UTC"')} }`,
    `e: videosAggregate { ${groups('timeZone: "America/New_York"')} }`,
    `f: videosAggregate { ${groups('first: 1')} }`,
  ];
  const ask = graphqlOver(scattered);
  const alone = await Promise.all(parts.map(async (part) => dataAt(await ask(document([part])), 'channel')));
  const answers = new Set(alone.map((answer) => JSON.stringify(Object.values(Object(answer)))));
  expect([...answers]).toHaveLength(parts.length);
  expect(dataAt(await ask(document(parts)), 'channel')).toEqual(Object.assign({}, ...alone));
});

test('a parent without rows has its figures, too', async () => {
  const answer = await graphqlOver(scattered)(
    '{ channel(channelId: "YT-6") { videosAggregate { count avg { duration } groups(by: [PHASE]) { totalCount nodes { count } } } } }',
  );
  expect(dataAt(answer, 'channel.videosAggregate')).toEqual({
    count: 0,
    avg: { duration: null },
    groups: { totalCount: 0, nodes: [] },
  });
});
