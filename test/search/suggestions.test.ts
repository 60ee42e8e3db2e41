import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { slipsBetween } from '../../src/search/nearness.ts';
import { readNewWords } from '../../src/search/vocabulary.ts';
import { useTestDatabase } from '../support/database.ts';
import { dataAt, graphqlOver } from '../support/graphql.ts';
import { addResearches, addSegments, addVideos } from './library.ts';

const database = await useTestDatabase();
const ask = graphqlOver(database);

beforeAll(async () => {
  await addVideos(database.owner, [
    {
      video_id: 'V1',
      title: 'Kubernetes clusters',
      transcript_content: 'We search for embeddings. Größe und „Straße“.',
    },
    { video_id: 'V2', title: 'Пошук джерел', transcript_content: 'Дослідження мови.' },
  ]);
  await addSegments(database.owner, 'V2', [[1, 'Here a xylophone plays.']]);
  await addResearches(database.owner, [{ research_id: 'R1', title: 'Kubernetes in practice', department: 'HR' }]);
  await readAllWords();
});

/**
 * Reads words until no transaction is left that was open when this began, in any database of the server: what such a
 * transaction may still write is read by a later pass. Returns how many rows were read.
 */
async function readAllWords(batch = 200): Promise<number> {
  const { rows } = await database.owner.query('SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS now');
  const { now } = rows[0] as { now: bigint };
  const isRead = async () => {
    const passed = await database.owner.query('SELECT min(from_transaction) >= $1 AS passed FROM search_progress', [
      now,
    ]);
    return (passed.rows[0] as { passed: boolean | null }).passed === true;
  };
  let read = 0;
  for (const end = Date.now() + 50_000; !(await isRead()) && Date.now() < end; await sleep(20)) {
    read += await readNewWords(database, { batch });
  }
  return read;
}

const SUGGEST = `query S($query: String!, $where: SearchWhere, $first: Int) {
  search(query: $query, where: $where) { totalCount suggestions(first: $first) { query totalCount } }
}`;

async function suggested(query: string, more = {}): Promise<{ query: string; totalCount: number }[]> {
  return dataAt(await ask(SUGGEST, { query, ...more }), 'search.suggestions') as {
    query: string;
    totalCount: number;
  }[];
}

test.each([
  ['kubrenetes', 'kubernetes'],
  ['Kubernetse', 'kubernetes'],
  ['serach', 'search'],
  ['embedngs', 'embeddings'],
  ['пошукк', 'пошук'],
  ['groesse', 'größe'],
  ['straßse', 'straße'],
  ['xylofone', 'xylophone'],
])('%s is taken for %s', async (query, meant) => {
  expect((await suggested(query)).map((one) => one.query)).toContain(meant);
});

test('every suggestion leads to as many hits as it says', async () => {
  const all = [...(await suggested('kubrenetes', { first: 5 })), ...(await suggested('serach embedngs'))];
  expect(all.length).toBeGreaterThan(1);
  for (const { query, totalCount } of all) {
    const answer = await ask(SUGGEST, { query });
    expect(dataAt(answer, 'search.totalCount')).toBe(totalCount);
    expect(totalCount).toBeGreaterThan(0);
  }
});

test('of several words those that are wrong are replaced, and the rest of the query stays', async () => {
  expect(await suggested('"serach for" embeddings -zebra')).toContainEqual({
    query: '"search for" embeddings -zebra',
    totalCount: 1,
  });
});

test('a query that finds enough has none, nor has one that nothing is near to', async () => {
  expect(await suggested('qqqqqqqqqq')).toEqual([]);
  expect(await suggested('12345 -- 😀')).toEqual([]);
  expect(await suggested('kubernetes')).not.toContainEqual(expect.objectContaining({ query: 'kubernetes' }));
});

test('suggestions are of what the filters and the actor’s scopes let through', async () => {
  expect(await suggested('kubrenetes', { where: { department: ['HR'] } })).toEqual([
    { query: 'kubernetes', totalCount: 1 },
  ]);
  expect(await suggested('embedngs', { where: { department: ['HR'] } })).toEqual([]);
  const outside = graphqlOver(database, {
    actor: { kind: 'token', label: 'token:x', role: 'admin', scopes: ['market'] },
  });
  expect(dataAt(await outside(SUGGEST, { query: 'kubrenetes' }), 'search.suggestions')).toEqual([]);
});

test('what rows come to say later is read later, each row once', async () => {
  expect(await readAllWords()).toBe(0);
  await addResearches(database.owner, [{ research_id: 'R2', title: 'Photosynthesis' }]);
  await database.owner.query("UPDATE videos SET transcript_content = 'Mitochondria' WHERE video_id = 'V1'");
  expect(await readAllWords(1)).toBe(2);
  expect((await suggested('fotosynthesis')).map((one) => one.query)).toEqual(['photosynthesis']);
  expect((await suggested('mitochondira')).map((one) => one.query)).toEqual(['mitochondria']);
  // The word is still known, but no row says it any more.
  expect(await suggested('embedngs')).toEqual([]);
});

test.each([
  ['search', 'serach', 1],
  ['search', 'search', 0],
  ['search', 'sarch', 1],
  ['', 'abc', 3],
  ['kitten', 'sitting', 3],
])('between %s and %s lie %i slips', (one, other, slips) => {
  expect(slipsBetween(one, other)).toBe(slips);
  expect(slipsBetween(other, one)).toBe(slips);
});
