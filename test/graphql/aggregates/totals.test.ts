/** Figures over a whole list: exact, of the same rows as the list, and no others computed than asked for. */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { useTestDatabase } from '../../support/database.ts';
import { codesOf, dataAt, graphqlOver } from '../../support/graphql.ts';
import { recordQueries } from '../../support/queries.ts';
import { seedScattered } from '../../support/scattered-rows.ts';

const database = await useTestDatabase();
const ask = graphqlOver(database);

beforeAll(() => seedScattered(database.owner));

test('whole numbers are summed beyond 32 bits, exactly', async () => {
  const where = { duration: { equals: 2147483647 } };
  const answer = await ask(
    `query ($where: VideoFilter) { videosAggregate(where: $where) { count sum { duration } avg { duration } max { duration } } }`,
    { where },
  );
  expect(dataAt(answer, 'videosAggregate')).toEqual({
    count: 8,
    sum: { duration: '17179869176' },
    avg: { duration: 2147483647 },
    max: { duration: 2147483647 },
  });
});

test('over no rows there is one answer: counts and sums are 0, the rest is null, and there are no groups', async () => {
  const answer = await ask(
    `{ videosAggregate(where: { videoId: { equals: "none" } }) {
         count countDistinct { duration } sum { duration } avg { duration } min { createdDate videoId } max { title }
         groups(by: [STATUS]) { totalCount nodes { count } } } }`,
  );
  expect(dataAt(answer, 'videosAggregate')).toEqual({
    count: 0,
    countDistinct: { duration: 0 },
    sum: { duration: '0' },
    avg: { duration: null },
    min: { createdDate: null, videoId: null },
    max: { title: null },
    groups: { totalCount: 0, nodes: [] },
  });
});

const where = fc.record(
  {
    status: fc.constantFrom({ equals: 'QUEUED' }, { in: ['FAILED', 'COMPLETED'] }),
    duration: fc.constantFrom({ gt: 60 }, { isNull: true }, { lte: 60 }),
    title: fc.constantFrom({ contains: '1' }, { startsWith: 'title' }),
    channel: fc.constantFrom({ name: { contains: '2' } }, { platform: { equals: 'Vimeo' } }),
    influencers: fc.constantFrom({ some: {} }, { none: { category: { equals: 'kind 1' } } }),
    not: fc.constantFrom({ phase: { gt: 3 } }, { researches: { some: { status: { equals: 'ACTIVE' } } } }),
  },
  { requiredKeys: [] },
);

test('the count is the list’s, and so is the sum of its groups’ counts, whatever the condition and the keys', async () => {
  const by = fc.uniqueArray(
    fc.constantFrom('STATUS', 'PHASE', 'CHANNEL', 'TITLE', 'CREATED_DATE_WEEK', 'COMPLETED_DATE_DAY'),
    {
      minLength: 1,
      maxLength: 3,
    },
  );
  await fc.assert(
    fc.asyncProperty(where, by, async (asked, keys) => {
      const answer = await ask(
        `query ($where: VideoFilter, $by: [VideoGroupBy!]!) {
           videos(where: $where) { totalCount }
           videosAggregate(where: $where) { count groups(by: $by, first: 100) { totalCount nodes { count } } } }`,
        { where: asked, by: keys },
      );
      const total = dataAt(answer, 'videos.totalCount');
      const counts = dataAt(answer, 'videosAggregate.groups.nodes');
      expect(dataAt(answer, 'videosAggregate.count')).toBe(total);
      expect(counts).toHaveLength(Number(dataAt(answer, 'videosAggregate.groups.totalCount')));
      expect(Array.isArray(counts) && counts.reduce((sum: number, { count }) => sum + count, 0)).toBe(total);
    }),
    { numRuns: 60 },
  );
});

test('only what the document asks for is computed, through fragments and aliases, too', async () => {
  const recording = recordQueries(database.read);
  const answer = await ask(
    `fragment Sums on VideoAggregate { s: sum { duration } ... on VideoAggregate { count } }
     { videosAggregate { ...Sums again: sum { d: duration } } }`,
  );
  expect(codesOf(answer)).toEqual([]);
  const [statement, ...more] = recording.statements();
  recording.stop();
  expect(more).toEqual([]);
  expect(statement).toBe(
    'SELECT count(*)::integer AS count, coalesce(sum(t.duration), 0) AS sum_duration FROM videos t',
  );
});

test('counting groups computes only what they are left out by', async () => {
  const recording = recordQueries(database.read);
  await ask(
    '{ videosAggregate { groups(by: [STATUS], having: { max: { phase: { gt: 1 } } }) { totalCount nodes { countDistinct { title } } } } }',
  );
  const counted = recording.statements().find((text) => text.startsWith('SELECT count'));
  recording.stop();
  expect(counted).toContain('max(t.phase)');
  expect(counted).not.toContain('DISTINCT');
});

test('groups alone are one statement, and an aggregate that is asked for nothing is none', async () => {
  const recording = recordQueries(database.read);
  await ask('{ videosAggregate { groups(by: [STATUS]) { nodes { count } } } }');
  expect(recording.statements()).toHaveLength(1);
  recording.clear();
  expect(codesOf(await ask('{ videosAggregate { __typename groups(by: [STATUS]) { __typename } } }'))).toEqual([]);
  expect(recording.statements()).toEqual([]);
  recording.stop();
});

test('the dashboard’s figures take four statements, however many are asked for', async () => {
  const recording = recordQueries(database.read);
  const answer = await ask(
    `{ dashboardStats { researchesByStatus { key count } researchesByDepartment { key total active completed }
         videosByStatus { key count } searchQueueByStatus { key count } researchesLast7Days } }`,
  );
  expect(recording.statements()).toHaveLength(4);
  recording.stop();
  const { rows } = await database.owner.query(
    `SELECT count(*)::integer AS total, count(*) FILTER (WHERE status = 'active')::integer AS active,
            count(*) FILTER (WHERE status = 'completed')::integer AS completed FROM researches WHERE department = 'AI'`,
  );
  const departments = dataAt(answer, 'dashboardStats.researchesByDepartment');
  expect(departments).toHaveLength(8);
  expect(departments).toContainEqual({ key: 'AI', ...rows[0] });
  expect(departments).toContainEqual({ key: 'HR', total: 0, active: 0, completed: 0 });
  expect(dataAt(answer, 'dashboardStats.researchesByStatus')).toContainEqual({ key: 'ARCHIVED', count: 0 });
});
