/** Values that no field, filter, page or file can have. */
import { describe } from 'vitest';
import { useTestApi } from '../support/api.ts';
import { useTestDatabase } from '../support/database.ts';
import { body, nested, type Refusal, testRefusals } from '../support/refusals.ts';

const database = await useTestDatabase();
const api = await useTestApi(database);

const CREATE = 'mutation ($input: CreateResearchInput!) { createResearch(input: $input) { research { researchId } } }';
const VIDEO = 'mutation ($input: CreateVideoInput!) { createVideo(input: $input) { video { videoId } } }';
const LIST =
  'query ($first: Int, $last: Int, $after: String, $before: String, $where: ResearchFilter, $orderBy: [ResearchOrder!]) { researches(first: $first, last: $last, after: $after, before: $before, where: $where, orderBy: $orderBy) { nodes { title } } }';
const RECORDS =
  'mutation ($dataset: String!, $records: [JSON!]!) { importRecords(dataset: $dataset, records: $records) { importId } }';
const FILE = 'mutation ($input: ImportFileInput!) { importFile(input: $input) { importId } }';

type Case = readonly [what: string, query: string, variables?: object];
const refusals = (cases: readonly Case[]): Refusal[] =>
  cases.map(([what, query, variables]) => [what, body(query, variables), 'BAD_USER_INPUT']);
const create = (what: string, input: object): Case => [
  what,
  CREATE,
  { input: { title: 'x', department: 'VID', ...input } },
];
const where = (what: string, filter: object): Case => [what, LIST, { where: filter }];
const page = (what: string, variables: object): Case => [what, LIST, variables];
/** Numbers that JavaScript would not write this way. */
const raw = (what: string, query: string, variables: string): Refusal => [
  what,
  `{"query":${JSON.stringify(query)},"variables":${variables}}`,
  'BAD_USER_INPUT',
];
const asCursor = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a page', () => {
  testRefusals(api, database, [
    ...refusals([
      ...[-1, 0, 101, 2_147_483_647, null].map((first) => page(`of ${first} rows`, { first })),
      ...[-1, 0, 101, 2_147_483_647, null].map((last) => page(`of the last ${last} rows`, { last })),
      ...[2_147_483_648, 99_999_999_999, 1.5, '10', true, [1, 2], {}].map((first) =>
        page(`of ${JSON.stringify(first)} rows`, { first }),
      ),
      page('from both ends', { first: 1, last: 1 }),
      ...['garbage', '', '=', '../../etc/passwd', 'a'.repeat(50_000), '☃'].map((after) =>
        page(`after ${JSON.stringify(after.slice(0, 20))}`, { after }),
      ),
      ...[null, 1, 'x', [], [null], [1, 2, 3], [{}], { id: 1 }, ['2025-01-01', "'; DROP TABLE users; --"]].map(
        (value) => page(`after a place of ${JSON.stringify(value)}`, { after: asCursor(value) }),
      ),
      page('before a place of another list', { before: asCursor([1]) }),
      page('ordered by a text', { orderBy: ['title'] }),
      page('ordered by SQL', { orderBy: [{ title: 'id; drop table researches' }] }),
      page('ordered by a field that is SQL', { orderBy: [{ 'id)--': 'ASC' }] }),
      page('ordered by nothing', { orderBy: [{}] }),
      page('ordered by two fields at one place', { orderBy: [{ title: 'ASC', createdDate: 'ASC' }] }),
      page('ordered in a direction that is none', { orderBy: [{ title: 'ASCENDING' }] }),
      page('ordered by null', { orderBy: [{ title: null }] }),
      page('ordered by a field of objects’ prototype', { orderBy: [{ constructor: 'ASC' }] }),
    ]),
    raw('of 1e400 rows', LIST, '{"first":1e400}'),
    raw('of -0.5 rows', LIST, '{"first":-0.5}'),
  ]);
});

describe('a filter', () => {
  testRefusals(api, database, [
    ...refusals([
      where('with a NUL', { title: { contains: 'a\0b' } }),
      where('with half a surrogate pair', { title: { contains: '\ud800' } }),
      where('with the other half', { title: { equals: 'a\udc00' } }),
      where('with a NUL among many', { researchId: { in: ['a', 'b', 'c\0'] } }),
      where('with a NUL deep within', { not: { or: [{ and: [{ title: { startsWith: '\0' } }] }] } }),
      where('with more than 1,000 values', { researchId: { in: Array(1_001).fill('x') } }),
      where('with a field that is none', { nope: { equals: 1 } }),
      where('with an operator that is none', { title: { regex: '(a*)*b' } }),
      where('with an operator of SQL', { title: { 'equals) OR (1=1': 'x' } }),
      where('with a number for a text', { title: { contains: 1 } }),
      where('with a text for an object', { title: 'x' }),
      where('with a list for an object', { title: [{ contains: 'x' }, { contains: 'y' }] }),
      where('with an enum value that is none', { status: { equals: 'BEGUN' } }),
      where('with an enum value of another case', { status: { equals: 'active' } }),
      where('with an enum value that functions have', { department: { equals: 'constructor' } }),
      where('with an enum value of objects’ prototype', { department: { in: ['__proto__'] } }),
      where('with an enum value that is a number', { department: { equals: 1 } }),
      ...[
        'infinity',
        '-infinity',
        'now',
        'yesterday',
        '0000-00-00',
        '2025-02-30',
        '2025-13-01',
        '2025-01-01T25:00:00Z',
        '+300000-01-01',
        '-000001-01-01',
        '2025-01-01T00:00:00+99:00',
        '',
        ' ',
        '1e10',
        '٢٠٢٥-٠١-٠١',
        "'; DROP TABLE users; --",
      ].map((date) => where(`with the date ${JSON.stringify(date)}`, { createdDate: { gte: date } })),
      ...[20250101, 1.5, true, {}, ['2025-01-01', '2025-01-02']].map((date) =>
        where(`with the date ${JSON.stringify(date)}`, { createdDate: { equals: date } }),
      ),
      where('with a version that is no Int', { version: { equals: 1.5 } }),
      where('with a version beyond an Int', { version: { equals: 2 ** 31 } }),
      where('with a fault in rows that hang on it', { videos: { some: { title: { contains: '\0' } } } }),
      where('with an employee that is a list', { researcher: [] }),
      ['with a UUID that is none', '{ imports(where: { importId: { equals: "garbage" } }) { totalCount } }'],
      ['with a UUID too long', `{ imports(where: { importId: { equals: "${'0'.repeat(5_000)}" } }) { totalCount } }`],
      ['with a NUL in a literal', '{ researches(where: { title: { contains: "a\\u0000b" } }) { totalCount } }'],
      ['with a NUL in a block of text', '{ researches(where: { title: { contains: """a\0b""" } }) { totalCount } }'],
    ]),
    [
      'of 62 levels',
      body(LIST, {
        where: nested(60, '{"not":', '{}', '}') && JSON.parse(nested(60, '{"not":', '{"title":{"contains":1}}', '}')),
      }),
      'BAD_USER_INPUT',
    ],
    raw(
      'with a number beyond any',
      'query ($v: Int) { researches(where: { version: { equals: $v } }) { totalCount } }',
      '{"v":1e999}',
    ),
  ]);
});

describe('a new row', () => {
  testRefusals(api, database, [
    ...refusals([
      create('with a NUL', { title: 'a\0' }),
      create('with half a surrogate pair', { title: '\udfff' }),
      create('with a NUL in JSON', { metadata: { deep: ['a\0'] } }),
      create('with a NUL in a key of JSON', { metadata: { 'a\0': 1 } }),
      create('with half a surrogate pair in a key of JSON', { metadata: { '\ud800': 1 } }),
      create('with a number for a title', { title: 1 }),
      create('with a title of null', { title: null }),
      create('with a title of nothing', { title: '' }),
      create('with a title of spaces', { title: ' \t ' }),
      create('with a list for a title', { title: ['a', 'b'] }),
      create('with a department that is none', { department: 'nonsense' }),
      create('with a department of another case', { department: 'vid' }),
      create('with a status of another type', { status: 'QUEUED' }),
      create('with an unknown field', { nope: 1 }),
      create('with a field of objects’ prototype', JSON.parse('{"__proto__":{"polluted":1}}') as object),
      create('with the version of its choice', { version: 7 }),
      create('with the import of its choice', { originImportId: '00000000-0000-7000-8000-000000000000' }),
      create('with the id of its choice', { id: 1 }),
      create('with the time of a change of its choice', { updatedDate: '2025-01-01' }),
      create('with a date that is none', { createdDate: '2025-02-30' }),
      create('with a date without end', { createdDate: 'infinity' }),
      create('with a date beyond the calendar', { createdDate: '300000-01-01' }),
      create('with a key of a NUL', { researchId: 'RSH-VID-\0' }),
      create('with an employee that is none', { researcherId: 'nobody-at-all\0' }),
      ['with nothing', CREATE, { input: {} }],
      ['of null', CREATE, { input: null }],
      ['that is left out', CREATE, {}],
      [
        'that is a list',
        CREATE,
        {
          input: [
            { title: 'a', department: 'VID' },
            { title: 'b', department: 'VID' },
          ],
        },
      ],
      ['that is a text', CREATE, { input: 'x' }],
      [
        'of a video with a duration that is a text',
        VIDEO,
        { input: { videoId: 'V1', title: 'x', sourceUrl: 'https://example.org', duration: 'long' } },
      ],
      [
        'of a video with a phase beyond the last',
        VIDEO,
        { input: { videoId: 'V1', title: 'x', sourceUrl: 'https://example.org', phase: 8 } },
      ],
      [
        'of a video that is counted in halves',
        VIDEO,
        { input: { videoId: 'V1', title: 'x', sourceUrl: 'https://example.org', phase: 1.5 } },
      ],
    ]),
    raw(
      'with a number beyond PostgreSQL’s in JSON',
      CREATE,
      '{"input":{"title":"x","department":"VID","metadata":{"a":1e400}}}',
    ),
  ]);
});

describe('a look-up', () => {
  testRefusals(
    api,
    database,
    refusals([
      ...[
        'garbage',
        '',
        '☃',
        Buffer.from('Nothing:1').toString('base64'),
        Buffer.from('Research').toString('base64'),
        'x'.repeat(50_000),
      ].map(
        (id): Case => [
          `of the id ${JSON.stringify(id.slice(0, 20))}`,
          'query ($id: ID!) { node(id: $id) { id } }',
          { id },
        ],
      ),
      ['of an id with a NUL', 'query ($id: ID!) { node(id: $id) { id } }', { id: 'a\0' }],
      ['of an id that is a half', 'query ($id: ID!) { node(id: $id) { id } }', { id: 1.5 }],
      ['of an id that is a list', 'query ($id: ID!) { node(id: $id) { id } }', { id: ['a', 'b'] }],
      ['of an id that is an object', 'query ($id: ID!) { node(id: $id) { id } }', { id: { toString: 'x' } }],
      ['by a key of null', 'query ($k: String!) { research(researchId: $k) { title } }', { k: null }],
      ['by a key with a NUL', 'query ($k: String!) { research(researchId: $k) { title } }', { k: '\0' }],
      ...[
        'nothing',
        'tokens.hash',
        'information_schema.tables',
        'researches; DROP TABLE users',
        'constructor',
        '__proto__',
        '',
        '"researches"',
      ].map(
        (table): Case => [
          `of changes in ${JSON.stringify(table)}`,
          'query ($t: String!) { changes(table: $t, key: "x") { totalCount } }',
          { t: table },
        ],
      ),
      ...['x', '{}', '[]', '{"research_id":1}', '{"nope":"x"}', '{'].map(
        (key): Case => [
          `of changes by the key ${key}`,
          'query ($k: String!) { changes(table: "research_videos", key: $k) { totalCount } }',
          { k: key },
        ],
      ),
    ]),
  );
});

describe('an import', () => {
  testRefusals(api, database, [
    ...refusals([
      ['of records that are nothing', RECORDS, { dataset: 'researches', records: [null] }],
      ['of records with a NUL in their dataset', RECORDS, { dataset: 'a\0', records: [] }],
      ['into no dataset', RECORDS, { dataset: '', records: [{}] }],
      ['into a dataset that is none', RECORDS, { dataset: 'nothing', records: [{}] }],
      ['into a dataset that functions have', RECORDS, { dataset: 'constructor', records: [{}] }],
      ['into a dataset of objects’ prototype', RECORDS, { dataset: '__proto__', records: [{}] }],
      ['of neither a path nor a file', FILE, { input: {} }],
      ['of a file that is a text', FILE, { input: { file: 'x' } }],
      ['of a file made of JSON', FILE, { input: { file: { name: '../../x', size: 5 } } }],
      ['of a path with a NUL', FILE, { input: { path: 'a\0.csv' } }],
    ]),
  ]);
});
