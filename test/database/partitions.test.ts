/** The change log's partitions are there when their month comes, whatever was logged before. */
import { expect, test } from 'vitest';
import { extendPartitions } from '../../src/database/connect.ts';
import { useTestDatabase } from '../support/database.ts';

const database = await useTestDatabase();

interface Place {
  readonly partition: string;
  readonly record_id: string;
}

const placesOf = async (table: string): Promise<Place[]> => {
  const sql =
    'SELECT tableoid::regclass::text AS partition, record_id FROM change_log WHERE table_name = $1 ORDER BY id';
  return (await database.owner.query<Place>(sql, [table])).rows;
};

/** The partition of a month from now, and a moment in it. */
const ahead = async (months: number): Promise<{ partition: string; moment: Date }> => {
  const { rows } = await database.owner.query<{ partition: string; moment: Date }>(
    `SELECT 'change_log_' || to_char(m, 'YYYY_MM') AS partition, (m + interval '3 days') AT TIME ZONE 'UTC' AS moment
       FROM (SELECT date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => $1)) AS month (m)`,
    [months],
  );
  const [found] = rows;
  if (found === undefined) throw new Error('No month');
  return found;
};

const log = (id: string, moment: Date) =>
  database.owner.query(
    `INSERT INTO change_log (table_name, record_id, operation, changed_by, changed_at)
     VALUES ('early', $1, 'insert', 'command:test', $2)`,
    [id, moment],
  );

test('a change that was logged before its month had a partition moves there, and others stay', async () => {
  const { partition, moment } = await ahead(5);
  const later = await ahead(40);
  await database.owner.query(`DROP TABLE ${partition}`);
  await log('A', moment);
  await log('B', later.moment);
  expect((await placesOf('early')).map((place) => place.partition)).toEqual([
    'change_log_default',
    'change_log_default',
  ]);
  await extendPartitions(database.ownerUrl);
  expect(await placesOf('early')).toEqual([
    { partition, record_id: 'A' },
    { partition: 'change_log_default', record_id: 'B' },
  ]);
  await log('C', moment);
  expect((await placesOf('early')).at(-1)).toEqual({ partition, record_id: 'C' });
});

test('two servers that find the same month missing do not disturb each other', async () => {
  const { partition, moment } = await ahead(7);
  await database.owner.query(`DROP TABLE ${partition}`);
  await Promise.all([extendPartitions(database.ownerUrl), extendPartitions(database.ownerUrl)]);
  await log('D', moment);
  expect((await placesOf('early')).at(-1)).toEqual({ partition, record_id: 'D' });
});

test('a partition refuses what the whole log refuses', async () => {
  const { moment } = await ahead(7);
  const bad = database.owner.query(
    `INSERT INTO change_log (table_name, record_id, operation, changed_by, changed_at) VALUES ('t', 'r', 'odd', 'a', $1)`,
    [moment],
  );
  await expect(bad).rejects.toThrow(/change_log_operation_check/);
});
