/** What a compiled document is: one statement, the very answer, bounded, and silent where it cannot tell. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DocumentNode, parse, print, separateOperations } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { createContext } from '../../../src/graphql/context.ts';
import { createDocuments } from '../../../src/graphql/documents/documents.ts';
import { PROJECT_ROOT } from '../../../src/kernel/config.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { createRecent } from '../../../src/kernel/recent.ts';
import { loadSchema } from '../../../src/server/schema.ts';
import { askBothWays } from '../../support/both-ways.ts';
import { TESTER, useTestDatabase } from '../../support/database.ts';
import { seedResearches } from '../../support/research.ts';

const database = await useTestDatabase();
const ask = askBothWays(database);
const schema = await loadSchema();

beforeAll(() => seedResearches(database.owner, 6, 3));

const readDocument = async (path: string): Promise<DocumentNode> =>
  parse(await readFile(join(PROJECT_ROOT, path), 'utf8'));

const contract = separateOperations(await readDocument('test/contract-documents/research.graphql'));
const own = separateOperations(await readDocument('operations/dashboard.graphql'));

const KEYS = { researchId: 'RSH-VID-003', videoId: 'Video_003-0' };
const FILTERED = {
  first: 3,
  where: { department: { in: ['VID', 'AI'] }, videos: { some: { status: { equals: 'COMPLETED' } } } },
  orderBy: [{ createdDate: 'DESC' }],
};

describe('clients’ documents are one statement each, and answered alike both ways', () => {
  test.each([
    ['Researches', contract['Researches'], FILTERED],
    ['ResearchById', contract['ResearchById'], KEYS],
    ['Videos', contract['Videos'], { first: 3, orderBy: [{ channel: { name: 'DESC' } }] }],
    ['VideoById', contract['VideoById'], KEYS],
    ['Channels', contract['Channels'], { first: 2 }],
    ['Influencers', contract['Influencers'], {}],
    ['DashboardResearches', own['DashboardResearches'], FILTERED],
    ['DashboardResearch', own['DashboardResearch'], KEYS],
    ['DashboardVideos', own['DashboardVideos'], { first: 2 }],
    ['DashboardVideo', own['DashboardVideo'], KEYS],
    ['DashboardImports', own['DashboardImports'], {}],
    [
      'grouped counts',
      parse('{ videosAggregate { count groups(by: [STATUS]) { nodes { key { status } count avg { duration } } } } }'),
      {},
    ],
  ])('%s', async (_name, document, variables) => {
    if (document === undefined) throw new Error('There is no such operation');
    const { ordinary, compiled, statements } = await ask(print(document), variables);
    expect(ordinary).not.toContain('"errors"');
    expect(compiled).toBe(ordinary);
    expect(statements).toHaveLength(1);
  });
});

describe('what JavaScript writes in another way than SQL does is written as JavaScript does', () => {
  const NUMBERS = [
    0.1 + 0.2,
    -0,
    1e-5,
    1.5e-7,
    5e-324,
    123456789.125,
    1e15,
    1e20,
    1e21,
    9.999999999999999e22,
    1e23,
    -1e300,
  ];
  const TEXTS = ['\u0001\u001f\u007f', '\u2028\u2029', '\\u0001 "\\" \b\f\n\r\t/', 'İ😀\uffff', "a'b''c%s%%"];
  const JSONS = [
    '{"b": 1.0, "10": 1e2, "9": {"__proto__": [1.50, -0.0]}, "a": "\\u0001"}',
    '{"much": 1e400}',
    '[ ]',
    '"x"',
  ];
  const INSTANTS = [
    '1969-12-31 23:59:59.999Z',
    '1899-12-31 23:59:59.999999Z',
    '2025-07-01 12:00:00.120001Z',
    '0001-01-01 00:00:00Z',
    '9999-12-31 23:59:59.999Z',
    '2024-02-29 12:00:00.5+05:30',
  ];

  // Of rates the table takes those that occur; of numbers at large there are others.
  beforeAll(() => database.owner.query('ALTER TABLE influencers DROP CONSTRAINT influencers_engagement_rate_check'));

  test('numbers, texts, JSON and instants', async () => {
    for (const [index, number] of NUMBERS.entries()) {
      await database.owner.query(
        `INSERT INTO influencers (influencer_id, name, engagement_rate, metadata, last_updated)
         VALUES ($1, $2, $3, $4, $5)`,
        [
          `odd-${index}`,
          TEXTS[index % TEXTS.length],
          number,
          JSONS[index % JSONS.length],
          INSTANTS[index % INSTANTS.length],
        ],
      );
    }
    const query = `{ influencers(first: 100, orderBy: [{ name: ASC }, { lastUpdated: DESC }]) {
      edges { cursor node { id name engagementRate metadata lastUpdated } } } }`;
    const { ordinary, compiled } = await ask(query);
    expect(ordinary).not.toContain('"errors"');
    expect(compiled).toBe(ordinary);
  });

  test.each([
    ['a number that JSON has not', `UPDATE influencers SET engagement_rate = 'NaN' WHERE influencer_id = 'INF-1'`],
    ['no JSON where there must be some', `UPDATE influencers SET metadata = 'null' WHERE influencer_id = 'INF-1'`],
    ['too large a number', `UPDATE influencers SET metadata = '1e400' WHERE influencer_id = 'INF-1'`],
    ['a year of five digits', `UPDATE influencers SET last_updated = '12025-01-01Z' WHERE influencer_id = 'INF-1'`],
    ['a year before the first', `UPDATE influencers SET last_updated = '0044-03-15Z BC' WHERE influencer_id = 'INF-1'`],
    ['no instant at all', `UPDATE influencers SET last_updated = 'infinity' WHERE influencer_id = 'INF-1'`],
  ])('%s is left to ordinary execution', async (what, change) => {
    await database.owner.query(change);
    const query = `query Q { influencers { nodes { name engagementRate lastUpdated metadata } } } # ${what}`;
    expect((await ask(query)).compiled).toBeUndefined();
    await database.owner.query(
      `UPDATE influencers SET engagement_rate = 1, last_updated = NULL, metadata = '{}' WHERE influencer_id = 'INF-1'`,
    );
  });

  test('a cursor with a number that SQL writes otherwise is left to ordinary execution', async () => {
    const query = '{ influencers(orderBy: [{ engagementRate: ASC }], first: 100) { edges { cursor } } }';
    expect((await ask(query)).compiled).toBeUndefined();
  });
});

test.each([
  ['fields with resolvers of their own', '{ channels { nodes { videosInQueue } } }'],
  ['where values came from', '{ researches { nodes { origin { line } } } }'],
  ['ids of any type', '{ node(id: "UmVzZWFyY2g6UlNILVZJRC0wMDM") { id } }'],
  ['the schema itself', '{ researches { totalCount } __schema { queryType { name } } }'],
  [
    'stretches of time',
    '{ videosAggregate { groups(by: [CREATED_DATE_MONTH]) { nodes { key { createdDate { label } } } } } }',
  ],
  ['pages that are none', '{ researches(first: 0) { totalCount } }'],
  ['cursors that are none', '{ researches(after: "x") { totalCount } }'],
  ['who has no right to ask', '{ tokens { name } }'],
])('%s are left to ordinary execution, and cost no statement', async (_what, query) => {
  const { compiled, statements } = await ask(query);
  expect([compiled, statements]).toEqual([undefined, []]);
});

test('a key is the one thing that changes without another statement', async () => {
  const query = 'query ($key: String!) { research(researchId: $key) { title videos(first: 2) { totalCount } } }';
  const texts = [];
  for (const key of ['RSH-VID-001', 'RSH-VID-002', 'none', "it's"]) {
    const { ordinary, compiled, statements } = await ask(query, { key });
    expect(compiled).toBe(ordinary);
    texts.push(...statements);
  }
  expect(texts).toHaveLength(4);
  expect(new Set(texts).size).toBe(1);
});

test('variables that leave out, filter or cut have statements of their own', async () => {
  const query = `query ($with: Boolean!, $first: Int, $where: VideoFilter) {
    videos(first: $first, where: $where) { nodes { videoId title @include(if: $with) } } }`;
  for (const variables of [
    { with: true },
    { with: false, first: 2 },
    { with: false, first: 2, where: { title: { contains: '2 PART' } } },
    { with: false, first: 3, where: { title: { contains: '3 PART' } } },
    { with: false, where: null },
  ]) {
    const { ordinary, compiled } = await ask(query, variables);
    expect(compiled).toBe(ordinary);
  }
});

test('what is kept is bounded, and what is asked for often is kept', () => {
  const recent = createRecent<number>(3);
  for (const [index, key] of ['a', 'b', 'c'].entries()) recent.set(key, index);
  recent.get('a');
  recent.set('d', 3);
  expect(['a', 'b', 'c', 'd'].map(recent.get)).toEqual([0, undefined, 2, 3]);
  const documents = createDocuments();
  for (let index = 0; index < 300; index += 1) {
    const query = `{ a${index}: researches { totalCount } }`;
    documents.remember({ schema, document: parse(query) }, query);
  }
  expect(documents.size()).toBe(200);
});

test('a document that was never executed is not known', async () => {
  const context = createContext({ actor: TESTER, requestId: 'test', log: silentLog(), database });
  expect(await createDocuments().answer({ query: '{ researches { totalCount } }' }, context)).toBeUndefined();
});
