/** Each invariant holds on a database that was imported into, and is broken by exactly what it forbids. */
import type pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { registryOf } from '../../src/ingest/registry.ts';
import { checkInvariants, INVARIANTS } from '../../src/invariants/check-invariants.ts';
import { createTestDatabase } from '../support/database.ts';
import { importAll, ingestOf, makeFolder } from '../support/import-folder.ts';
import { SMALL_DATASETS } from '../support/small-datasets.ts';
import { jsonLines } from '../support/small-files.ts';
import { seedSource, seedSourceRows } from '../support/sources.ts';

const database = await createTestDatabase();
afterAll(database.close);
const root = await makeFolder([
  { path: 'employees.jsonl', content: jsonLines([{ employee_id: 'e1', name: 'Ann' }]) },
  {
    path: 'researches.jsonl',
    content: jsonLines([
      { research_id: 'r1', title: 'R', department: 'VID', researcher_id: 'e1', videos: ['v1', 'v9'] },
    ]),
  },
  {
    path: 'notes.jsonl',
    content: jsonLines([
      { video_id: 'v1', source_url: 'u', title: 'One', phase: 1, said: ['a', 'b'] },
      { video_id: 'v2', source_url: 'u', title: 'Two', phase: 9 },
    ]),
  },
]);
await importAll(ingestOf(database, SMALL_DATASETS), root);

const SMALL = registryOf(SMALL_DATASETS);

const source = await seedSource(database.owner);
await seedSourceRows(database.owner, source, 2);

/** The invariants that do not hold, with their first fault. */
async function broken(): Promise<Record<string, string | undefined>> {
  const found: Record<string, string | undefined> = {};
  for await (const { invariant, faults } of checkInvariants(database.write, {
    registry: SMALL,
    roots: [root],
    isAlone: true,
  }))
    if (faults.length > 0) found[invariant.name] = faults[0];
  return found;
}

/** Runs SQL as the owner, past whatever triggers and keys would keep it out, and takes it back after the look. */
async function after(sql: string, back: string): Promise<Record<string, string | undefined>> {
  const past = (statement: string): Promise<pg.QueryResult> =>
    database.owner.query(`SET session_replication_role = replica; ${statement}; RESET session_replication_role`);
  await past(sql);
  try {
    return await broken();
  } finally {
    await past(back);
  }
}

test('all hold after an import', async () => {
  expect(await broken()).toEqual({});
});

const CASES: readonly (readonly [name: string, sql: string, back: string, fault: RegExp])[] = [
  [
    'syncs',
    "UPDATE sync_jobs SET status = 'running'",
    "UPDATE sync_jobs SET status = 'completed'",
    /^sync \S+ is running, and its job is gone$/,
  ],
  [
    'syncs',
    "UPDATE sync_items SET local_document_id = source_id WHERE name = 'Item 1'",
    "UPDATE sync_items i SET local_document_id = d.document_id FROM documents d WHERE i.name = 'Item 1' AND d.external_id = i.external_id",
    /became the document .*, which is not there/,
  ],
  [
    'syncs',
    "UPDATE sync_items SET sync_status = 'deleted' WHERE name = 'Item 2'",
    "UPDATE sync_items SET sync_status = 'failed' WHERE name = 'Item 2'",
    /document .* is of the item .*, which is deleted/,
  ],
  [
    'change log',
    "UPDATE videos SET title = 'X'",
    "UPDATE videos SET title = 'One'",
    /videos v1 differs from the log in title/,
  ],
  [
    'change log',
    'DELETE FROM video_segments WHERE position = 2',
    "INSERT INTO video_segments (video_id, position, text) VALUES ('v1', 2, 'b'); SET session_replication_role = origin; UPDATE video_segments SET search_english = NULL",
    /is gone, and the log has no deletion/,
  ],
  [
    'change log',
    "UPDATE change_log SET operation = 'update' WHERE table_name = 'employees'",
    "UPDATE change_log SET operation = 'insert' WHERE table_name = 'employees'",
    /comes out of turn/,
  ],
  [
    'imports',
    "ALTER TABLE imports DROP CONSTRAINT imports_counts_check; UPDATE imports SET inserted = 5 WHERE dataset = 'employees'",
    "UPDATE imports SET inserted = 1 WHERE dataset = 'employees'",
    /1 read is not 5 inserted/,
  ],
  [
    'imports',
    "UPDATE imports SET inserted = 0, unchanged = 1 WHERE dataset = 'employees'",
    "UPDATE imports SET inserted = 1, unchanged = 0 WHERE dataset = 'employees'",
    /counts 0 inserted and 0 derived, and the log has 1/,
  ],
  [
    'imports',
    "UPDATE imports SET rejected = 0, unchanged = 1 WHERE dataset = 'notes'",
    "UPDATE imports SET rejected = 1, unchanged = 0 WHERE dataset = 'notes'",
    /counts 0 rejected and keeps 1/,
  ],
  [
    'leftovers',
    "UPDATE imports SET status = 'running', finished_at = NULL WHERE dataset = 'employees'",
    "UPDATE imports SET status = 'imported', finished_at = now() WHERE dataset = 'employees'",
    /seems to run/,
  ],
  [
    'leftovers',
    "INSERT INTO exports (export_id, source, format, path, actor) VALUES (gen_random_uuid(), 'employees', 'csv', 'employees.csv', 'command:x')",
    'DELETE FROM exports',
    /export .* seems to run/,
  ],
  [
    'reference rows',
    'UPDATE "references" SET resolved_key = NULL, resolved_at = NULL WHERE target = \'v1\'',
    "UPDATE \"references\" SET resolved_key = 'v1', resolved_at = now() WHERE target = 'v1'",
    /which is there, and it waits/,
  ],
  [
    'reference rows',
    'UPDATE "references" SET resolved_at = now() WHERE target = \'v9\'',
    'UPDATE "references" SET resolved_at = NULL WHERE target = \'v9\'',
    /is resolved and waits/,
  ],
  [
    'search',
    "UPDATE videos SET search_simple = ''",
    'SET session_replication_role = origin; UPDATE videos SET search_english = NULL',
    /search_simple of videos v1 is not that of the row/,
  ],
  [
    'search',
    "INSERT INTO search_progress VALUES ('videos', 5, 999999999999, 0)",
    'DELETE FROM search_progress',
    /the next one is/,
  ],
  ['files', 'UPDATE videos SET phase = 2', 'UPDATE videos SET phase = 1', /the row v1 holds another phase/],
  [
    'partitions',
    "INSERT INTO change_log (table_name, record_id, operation, changed_by, changed_at) VALUES ('x', 'x', 'delete', 'x', '2001-01-01')",
    "DELETE FROM change_log WHERE table_name = 'x'",
    /lies in the default partition/,
  ],
];

test('each has a name of its own', () => {
  const names = INVARIANTS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

test.each(CASES)('%s: broken by %s', async (name, sql, back, fault) => {
  expect((await after(sql, back))[name]).toMatch(fault);
  expect(await broken()).toEqual({});
});

test('a key that stands twice past its index is found, and triggers that are off', async () => {
  await database.owner.query(
    `ALTER TABLE researches DROP CONSTRAINT researches_researcher_id_fkey;
     ALTER TABLE search_queue DROP CONSTRAINT search_queue_assigned_to_fkey;
     DROP INDEX employees_employee_id_key;
     INSERT INTO employees (employee_id, name) VALUES ('e1', 'Ann');
     ALTER TABLE channels DISABLE TRIGGER log_update`,
  );
  const { keys, 'change log': changes } = await broken();
  expect(keys).toBe('employees e1 stands 2 times');
  expect(changes).toBe('the trigger log_update of channels is off');
});

test('a transaction, a lock and a temporary table that are left are found where nobody is at work', async () => {
  const client = await database.write.connect();
  await client.query('CREATE TEMPORARY TABLE left_over (n integer)');
  await client.query('BEGIN; SELECT pg_advisory_xact_lock(4711)');
  const leftovers = async (isAlone: boolean): Promise<readonly string[] | undefined> => {
    for await (const { invariant, faults } of checkInvariants(database.write, { registry: SMALL, isAlone }))
      if (invariant.name === 'leftovers') return faults;
    return undefined;
  };
  try {
    expect(await leftovers(true)).toEqual([
      expect.stringContaining('left_over belongs to no connection'),
      expect.stringContaining('an advisory lock is held'),
      expect.stringContaining('stands still'),
    ]);
    // Beside others at work the same is nothing.
    expect(await leftovers(false)).toEqual([]);
  } finally {
    await client.query('ROLLBACK; DROP TABLE left_over');
    client.release();
  }
});
