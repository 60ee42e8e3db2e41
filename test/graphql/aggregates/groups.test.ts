/** Lists of groups: their order, their pages, their conditions, and the rows that their keys name. */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { useTestDatabase } from '../../support/database.ts';
import { codesOf, dataAt, graphqlOver } from '../../support/graphql.ts';
import { recordQueries } from '../../support/queries.ts';
import { seedScattered } from '../../support/scattered-rows.ts';

const database = await useTestDatabase();
const ask = graphqlOver(database);

beforeAll(() => seedScattered(database.owner));

const GROUPS = `query ($by: [VideoGroupBy!]!, $having: VideoHaving, $orderBy: [VideoGroupOrder!], $first: Int, $after: String, $last: Int, $before: String) {
  videosAggregate { groups(by: $by, having: $having, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    nodes { key { status phase channelId createdDate { label } } count sum { duration } avg { duration } max { completedDate } } } } }`;

async function groups(
  variables: object,
): Promise<{ nodes: unknown[]; totalCount: number; pageInfo: Record<string, unknown> }> {
  const found = dataAt(await ask(GROUPS, { ...variables }), 'videosAggregate.groups');
  return found as Awaited<ReturnType<typeof groups>>;
}

/** Page by page, from one end or the other. */
async function joined(variables: object, size: number, backwards: boolean): Promise<unknown[]> {
  const all: unknown[] = [];
  let cursor: unknown = null;
  do {
    const page = await groups({
      ...variables,
      ...(backwards ? { last: size, before: cursor } : { first: size, after: cursor }),
    });
    if (backwards) all.unshift(...page.nodes);
    else all.push(...page.nodes);
    const { hasNextPage, hasPreviousPage, startCursor, endCursor } = page.pageInfo;
    cursor = (backwards ? hasPreviousPage : hasNextPage) === true ? (backwards ? startCursor : endCursor) : null;
  } while (cursor !== null);
  return all;
}

const direction = fc.constantFrom('ASC', 'DESC', 'ASC_NULLS_FIRST', 'DESC_NULLS_FIRST');
const keyed: Readonly<Record<string, string>> = {
  STATUS: 'status',
  PHASE: 'phase',
  CHANNEL: 'channel',
  CREATED_DATE_DAY: 'createdDate',
};

const question = fc.uniqueArray(fc.constantFrom(...Object.keys(keyed)), { minLength: 1, maxLength: 3 }).chain((by) =>
  fc.record({
    by: fc.constant(by),
    orderBy: fc.uniqueArray(
      fc.oneof(
        direction.map((to) => ({ count: to })),
        direction.map((to) => ({ sum: { duration: to } })),
        direction.map((to) => ({ avg: { duration: to } })),
        direction.map((to) => ({ max: { completedDate: to } })),
        fc.tuple(fc.constantFrom(...by), direction).map(([key, to]) => ({ key: { [keyed[key] ?? '']: to } })),
      ),
      { maxLength: 2, selector: (entry) => JSON.stringify(entry).replace(/"[A-Z_]+"/, '') },
    ),
    having: fc.constantFrom(
      undefined,
      { count: { gt: 1 } },
      { sum: { duration: { gte: '61' } } },
      { not: { avg: { duration: { lt: 1000 } } } },
    ),
  }),
);

test('pages from either end join to the whole list, whatever its keys, order and conditions', async () => {
  await fc.assert(
    fc.asyncProperty(question, fc.integer({ min: 1, max: 9 }), fc.boolean(), async (asked, size, backwards) => {
      const whole = await groups({ ...asked, first: 100 });
      expect(whole.nodes).toHaveLength(whole.totalCount);
      expect(await joined(asked, size, backwards)).toEqual(whole.nodes);
    }),
    { numRuns: 40 },
  );
});

test('groups are ordered by the key unless asked otherwise, and what has no key comes last', async () => {
  const { nodes } = await groups({ by: ['PHASE'] });
  expect(nodes).toMatchObject([1, 2, 3, 4, 5, 6, 7, null].map((phase) => ({ key: { phase } })));
});

test('groups are ordered by what is computed for them, equals by their key', async () => {
  const { nodes } = await groups({ by: ['CHANNEL'], orderBy: [{ count: 'DESC' }] });
  const { rows } = await database.owner.query(
    'SELECT channel_id, count(*)::integer AS count FROM videos GROUP BY channel_id ORDER BY count(*) DESC, channel_id ASC NULLS LAST',
  );
  expect(nodes).toMatchObject(rows.map(({ channel_id, count }) => ({ key: { channelId: channel_id }, count })));
});

test('groups are left out by what is computed for them, also when the document does not show it', async () => {
  const having = { or: [{ max: { title: { gte: 'Title 9' } } }, { countDistinct: { status: { equals: 1 } } }] };
  const answer = await ask(
    'query ($having: VideoHaving) { videosAggregate { groups(by: [CHANNEL], having: $having) { totalCount nodes { key { channelId } } } } }',
    { having },
  );
  const { rows } = await database.owner.query(
    `SELECT channel_id FROM videos GROUP BY channel_id
     HAVING max(title) >= 'Title 9' OR count(DISTINCT status) = 1 ORDER BY channel_id ASC NULLS LAST`,
  );
  expect(dataAt(answer, 'videosAggregate.groups')).toEqual({
    totalCount: rows.length,
    nodes: rows.map(({ channel_id }) => ({ key: { channelId: channel_id } })),
  });
});

test('the rows that keys name are fetched together', async () => {
  const recording = recordQueries(database.read);
  const answer = await ask(
    `{ videosAggregate { groups(by: [CHANNEL, INFLUENCER], first: 100) {
         nodes { key { channelId channel { channelId name } influencer { name } status } count } } } }`,
  );
  expect(recording.statements()).toHaveLength(3);
  recording.stop();
  const nodes = dataAt(answer, 'videosAggregate.groups.nodes');
  expect(nodes).toContainEqual(
    expect.objectContaining({
      key: { channelId: 'YT-2', channel: { channelId: 'YT-2', name: 'Channel 2' }, influencer: null, status: null },
    }),
  );
});

test('graphql itself and the compiler answer alike', async () => {
  const document = `query ($zone: String) { a: videosAggregate { ...F } b: videosAggregate(where: { status: { equals: QUEUED } }) { ...F } }
    fragment F on VideoAggregate { n: count m: max { c: completedDate }
      x: groups(by: [CREATED_DATE_MONTH], timeZone: $zone) { edges { cursor node { key { d: createdDate { start end unit timeZone label } } count } } }
      y: groups(by: [STATUS], having: { sum: { duration: { gt: 5 } } }) { totalCount nodes { key { status } s: sum { duration } } } }`;
  for (const variables of [{}, { zone: null }, { zone: 'Europe/Berlin' }]) {
    const compiled = await ask(document, variables);
    expect(codesOf(compiled)).toEqual([]);
    expect(compiled).toEqual(await graphqlOver(database, { compiled: false })(document, variables));
  }
});
