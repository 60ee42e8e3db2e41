/** Pages joined are the list, over any order and any `where`, from both ends, while rows are added. */
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { useTestDatabase } from '../../support/database.ts';
import { dataAt, graphqlOver } from '../../support/graphql.ts';
import { compareBy, type Placement } from '../../support/order-oracle.ts';
import { insertRows } from '../../support/research.ts';

const database = await useTestDatabase();
const ask = graphqlOver(database);

interface Employee {
  readonly id: string;
  readonly name: string;
  readonly department: string | null;
}

interface Item {
  readonly id: string;
  readonly status: string;
  readonly priority: number | null;
  readonly day: number;
  readonly resultsPath: string | null;
  readonly assignee: Employee | null;
}

interface World {
  readonly employees: readonly Employee[];
  readonly items: readonly Item[];
}

const world: fc.Arbitrary<World> = fc
  .record({
    employees: fc.array(
      fc.record({
        name: fc.constantFrom('Anna', 'anna', 'Яна'),
        department: fc.option(fc.constantFrom('AI', 'VID')),
      }),
      { maxLength: 4 },
    ),
    items: fc.array(
      fc.record({
        status: fc.constantFrom('pending', 'active'),
        priority: fc.option(fc.integer({ min: 1, max: 3 })),
        day: fc.integer({ min: 1, max: 2 }),
        resultsPath: fc.option(fc.constantFrom('a', 'B', 'é', 'я')),
        assignee: fc.option(fc.nat({ max: 3 })),
      }),
      { maxLength: 14 },
    ),
  })
  .map(({ employees: drawn, items }) => {
    const employees = drawn.map((employee, index) => ({ ...employee, id: `E${index}` }));
    return {
      employees,
      items: items.map((item, index) => ({
        ...item,
        id: `S-${(index * 7) % 17}-${index}`,
        assignee: item.assignee === null ? null : (employees[item.assignee] ?? null),
      })),
    };
  });

const time = (day: number): string => new Date(Date.UTC(2025, 0, day)).toISOString();

async function insertItems(items: readonly Item[]): Promise<void> {
  await insertRows(
    database.owner,
    'search_queue',
    items.map(({ id, status, priority, day, resultsPath, assignee }) => ({
      ...{ search_id: id, department: 'VID', status, priority, query: 'anything', results_path: resultsPath },
      ...{
        assigned_to: assignee?.id ?? null,
        created_date: time(day),
        updated_at: time(day),
        metadata: {},
        version: 1,
      },
    })),
  );
}

async function become({ employees, items }: World): Promise<void> {
  await database.owner.query('DELETE FROM search_queue');
  await database.owner.query('DELETE FROM employees');
  await insertRows(
    database.owner,
    'employees',
    employees.map(({ id, name, department }) => ({
      ...{ employee_id: id, name, department, metadata: {}, version: 1 },
      ...{ created_at: time(1), updated_at: time(1) },
    })),
  );
  await insertItems(items);
}

beforeEach(() => become({ employees: [], items: [] }));

type Key = string | number | null;
/** What a row is ordered by, and how that is asked for. */
interface By<Row> {
  readonly entry: (placement: Placement) => object;
  readonly key: (row: Row, world: World) => Key;
}

const searches = (employee: Employee, { items }: World): number =>
  items.filter(({ assignee }) => assignee?.id === employee.id).length;

const ITEM_KEYS: readonly By<Item>[] = [
  { entry: (searchId) => ({ searchId }), key: ({ id }) => id },
  { entry: (priority) => ({ priority }), key: ({ priority }) => priority },
  { entry: (createdDate) => ({ createdDate }), key: ({ day }) => day },
  { entry: (status) => ({ status }), key: ({ status }) => status },
  { entry: (resultsPath) => ({ resultsPath }), key: ({ resultsPath }) => resultsPath },
  { entry: (name) => ({ assignee: { name } }), key: ({ assignee }) => assignee?.name ?? null },
  { entry: (department) => ({ assignee: { department } }), key: ({ assignee }) => assignee?.department ?? null },
  {
    entry: (count) => ({ assignee: { searches: { count } } }),
    key: ({ assignee }, all) => (assignee === null ? null : searches(assignee, all)),
  },
];

const EMPLOYEE_KEYS: readonly By<Employee>[] = [
  { entry: (count) => ({ searches: { count } }), key: searches },
  { entry: (name) => ({ name }), key: ({ name }) => name },
  { entry: (department) => ({ department }), key: ({ department }) => department },
];

const WHERES: readonly { readonly where: object | null; readonly holds: (item: Item) => boolean }[] = [
  { where: null, holds: () => true },
  { where: { status: { equals: 'PENDING' } }, holds: ({ status }) => status === 'pending' },
  { where: { priority: { isNull: false } }, holds: ({ priority }) => priority !== null },
  {
    where: { assignee: { name: { startsWith: 'ANN' } } },
    holds: ({ assignee }) => /^ann/i.test(assignee?.name ?? ''),
  },
  { where: { resultsPath: { notEquals: 'a' } }, holds: ({ resultsPath }) => resultsPath !== 'a' },
];

const placements = fc.constantFrom<Placement>('ASC', 'DESC', 'ASC_NULLS_FIRST', 'DESC_NULLS_FIRST');

const anOrder = <Row>(keys: readonly By<Row>[]): fc.Arbitrary<{ by: By<Row>; placement: Placement }[]> =>
  fc
    .tuple(
      fc.shuffledSubarray([...keys], { minLength: 1, maxLength: Math.min(4, keys.length) }),
      fc.array(placements, { minLength: 4, maxLength: 4 }),
    )
    .map(([chosen, directions]) => chosen.map((by, index) => ({ by, placement: directions[index] ?? 'ASC' })));

interface List<Row extends { readonly id: string }> {
  readonly field: string;
  readonly type: string;
  readonly key: string;
  readonly order: readonly { readonly by: By<Row>; readonly placement: Placement }[];
  readonly where: object | null;
}

function sorted<Row extends { readonly id: string }>(rows: readonly Row[], { order }: List<Row>, all: World): string[] {
  const keys = order.map(({ by, placement }) => ({ placement, key: (row: Row) => by.key(row, all) }));
  return rows.toSorted(compareBy([...keys, { placement: 'ASC', key: ({ id }) => id }])).map(({ id }) => id);
}

/** All pages from one end, in the list's own order; `between` runs after each. */
async function joined<Row extends { readonly id: string }>(
  { field, type, key, order, where }: List<Row>,
  size: number,
  end: 'first' | 'last',
  between: () => Promise<void> = async () => undefined,
): Promise<string[]> {
  const document = `query L($first: Int, $after: String, $last: Int, $before: String, $orderBy: [${type}Order!], $where: ${type}Filter) {
    list: ${field}(first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy, where: $where) {
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor } nodes { id: ${key} }
    }
  }`;
  const orderBy = order.map(({ by, placement }) => by.entry(placement));
  const ids: string[] = [];
  for (let cursor: string | undefined, more = true; more; await between()) {
    const place = cursor === undefined ? {} : { [end === 'first' ? 'after' : 'before']: cursor };
    const list = dataAt(await ask(document, { [end]: size, orderBy, where, ...place }), 'list') as {
      pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string; endCursor: string };
      nodes: { id: string }[];
    };
    const page = list.nodes.map(({ id }) => id);
    if (end === 'first') ids.push(...page);
    else ids.unshift(...page);
    more = end === 'first' ? list.pageInfo.hasNextPage : list.pageInfo.hasPreviousPage;
    cursor = end === 'first' ? list.pageInfo.endCursor : list.pageInfo.startCursor;
  }
  return ids;
}

const COUNT = 'query C($where: SearchQueueItemFilter) { searchQueue(where: $where) { totalCount } }';

const sizes = fc.integer({ min: 1, max: 6 });

test('over several keys, related rows, counts and placed NULLs, pages from both ends are the whole list', async () => {
  await fc.assert(
    fc.asyncProperty(
      world,
      anOrder(ITEM_KEYS),
      fc.constantFrom(...WHERES),
      sizes,
      async (all, order, { where, holds }, size) => {
        await become(all);
        const list: List<Item> = { field: 'searchQueue', type: 'SearchQueueItem', key: 'searchId', order, where };
        const expected = sorted(all.items.filter(holds), list, all);
        expect(await joined(list, size, 'first')).toEqual(expected);
        expect(await joined(list, size, 'last')).toEqual(expected);
        const counted = await ask(COUNT, { where });
        expect(dataAt(counted, 'searchQueue.totalCount')).toBe(expected.length);
      },
    ),
    { numRuns: 100 },
  );
});

test('lists by how many rows another list has are whole, too', async () => {
  await fc.assert(
    fc.asyncProperty(world, anOrder(EMPLOYEE_KEYS), sizes, async (all, order, size) => {
      await become(all);
      const list: List<Employee> = { field: 'employees', type: 'Employee', key: 'employeeId', order, where: null };
      const expected = sorted(all.employees, list, all);
      expect(await joined(list, size, 'first')).toEqual(expected);
      expect(await joined(list, size, 'last')).toEqual(expected);
    }),
    { numRuns: 30 },
  );
});

test('whoever pages while rows are added meets every row that was there, once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      world,
      anOrder(ITEM_KEYS),
      sizes,
      fc.constantFrom('first', 'last'),
      async (all, order, size, end) => {
        await become(all);
        let added = 0;
        // Without an assignee, so that no count moves the rows that were there.
        const add = async (): Promise<void> => {
          added += 1;
          const day = 1 + (added % 2);
          await insertItems([
            {
              id: `S-${added}-new`,
              status: 'active',
              priority: added % 3 || null,
              day,
              resultsPath: null,
              assignee: null,
            },
          ]);
        };
        const list: List<Item> = { field: 'searchQueue', type: 'SearchQueueItem', key: 'searchId', order, where: null };
        // Each page may be followed by a row that comes next: at some point there must be an end.
        const met = await joined(list, size, end, () => (added < 8 ? add() : Promise.resolve()));
        expect(new Set(met).size).toBe(met.length);
        expect(met.filter((id) => !id.endsWith('new'))).toEqual(sorted(all.items, list, all));
      },
    ),
    { numRuns: 40 },
  );
});

test('each parent’s list is ordered and cut by itself', async () => {
  const anna = { id: 'E0', name: 'Anna', department: null };
  const jana = { id: 'E1', name: 'Яна', department: 'AI' };
  const item = (id: string, priority: number | null, assignee: Employee): Item => ({
    ...{ id, priority, assignee, status: 'active', day: 1, resultsPath: null },
  });
  await become({
    employees: [anna, jana],
    items: [item('a', 1, anna), item('b', null, anna), item('c', 3, anna), item('d', 2, jana), item('e', null, jana)],
  });
  const answer = await ask(`{ employees(orderBy: [{ employeeId: ASC }]) { nodes {
    first: searches(first: 2, orderBy: [{ priority: DESC_NULLS_FIRST }]) { nodes { searchId } }
    last: searches(last: 1, orderBy: [{ assignee: { searches: { count: DESC } } }, { priority: ASC }]) { nodes { searchId } }
  } } }`);
  const nodes = (...ids: string[]) => ({ nodes: ids.map((searchId) => ({ searchId })) });
  expect(dataAt(answer, 'employees.nodes')).toEqual([
    { first: nodes('b', 'c'), last: nodes('b') },
    { first: nodes('e', 'd'), last: nodes('e') },
  ]);
});
