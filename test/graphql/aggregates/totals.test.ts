/** Figures over a whole list, against the same rows computed by hand. */
import { beforeAll, expect, test } from 'vitest';
import { useTestDatabase } from '../../support/database.ts';
import { codesOf, dataAt, graphqlOver } from '../../support/graphql.ts';
import { recordQueries } from '../../support/queries.ts';
import { insertRows, seedResearches } from '../../support/research.ts';

const database = await useTestDatabase();
const ask = graphqlOver(database);

beforeAll(async () => {
  await seedResearches(database.owner, 6);
  await database.owner.query(`UPDATE videos SET duration = 2147483647 WHERE status = 'completed'`);
  await database.owner.query(`UPDATE videos SET duration = 1 WHERE video_id = 'Video_001-1'`);
});

const FIGURES = `
  count
  countDistinct { duration status channelId createdDate }
  sum { duration } avg { duration } min { duration createdDate videoId } max { duration createdDate title }`;

test('whole numbers are summed beyond 32 bits exactly, and what has no value counts nowhere', async () => {
  const answer = await ask(`{ videosAggregate { ${FIGURES} } }`);
  expect(dataAt(answer, 'videosAggregate')).toEqual({
    count: 12,
    countDistinct: { duration: 2, status: 2, channelId: 6, createdDate: 6 },
    sum: { duration: String(6n * 2147483647n + 1n) },
    avg: { duration: (6 * 2147483647 + 1) / 7 },
    min: {
      duration: 1,
      createdDate: '2025-01-03T00:00:00.000Z'.replace('03', '02').replace('02T', '02T'),
      videoId: 'Video_001-0',
    },
    max: { duration: 2147483647, createdDate: '2025-01-07T00:00:00.000Z', title: 'Video 6 part 1' },
  });
});

test('over no rows there is one answer: counts and sums are 0, the rest is null', async () => {
  const answer = await ask(
    `{ videosAggregate(where: { videoId: { equals: "none" } }) { ${FIGURES} groups(by: [STATUS]) { totalCount nodes { count } } } }`,
  );
  expect(dataAt(answer, 'videosAggregate')).toEqual({
    count: 0,
    countDistinct: { duration: 0, status: 0, channelId: 0, createdDate: 0 },
    sum: { duration: '0' },
    avg: { duration: null },
    min: { duration: null, createdDate: null, videoId: null },
    max: { duration: null, createdDate: null, title: null },
    groups: { totalCount: 0, nodes: [] },
  });
});
