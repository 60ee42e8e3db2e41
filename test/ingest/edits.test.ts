/** What people did stays until a file says something new; what files say of one row is settled by their authority. */
import { beforeEach, expect, test } from 'vitest';
import { useTestDatabase } from '../support/database.ts';
import {
  emptyTables,
  importAll,
  importFiles,
  importOne,
  ingestOf,
  makeFolder,
  writeFiles,
} from '../support/import-folder.ts';
import { SMALL_DATASETS } from '../support/small-datasets.ts';
import { recordsFile as file, smallVideo as video } from '../support/small-files.ts';

const database = await useTestDatabase();
const ingest = ingestOf(database, SMALL_DATASETS);
beforeEach(() => emptyTables(database.owner));

async function held(columns: string, key = 'v1'): Promise<unknown> {
  const { rows } = await database.owner.query(`SELECT ${columns} FROM videos WHERE video_id = $1`, [key]);
  return rows[0];
}

/** A person changes the title, as the API does it: the file's value is remembered. */
async function edit(title: string): Promise<void> {
  await database.owner.query(
    `UPDATE videos SET title = $1, edited_values = coalesce(edited_values, '{}') || jsonb_build_object('title', title)`,
    [title],
  );
}

test('an edit stays while the file says what it said, and ends when it says something else', async () => {
  const root = await makeFolder([file('queue_1.jsonl', [video()])]);
  await importAll(ingest, root);
  await edit('Mine');
  await writeFiles(root, [file('queue_1.jsonl', [video({ level: 2 })], 1)]);
  await importAll(ingest, root);
  expect(await held('title')).toEqual({ title: 'Mine' });
  await writeFiles(root, [file('queue_1.jsonl', [video({ title: 'New' })], 2)]);
  await importAll(ingest, root);
  expect(await held('title, edited_values')).toEqual({ title: 'New', edited_values: null });
});

test('an edit that the file comes to agree with is over: the file’s next word counts', async () => {
  const root = await makeFolder([file('queue_1.jsonl', [video()])]);
  await importAll(ingest, root);
  await edit('Mine');
  await writeFiles(root, [file('queue_1.jsonl', [video({ title: 'Mine' })], 1)]);
  await importAll(ingest, root);
  await writeFiles(root, [file('queue_1.jsonl', [video()], 2)]);
  await importAll(ingest, root);
  expect(await held('title')).toEqual({ title: 'T' });
});

test('an edit is not undone by a second file that says what the first said', async () => {
  await importFiles(ingest, [file('queue_1.jsonl', [video()])]);
  await edit('Mine');
  await importFiles(ingest, [file('old_1.jsonl', [video({ level: 3 })])]);
  expect(await held('title, metadata')).toEqual({ title: 'Mine', metadata: { level: 3 } });
});

test('a row that a person deleted is not brought back, and the record is kept as a reject', async () => {
  const root = await makeFolder([file('queue_1.jsonl', [video(), video({ added_by: [] }, 'v2')])]);
  await importAll(ingest, root);
  await database.owner.query(`DELETE FROM videos WHERE video_id = 'v1'`);
  await database.owner.query(
    `INSERT INTO tombstones (table_name, record_id, deleted_by) VALUES ('videos', 'v1', 'user:ann')`,
  );
  await writeFiles(root, [file('queue_1.jsonl', [video({ level: 1, channel: 'x' }), video({}, 'v2')], 1)]);
  expect(await importOne(ingest, root, 'queue_1.jsonl')).toMatchObject({ read: 2, unchanged: 1, rejected: 1 });
  expect(await held('title')).toBeUndefined();
  const { rows } = await database.owner.query('SELECT line, errors FROM rejects');
  expect(rows[0]).toMatchObject({ line: 1, errors: [{ field: 'video_id', code: 'TOMBSTONED' }] });
  expect((await database.owner.query(`SELECT * FROM "references" WHERE resolved_key IS NOT NULL`)).rows).toEqual([]);
});

test('of three files the best pattern’s value stands, then the one written last, then the first path', async () => {
  const files = [
    file('notes_1.jsonl', [video({ phase: 1 })], 0),
    file('b/queue_1.jsonl', [video({ phase: 2, level: 1, other: 'b' })], 5),
    file('a/queue_2.jsonl', [video({ phase: 3, level: 2, other: 'a' })], 5),
    file('old_1.jsonl', [video({ level: 3, more: 'o' })], 9),
  ];
  for (const order of [files, [...files].reverse()]) {
    await emptyTables(database.owner);
    await importFiles(ingest, order);
    expect(await held('phase, metadata')).toEqual({ phase: 1, metadata: { level: 2, other: 'a', more: 'o' } });
  }
});

test('a file imported again speaks at its new time, although it changed no row', async () => {
  const root = await makeFolder([file('a/queue_1.jsonl', [video({ phase: 1 })], 1)]);
  await importAll(ingest, root);
  await writeFiles(root, [file('a/queue_1.jsonl', [video({ phase: 1 }), video({}, 'v2')], 5)]);
  await importAll(ingest, root);
  await writeFiles(root, [file('b/queue_2.jsonl', [video({ phase: 2 })], 3)]);
  await importAll(ingest, root);
  expect(await held('phase')).toEqual({ phase: 1 });
});

test('a record or value that a newer file leaves out keeps its row and value', async () => {
  const root = await makeFolder([file('queue_1.jsonl', [video({ phase: 4 }), video({}, 'v2')])]);
  await importAll(ingest, root);
  await writeFiles(root, [file('queue_1.jsonl', [video({ phase: null, title: 'N/A' })], 1)]);
  expect(await importOne(ingest, root, 'queue_1.jsonl')).toMatchObject({ read: 1, rejected: 1 });
  await writeFiles(root, [file('queue_1.jsonl', [video({ phase: 'n/a' })], 2)]);
  expect(await importOne(ingest, root, 'queue_1.jsonl')).toMatchObject({ read: 1, unchanged: 1 });
  expect(await held('phase')).toEqual({ phase: 4 });
  expect(await held('title', 'v2')).toEqual({ title: 'T' });
});

test('every change names its import and the record’s line', async () => {
  const root = await makeFolder([file('queue_1.jsonl', [video(), video({}, 'v2'), video({}, 'v3')])]);
  const first = await importOne(ingest, root, 'queue_1.jsonl');
  await writeFiles(root, [file('queue_1.jsonl', [video(), video({}, 'v9'), video({ title: 'N' }, 'v3')], 1)]);
  const second = await importOne(ingest, root, 'queue_1.jsonl');
  const { rows } = await database.owner.query(
    'SELECT operation, record_id, line, import_id, changed_by, old_values, new_values FROM change_log ORDER BY id',
  );
  const by = { changed_by: 'command:test' };
  expect(rows).toMatchObject([
    { operation: 'insert', record_id: 'v1', line: 1, import_id: first.importId, ...by },
    { operation: 'insert', record_id: 'v2', line: 2, import_id: first.importId, ...by },
    { operation: 'insert', record_id: 'v3', line: 3, import_id: first.importId, ...by },
    {
      operation: 'update',
      record_id: 'v3',
      line: 3,
      import_id: second.importId,
      old_values: { title: 'T' },
      new_values: { title: 'N' },
    },
    { operation: 'insert', record_id: 'v9', line: 2, import_id: second.importId, ...by },
  ]);
});
