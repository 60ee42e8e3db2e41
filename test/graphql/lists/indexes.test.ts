/** What a declaration says of its indexes is so: the orders that it calls indexed need no sort. */
import { expect, test } from 'vitest';
import { fieldOf, keyColumn } from '../../../src/graphql/entities.ts';
import type { EntityReads } from '../../../src/graphql/entity.ts';
import { listSql } from '../../../src/graphql/list-sql.ts';
import { DIRECTIONS, isIndexed, readOrder } from '../../../src/graphql/ordering.ts';
import { loadSchema } from '../../../src/server/schema.ts';
import { useTestDatabase } from '../../support/database.ts';
import { declaredTypes } from '../../support/every-type.ts';

const database = await useTestDatabase();
const types = declaredTypes(await loadSchema()).filter(({ listed }) => listed !== false);

const page = { limit: 20, backwards: false, after: undefined, before: undefined };

/** The plan of a list where the planner takes an index if there is one that fits. */
async function planOf(reads: EntityReads, orderBy: readonly object[], where?: unknown): Promise<string> {
  const order = readOrder(reads, orderBy);
  const { text, values } = listSql({ reads, columns: [keyColumn(reads)], where, order, page });
  const client = await database.owner.connect();
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL enable_seqscan = off');
    await client.query('SET LOCAL enable_bitmapscan = off');
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN (COSTS OFF) ${text}`, [...values]);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

const orders = types.flatMap((reads) =>
  [reads.key, ...Object.keys(reads.indexed ?? {})].flatMap((name) =>
    Object.keys(DIRECTIONS)
      .filter((placement) => fieldOf(reads, name).nullable || !placement.includes('NULLS'))
      .map((placement) => [`${reads.type} by ${name} ${placement}`, reads, { [name]: placement }] as const),
  ),
);

test.each(orders)('%s is sorted whole only where it is bounded', async (_what, reads, entry) => {
  const [key] = readOrder(reads, [entry]);
  const plan = await planOf(reads, [entry]);
  // An incremental sort puts equals of the first key in order, and those alone.
  expect(/^\s*(-> {2})?Sort$/m.test(plan)).toBe(!isIndexed(reads, key));
  expect(plan.includes('WindowAgg')).toBe(!isIndexed(reads, key));
});

/** People and what they come in by: never so many that a sort matters. */
const FEW = ['Session', 'Token', 'User'];

test('lists that ask for no order are in the order of an index', () => {
  const unordered = types.filter(
    (reads) => !FEW.includes(reads.type) && !isIndexed(reads, readOrder(reads, undefined)[0]),
  );
  expect(unordered.map(({ type }) => type)).toEqual([]);
});

const texts: readonly (readonly [string, string, string])[] = [
  ['Research', 'title', 'researches_title_trigrams_idx'],
  ['Video', 'title', 'videos_title_trigrams_idx'],
  ['Report', 'title', 'reports_title_trigrams_idx'],
  ['SearchQueueItem', 'query', 'search_queue_query_trigrams_idx'],
  ['Channel', 'name', 'channels_name_trigrams_idx'],
  ['Influencer', 'name', 'influencers_name_trigrams_idx'],
  ['Import', 'path', 'imports_path_trigrams_idx'],
];

test.each(texts)('parts of a %s’s %s are found by an index', async (type, field, index) => {
  const reads = types.find((one) => one.type === type);
  if (reads === undefined) throw new Error(`There is no ${type}`);
  const { column } = fieldOf(reads, field);
  const client = await database.owner.connect();
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL enable_seqscan = off');
    for (const where of [{ contains: 'glif' }, { endsWith: 'glif' }]) {
      const { text, values } = listSql({
        ...{ reads, columns: [column], page },
        where: { [field]: where },
        order: readOrder(reads, undefined),
      });
      // Without its order the list has no other index to be read by.
      const { rows } = await client.query(`EXPLAIN ${text.replace(/ORDER BY.*(?= LIMIT)/, '')}`, [...values]);
      expect(JSON.stringify(rows)).toContain(index);
    }
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
});
