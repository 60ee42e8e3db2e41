import { expect, test } from 'vitest';
import { arrayConnection } from '../../src/graphql/connections.ts';
import type { PageArguments } from '../../src/graphql/page.ts';

const rows = Array.from({ length: 5 }, (_, number) => ({ number }));
const numbers = async (given: PageArguments): Promise<unknown[]> =>
  (await arrayConnection(rows, given).page()).edges.map(({ row }) => row['number']);
const cursorOf = async (index: number): Promise<string> =>
  (await arrayConnection(rows, {}).page()).edges[index]?.cursor() ?? '';

test('a list in memory has pages from both ends', async () => {
  expect(await numbers({})).toEqual([0, 1, 2, 3, 4]);
  expect(await numbers({ first: 2 })).toEqual([0, 1]);
  expect(await numbers({ first: 2, after: await cursorOf(1) })).toEqual([2, 3]);
  expect(await numbers({ last: 2 })).toEqual([3, 4]);
  expect(await numbers({ first: 2, last: null })).toEqual([0, 1]);
  expect(await numbers({ first: null, last: 2, after: null })).toEqual([3, 4]);
  expect(await numbers({ last: 2, before: await cursorOf(2) })).toEqual([0, 1]);
  expect(await numbers({ after: await cursorOf(4) })).toEqual([]);
});

test('its pages say whether it goes on, and its count is of the whole list', async () => {
  const list = arrayConnection(rows, { first: 2, after: await cursorOf(0) });
  expect(await list.page()).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
  expect(await list.count()).toBe(5);
});

test.each([{ first: 0 }, { first: null }, { last: 101 }, { after: 'x' }, { before: 'WyJhIl0' }])(
  'a page of %j is refused',
  (given) => {
    expect(() => arrayConnection(rows, given)).toThrow();
  },
);
