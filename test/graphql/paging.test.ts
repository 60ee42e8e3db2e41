/** Pages joined are the list, whatever its order, in both directions. */
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { useTestDatabase } from '../support/database.ts';
import { codesOf, dataAt, graphqlOver } from '../support/graphql.ts';
import { insertRows } from '../support/research.ts';

const database = await useTestDatabase();
const ask = graphqlOver(database);

const LIST = `query List($first: Int, $after: String, $last: Int, $before: String, $orderBy: [SearchQueueItemOrder!]) {
  searchQueue(first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    nodes { searchId priority createdDate resultsPath }
  }
}`;

interface Item {
  readonly searchId: string;
  readonly priority: number | null;
  readonly createdDate: string;
  readonly resultsPath: string | null;
}

interface Page {
  readonly totalCount: number;
  readonly pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
  readonly nodes: readonly Item[];
}

async function page(variables: Record<string, unknown>): Promise<Page> {
  return dataAt(await ask(LIST, variables), 'searchQueue') as Page;
}

async function forwards(size: number, orderBy: unknown): Promise<Item[]> {
  const items: Item[] = [];
  for (let after: string | undefined; ; ) {
    const { nodes, pageInfo } = await page({ first: size, orderBy, ...(after !== undefined && { after }) });
    items.push(...nodes);
    if (!pageInfo.hasNextPage) return items;
    after = pageInfo.endCursor;
  }
}

async function backwards(size: number, orderBy: unknown): Promise<Item[]> {
  const items: Item[] = [];
  for (let before: string | undefined; ; ) {
    const { nodes, pageInfo } = await page({ last: size, orderBy, ...(before !== undefined && { before }) });
    items.unshift(...nodes);
    if (!pageInfo.hasPreviousPage) return items;
    before = pageInfo.startCursor;
  }
}

type Order = { readonly [field in keyof Item]?: 'ASC' | 'DESC' };

/** The order as JavaScript has it: what is absent comes last either way, the key decides between equals. */
function sorted(items: readonly Item[], orders: readonly Order[]): Item[] {
  const keys = [...orders.flatMap((order) => Object.entries(order)), ['searchId', 'ASC']] as [keyof Item, string][];
  return items.toSorted((a, b) => {
    for (const [key, direction] of keys) {
      const [left, right] = [a[key], b[key]];
      if (left === right) continue;
      if (left === null) return 1;
      if (right === null) return -1;
      return (left < right ? -1 : 1) * (direction === 'ASC' ? 1 : -1);
    }
    return 0;
  });
}

const direction = fc.constantFrom('ASC' as const, 'DESC' as const);
const anOrder = fc.oneof(
  direction.map((priority) => [{ priority }]),
  direction.map((createdDate) => [{ createdDate }]),
  fc.tuple(direction, direction).map(([priority, createdDate]) => [{ priority }, { createdDate }]),
  fc.tuple(direction, direction).map(([resultsPath, priority]) => [{ resultsPath }, { priority }]),
  direction.map((searchId) => [{ searchId }]),
  fc.constant([{ createdDate: 'DESC' as const }]),
);

const someItems = fc
  .array(
    fc.record({
      priority: fc.option(fc.integer({ min: 1, max: 3 })),
      day: fc.integer({ min: 0, max: 2 }),
      resultsPath: fc.option(fc.constantFrom('a', 'B', 'é', 'я')),
    }),
    { maxLength: 12 },
  )
  .map((rows) =>
    rows.map(({ priority, day, resultsPath }, index) => ({
      searchId: `S-${(index * 7) % 13}-${index}`,
      priority,
      createdDate: new Date(Date.UTC(2025, 0, 1, 0, 0, 0, day)).toISOString(),
      resultsPath,
    })),
  );

async function replaceItems(items: readonly Item[]): Promise<void> {
  await database.owner.query('DELETE FROM search_queue');
  await insertRows(
    database.owner,
    'search_queue',
    items.map(({ searchId, priority, createdDate, resultsPath }) => ({
      search_id: searchId,
      department: 'VID',
      status: 'pending',
      priority,
      created_date: createdDate,
      query: 'anything',
      results_path: resultsPath,
      updated_at: createdDate,
      metadata: {},
    })),
  );
}

beforeEach(() => replaceItems([]));

test('pages joined forwards and backwards are the whole list, with nulls and ties', async () => {
  await fc.assert(
    fc.asyncProperty(someItems, anOrder, fc.integer({ min: 1, max: 5 }), async (items, orderBy, size) => {
      await replaceItems(items);
      const expected = sorted(items, orderBy);
      expect(await forwards(size, orderBy)).toEqual(expected);
      expect(await backwards(size, orderBy)).toEqual(expected);
    }),
    { numRuns: 150 },
  );
});

test('the newest comes first unless asked otherwise, and the whole list is counted under any page', async () => {
  const at = (day: number) => new Date(Date.UTC(2025, 0, day)).toISOString();
  const item = (searchId: string, day: number) => ({
    searchId,
    priority: null,
    createdDate: at(day),
    resultsPath: null,
  });
  await replaceItems([item('b', 1), item('a', 1), item('c', 2)]);
  const { nodes, totalCount, pageInfo } = await page({ first: 2 });
  expect(nodes.map(({ searchId }) => searchId)).toEqual(['c', 'a']);
  expect(totalCount).toBe(3);
  expect(pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
});

const place = Buffer.from(
  JSON.stringify([
    ['createdDate DESC', 'searchId ASC'],
    ['x', 'y'],
  ]),
).toString('base64url');

test.each([
  ['first of nothing', { first: 0 }],
  ['a negative first', { first: -1 }],
  ['more than a page holds', { first: 101 }],
  ['a first of null', { first: null }],
  ['first and last', { first: 1, last: 1 }],
  ['a cursor that is none', { after: 'nonsense' }],
  ['a cursor of other values', { after: place }],
  ['a cursor of another order', { after: place, orderBy: [{ priority: 'ASC' }] }],
  ['one entry with two fields', { orderBy: [{ priority: 'ASC', createdDate: 'DESC' }] }],
  ['one entry with none', { orderBy: [{}] }],
  ['a field twice', { orderBy: [{ priority: 'ASC' }, { priority: 'DESC' }] }],
  ['a field that does not exist', { orderBy: [{ password: 'ASC' }] }],
])('%s is refused as bad input', async (_what, variables) => {
  const answer = await ask(LIST, variables);
  expect(new Set(codesOf(answer))).toEqual(new Set(['BAD_USER_INPUT']));
});
