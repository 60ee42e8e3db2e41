/** What a file no longer names: it said so when it last did, and no later. */
import { beforeEach, expect, test } from 'vitest';
import { importRecords } from '../../src/ingest/import-records.ts';
import { loadRegistry } from '../../src/ingest/registry.ts';
import { isLinkDataset } from '../../src/ingest/relations.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { emptyTables, importFiles, importOne, ingestOf, makeFolder, writeFiles } from '../support/import-folder.ts';
import { SMALL_DATASETS } from '../support/small-datasets.ts';
import { jsonLines } from '../support/small-files.ts';

const database = await useTestDatabase();
const ingest = ingestOf(database, SMALL_DATASETS);

beforeEach(() => emptyTables(database.owner));

interface Channel {
  readonly channel_id: string;
  readonly name: string;
}

const channel = (id: string, name: string): Channel => ({ channel_id: id, name });
const file = (name: string, hour: number, ...records: readonly object[]) => ({
  path: `${name}.jsonl`,
  hour,
  content: jsonLines(records),
});

async function names(table: 'channels' | 'employees' = 'channels', key = 'channel_id'): Promise<string[]> {
  const { rows } = await database.owner.query(`SELECT ${key} AS key, name FROM ${table} ORDER BY 1`);
  return rows.map(({ key, name }) => `${key} ${name}`);
}

/** Imports versions of files one after the other; those of one list together. */
async function importVersions(...versions: readonly (readonly ReturnType<typeof file>[])[]): Promise<void> {
  const root = await makeFolder();
  for (const files of versions) {
    await writeFiles(root, files);
    const { imports } = await importFiles(ingest, files);
    expect(imports.map(({ status }) => status)).toEqual(files.map(() => 'imported'));
  }
}

const before = [file('channels_a', 0, channel('c1', 'One')), file('channels_b', 0, channel('c2', 'Two'))];
const swapped = [file('channels_a', 1, channel('c2', 'Two!')), file('channels_b', 1, channel('c1', 'One!'))];

test('two files that swap their records say what they now say, in one import or two, in any order', async () => {
  const [first, second] = swapped;
  if (first === undefined || second === undefined) throw new Error('There are two files');
  for (const later of [[swapped], [[first], [second]], [[second], [first]]]) {
    await emptyTables(database.owner);
    await importVersions(before, ...later);
    expect(await names()).toEqual(['c1 One!', 'c2 Two!']);
  }
});

test('a record that is gone from a file counts from when the file last named it, not from when it last changed the row', async () => {
  const named = channel('c1', 'One');
  await importVersions(
    [file('channels_a', 0, named)],
    [file('channels_a', 3, named, channel('c2', 'Two'))],
    [file('channels_a', 5, channel('c2', 'Two'))],
    [file('channels_b', 2, channel('c1', 'Old'))],
  );
  expect(await names()).toEqual(['c1 One', 'c2 Two']);
  await importVersions([file('channels_c', 4, channel('c1', 'New'))]);
  expect(await names()).toEqual(['c1 New', 'c2 Two']);
  await importVersions([file('channels_a', 6, named)]);
  expect(await names()).toEqual(['c1 One', 'c2 Two']);
});

test('a row that a file brought along for another table counts from when the file last brought it', async () => {
  const video = (id: string, ...added_by: readonly string[]) => ({
    video_id: id,
    source_url: 'https://x.org/1',
    title: 'One',
    added_by,
  });
  await importVersions(
    [file('queue_a', 0, video('v1', 'Ann'))],
    [file('queue_a', 5, video('v1', 'Bob'))],
    [file('queue_b', 2, video('v2', 'ANN', 'BOB'))],
  );
  expect(await names('employees', 'employee_id')).toEqual(['ann ANN', 'bob Bob']);
  await importVersions([file('queue_a', 6, video('v1'))], [file('queue_c', 5.5, video('v3', 'bob'))]);
  expect(await names('employees', 'employee_id')).toEqual(['ann ANN', 'bob bob']);
});

test('records that are sent say nothing of those that were sent before', async () => {
  const send = (...records: readonly Channel[]) =>
    importRecords(ingest, { dataset: 'channels', records: records.map((record) => ({ ...record })), actor: TESTER });
  await send(channel('c1', 'One'));
  await send(channel('c2', 'Two'));
  const { rows } = await database.owner.query('SELECT * FROM origins');
  expect(rows).toEqual([]);
});

test('a file that only grows writes nothing for what it names as before', async () => {
  const root = await makeFolder([file('channels_a', 0, channel('c1', 'One'))]);
  await importOne(ingest, root, 'channels_a.jsonl');
  await writeFiles(root, [file('channels_a', 1, channel('c1', 'One'), channel('c2', 'Two'))]);
  await importOne(ingest, root, 'channels_a.jsonl');
  const { rows } = await database.owner.query('SELECT * FROM origins');
  expect(rows).toEqual([]);
});

test('the rows of an import are found by an index in every table that a dataset fills', async () => {
  const { datasets } = await loadRegistry();
  const tables = [...datasets.values()].filter((dataset) => !isLinkDataset(dataset)).map(({ table }) => table);
  const { rows } = await database.owner.query(
    `SELECT i.indrelid::regclass::text AS table
       FROM pg_index i
       JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
      WHERE a.attname = 'origin_import_id' AND i.indpred IS NULL`,
  );
  const indexed = new Set(rows.map(({ table }) => table));
  expect([...new Set(tables)].filter((table) => !indexed.has(table))).toEqual([]);
});
