import { expect, test } from 'vitest';
import { createChangedKeys, MOST_CHANGES } from '../../src/history/changed-keys.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { useTestDatabase } from '../support/database.ts';
import { recordQueries } from '../support/queries.ts';

const database = await useTestDatabase();
await database.owner.query(
  "INSERT INTO channels (channel_id, name) SELECT 'c' || n, 'x' FROM generate_series(1, 3) n; UPDATE channels SET name = 'y' WHERE channel_id = 'c2'",
);
const { rows } = await database.owner.query<{ from: string; to: string }>(
  'SELECT min(id)::text AS from, max(id)::text AS to FROM change_log',
);
const notice = { table: 'channels', from: Number(rows[0]?.from), to: Number(rows[0]?.to) };

test('the keys of a notice are read once, however many ask', async () => {
  const changedKeys = createChangedKeys(database.read, silentLog());
  const recording = recordQueries(database.read);
  const answers = await Promise.all(Array.from({ length: 50 }, () => changedKeys(notice)));
  expect(recording.all().filter((text) => text.includes('change_log'))).toHaveLength(1);
  recording.stop();
  for (const keys of answers) expect(keys?.toSorted()).toEqual(['c1', 'c2', 'c3']);
});

test('of another table there are none', async () => {
  const changedKeys = createChangedKeys(database.read, silentLog());
  expect(await changedKeys({ ...notice, table: 'videos' })).toEqual([]);
});

test('too many are not read', async () => {
  const changedKeys = createChangedKeys(database.read, silentLog());
  const recording = recordQueries(database.read);
  expect(await changedKeys({ ...notice, to: notice.from + MOST_CHANGES })).toBeUndefined();
  expect(recording.all()).toEqual([]);
  recording.stop();
});

test('a database that is away leaves no rejection unheard', async () => {
  const changedKeys = createChangedKeys(database.write, silentLog());
  await database.owner.query('REVOKE SELECT ON change_log FROM cairn_app');
  expect(await changedKeys(notice)).toBeUndefined();
  await database.owner.query('GRANT SELECT ON change_log TO cairn_app');
});
