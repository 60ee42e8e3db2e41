/** What a `where` or an order cannot be is refused, and named, before any statement. */
import { expect, test } from 'vitest';
import { builder } from '../../../src/graphql/builder.ts';
import { entityReads, registerEntity } from '../../../src/graphql/entities.ts';
import { type EntityReads, fieldsOf, one, type Row } from '../../../src/graphql/entity.ts';
import { readOrder } from '../../../src/graphql/ordering.ts';
import { useTestDatabase } from '../../support/database.ts';
import { type Answer, codesOf, graphqlOver } from '../../support/graphql.ts';
import { recordQueries } from '../../support/queries.ts';

const database = await useTestDatabase();

type Where = Readonly<Record<string, unknown>>;
const nested = (depth: number): Where => (depth === 0 ? {} : { not: nested(depth - 1) });
const many = (length: number): Where => ({ or: Array.from({ length }, () => ({ title: { contains: 'a' } })) });

const argumentsOf = (answer: Answer): unknown[] =>
  (answer.errors ?? []).map(({ extensions }) => extensions['argument']);

/** The refused `where`, and the argument that the refusal names. */
const OF_RESEARCHES: readonly (readonly [string, Where, string, string | undefined])[] = [
  ['nested too deep', nested(20), 'LIMIT_EXCEEDED', 'where'],
  ['too many conditions', many(101), 'LIMIT_EXCEEDED', 'where'],
  [
    'too long a list',
    { researchId: { in: Array.from({ length: 1_001 }, String) } },
    'BAD_USER_INPUT',
    'where.researchId.in',
  ],
  ['null for a list', { department: { in: null } }, 'BAD_USER_INPUT', 'where.department.in'],
  ['null for a text', { title: { contains: null } }, 'BAD_USER_INPUT', 'where.title.contains'],
  ['null for a comparison', { createdDate: { lt: null } }, 'BAD_USER_INPUT', 'where.createdDate.lt'],
  ['null for a flag', { title: { isNull: null } }, 'BAD_USER_INPUT', 'where.title.isNull'],
  ['null for a range', { title: { between: null } }, 'BAD_USER_INPUT', 'where.title.between'],
  ['null for a condition', { not: null }, 'BAD_USER_INPUT', 'where.not'],
  ['null for alternatives', { or: null }, 'BAD_USER_INPUT', 'where.or'],
  ['null for a field', { department: null }, 'BAD_USER_INPUT', 'where.department'],
  ['null for a relation', { researcher: null }, 'BAD_USER_INPUT', 'where.researcher'],
  ['null for a quantifier', { videos: { some: null } }, 'BAD_USER_INPUT', 'where.videos.some'],
  ['a link without a quantifier', { videos: { link: {} } }, 'BAD_USER_INPUT', 'where.videos'],
  [
    'null deep inside',
    { or: [{ videos: { none: { title: null } } }] },
    'BAD_USER_INPUT',
    'where.or.0.videos.none.title',
  ],
  ['a path and no question', { metadata: { path: ['a'] } }, 'BAD_USER_INPUT', 'where.metadata'],
  [
    'too long a path',
    { metadata: { path: Array(65).fill('a'), exists: true } },
    'BAD_USER_INPUT',
    'where.metadata.path',
  ],
  ['null for existence', { metadata: { exists: null } }, 'BAD_USER_INPUT', 'where.metadata.exists'],
  ['NUL in text', { title: { contains: 'a\0b' } }, 'BAD_USER_INPUT', 'where.title.contains'],
  ['NUL in a path', { metadata: { path: ['a\0'], exists: true } }, 'BAD_USER_INPUT', 'where.metadata.path.0'],
  ['half a surrogate pair', { title: { contains: '\ud800' } }, 'BAD_USER_INPUT', 'where.title.contains'],
  ['a range without its end', { title: { between: { from: 'a' } } }, 'BAD_USER_INPUT', undefined],
  ['a day that does not exist', { createdDate: { gt: '2025-02-30' } }, 'BAD_USER_INPUT', undefined],
  ['a field that does not exist', { password: { equals: 'x' } }, 'BAD_USER_INPUT', undefined],
  ['an operator that does not exist', { status: { contains: 'ACT' } }, 'BAD_USER_INPUT', undefined],
  ['a value that is none of the enum', { status: { equals: 'DONE' } }, 'BAD_USER_INPUT', undefined],
];

const OF_IMPORTS: readonly (readonly [string, Where, string | undefined])[] = [
  ['no UUID', { importId: { equals: 'nonsense' } }, 'where.importId.equals'],
  ['no UUID in a list', { importId: { in: ['019a0b1c-2d3e-7f40-8a51-000000000000', '1'] } }, 'where.importId.in'],
  ['no UUID in a range', { importId: { between: { from: 'a', to: 'b' } } }, 'where.importId.between.from'],
  ['beyond 32 bits', { read: { gt: 2 ** 31 } }, undefined],
];

const OF_REJECTS: readonly (readonly [string, Where, string | undefined])[] = [
  ['beyond 64 bits', { rejectId: { equals: '9223372036854775808' } }, 'where.rejectId.equals'],
  ['below 64 bits', { rejectId: { gt: '-9223372036854775809' } }, 'where.rejectId.gt'],
  ['null for one of many', { code: { equals: null } }, 'where.code.equals'],
];

async function refusedBefore(type: string, list: string, where: Where, code: string, argument: unknown): Promise<void> {
  const recording = recordQueries(database.read);
  for (const compiled of [true, false]) {
    const ask = graphqlOver(database, { compiled });
    const answer = await ask(`query F($where: ${type}Filter) { ${list}(where: $where) { totalCount nodes { id } } }`, {
      where,
    });
    expect(new Set(codesOf(answer))).toEqual(new Set([code]));
    expect(new Set(argumentsOf(answer))).toEqual(new Set([argument]));
  }
  expect(recording.statements()).toEqual([]);
  recording.stop();
}

test.each(OF_RESEARCHES)('a filter with %s is refused', async (_what, where, code, argument) => {
  await refusedBefore('Research', 'researches', where, code, argument);
});

test.each(OF_IMPORTS)('a filter of imports with %s is refused', async (_what, where, argument) => {
  await refusedBefore('Import', 'imports', where, 'BAD_USER_INPUT', argument);
});

test.each(OF_REJECTS)('a filter of rejects with %s is refused', async (_what, where, argument) => {
  await refusedBefore('Reject', 'rejects', where, 'BAD_USER_INPUT', argument);
});

test('as many conditions as are allowed are answered', async () => {
  const ask = graphqlOver(database);
  const answer = await ask('query F($where: ResearchFilter) { researches(where: $where) { totalCount } }', {
    where: many(49),
  });
  expect(codesOf(answer)).toEqual([]);
});

test.each([
  ['two fields in one entry', [{ title: 'ASC', status: 'ASC' }]],
  ['a related row’s two fields', [{ channel: { name: 'ASC', platform: 'ASC' } }]],
  ['a related row’s no field', [{ channel: {} }]],
  ['a list’s field', [{ segments: { text: 'ASC' } }]],
  ['a list’s null', [{ segments: { count: null } }]],
  ['null', [{ title: null }]],
  ['JSON', [{ metadata: 'ASC' }]],
  ['one field twice', [{ channel: { name: 'ASC' } }, { channel: { name: 'DESC' } }]],
  [
    'too many fields',
    ['title', 'status', 'phase', 'duration', 'sourceUrl', 'channelId'].map((name) => ({ [name]: 'ASC' })),
  ],
])('an order by %s is refused', async (_what, orderBy) => {
  for (const compiled of [true, false]) {
    const ask = graphqlOver(database, { compiled });
    const answer = await ask('query O($orderBy: [VideoOrder!]) { videos(orderBy: $orderBy) { nodes { id } } }', {
      orderBy,
    });
    expect(new Set(codesOf(answer))).toEqual(new Set(['BAD_USER_INPUT']));
  }
});

const forged = (names: readonly string[], values: readonly unknown[]): string =>
  Buffer.from(JSON.stringify([names, values])).toString('base64url');

test.each([
  [
    'videos',
    'Video',
    'createdDate',
    'videoId',
    ['2025-02-30T00:00:00.000Z', '0000-01-01T00:00:00.000Z', '+123456-01-01T00:00:00.000Z', 7, null],
  ],
  ['videos', 'Video', 'duration', 'videoId', [2 ** 31, 1.5, '7', true]],
  ['videos', 'Video', 'segments.count', 'videoId', ['9223372036854775808', 7, '', null]],
  ['videos', 'Video', 'title', 'videoId', ['a\0b', '\ud800', 7, null]],
  ['imports', 'Import', 'importId', undefined, ['-'.repeat(36), '019a', 7, null]],
  ['influencers', 'Influencer', 'engagementRate', 'influencerId', ['NaN', '1', {}]],
])('a cursor of %s (%s) by %s that no list gave is refused', async (list, type, name, key, values) => {
  const ask = graphqlOver(database);
  const orderBy = [name.endsWith('.count') ? { segments: { count: 'ASC' } } : { [name]: 'ASC' }];
  const document = `query P($after: String, $orderBy: [${type}Order!]) { ${list}(after: $after, orderBy: $orderBy) { nodes { id } } }`;
  const rest = key === undefined ? [] : [`${key} ASC`];
  const cursor = (value: unknown) => forged([`${name} ASC`, ...rest], [value, ...rest.map(() => 'a')]);
  for (const value of values) {
    const answer = await ask(document, { orderBy, after: cursor(value) });
    expect([value, codesOf(answer), argumentsOf(answer)]).toEqual([value, ['BAD_USER_INPUT'], ['after']]);
  }
});

test('an order leads over a few rows at most', async () => {
  const field = fieldsOf<{ knot_id: string }>();
  const knots: EntityReads = {
    type: 'Knot',
    scope: 'research',
    plural: 'knots',
    table: 'knots',
    key: 'knotId',
    description: 'A row that names another of its kind.',
    fields: { knotId: field.id('knot_id', 'The key.') },
    relations: { next: one('Knot', 'knot_id', 'The next one.') },
    order: [['knotId', 'ASC']],
    // Other files' tests go through all lists; it stays known to this process.
    listed: false,
  };
  registerEntity(knots, builder.objectRef<Row>('Knot'));
  const over = (hops: number): object => (hops === 0 ? { knotId: 'ASC' } : { next: over(hops - 1) });
  expect(readOrder(entityReads('Knot'), [over(3)])).toMatchObject([
    { name: 'next.next.next.knotId' },
    { name: 'knotId' },
  ]);
  expect(() => readOrder(entityReads('Knot'), [over(4)])).toThrow('leads over 3 rows at most');
});

test('an order that no index has is refused over too many rows, and says which would do', async () => {
  const { owner } = database;
  await owner.query('ALTER TABLE employees DISABLE TRIGGER ALL');
  await owner.query(
    `INSERT INTO employees (employee_id, name) SELECT 'e' || n, 'name' FROM generate_series(1, 100001) n`,
  );
  const ask = graphqlOver(database);
  const list = (orderBy: string, where = '{}') =>
    ask(`{ employees(first: 2, orderBy: [${orderBy}], where: ${where}) { nodes { employeeId } } }`);
  for (const order of ['{ name: ASC }', '{ searches: { count: DESC } }', '{ department: DESC }']) {
    const answer = await list(order);
    expect(codesOf(answer)).toEqual(['LIMIT_EXCEEDED']);
    expect(answer.errors?.[0]?.extensions['hint']).toContain('createdAt');
  }
  for (const order of [
    '{ employeeId: DESC }',
    '{ createdAt: ASC }',
    '{ department: ASC }, { name: ASC }',
    '{ department: DESC_NULLS_FIRST }',
  ]) {
    expect(codesOf(await list(order))).toEqual([]);
  }
  expect(codesOf(await list('{ name: ASC }', '{ employeeId: { notEquals: "e7" } }'))).toEqual([]);
});
