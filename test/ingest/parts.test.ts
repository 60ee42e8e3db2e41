/** Parts of a record that several files tell: those of the file that counts most stand, whichever came last. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { importFile } from '../../src/ingest/run.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { exportFiles } from '../support/export-rows.ts';
import { emptyTables, importOne, ingestOf, makeFolder, writeFiles } from '../support/import-folder.ts';
import { SMALL_DATASETS } from '../support/small-datasets.ts';
import { jsonLines } from '../support/small-files.ts';

const database = await useTestDatabase();
const ingest = ingestOf(database, SMALL_DATASETS);

beforeEach(() => emptyTables(database.owner));

interface Version {
  readonly file: string;
  readonly hour: number;
  readonly said?: readonly string[];
}

async function importVersions(...versions: readonly Version[]): Promise<void> {
  const root = await makeFolder();
  for (const { file, hour, said } of versions) {
    const path = `${file}.jsonl`;
    const record = { video_id: 'v1', source_url: `https://x.org/${hour}`, title: 'One', said };
    await writeFiles(root, [{ path, hour, content: `\n${jsonLines([record])}` }]);
    await importOne(ingest, root, path);
  }
}

/** Each part's text, and the file and line it is from. */
async function parts(): Promise<string[]> {
  const { rows } = await database.owner.query(
    `SELECT concat_ws(' ', s.text, i.path, s.origin_line) AS part
       FROM video_segments s LEFT JOIN imports i ON i.import_id = s.origin_import_id ORDER BY s.position`,
  );
  return rows.map(({ part }) => part);
}

const newer = { file: 'notes_a', hour: 5, said: ['one', 'two', 'three'] };
const older = { file: 'notes_b', hour: 3, said: ['eins', 'zwei'] };
const eins = ['eins notes_b.jsonl 2', 'zwei notes_b.jsonl 2'];

test('the parts of a file that lost stand once the better file is put back to an older version', async () => {
  await importVersions(newer, older);
  expect(await parts()).toEqual(['one', 'two', 'three'].map((said) => `${said} notes_a.jsonl 2`));
  await emptyTables(database.owner);
  await importVersions(newer, older, { ...newer, hour: 1, said: ['uno'] });
  expect(await parts()).toEqual(eins);
  await emptyTables(database.owner);
  await importVersions(older, newer, { ...newer, hour: 1, said: ['uno'] });
  expect(await parts()).toEqual(eins);
});

test('a version that tells no parts keeps those of its file, and counts as of its own time', async () => {
  await importVersions(newer, older, { file: 'notes_a', hour: 1 });
  expect(await parts()).toEqual(eins);
  await importVersions({ file: 'notes_a', hour: 6 });
  expect(await parts()).toEqual(['one', 'two', 'three'].map((said) => `${said} notes_a.jsonl 2`));
});

test('parts that were edited in an export stay until their file tells others than it told before', async () => {
  await importVersions(older);
  const root = await makeFolder();
  const [name = ''] = await exportFiles(ingest, [{ dataset: 'notes', format: 'jsonl' }], root);
  const text = await readFile(join(root, name), 'utf8');
  await writeFiles(root, [{ path: name, content: text.replace('eins', 'uno') }]);
  await importFile(ingest, { file: join(root, name), path: name, actor: TESTER });
  const edited = [`uno ${name} 1`, 'zwei notes_b.jsonl 2'];
  expect(await parts()).toEqual(edited);
  await importVersions({ ...older, hour: 4 });
  expect(await parts()).toEqual(edited);
  await importVersions({ ...older, hour: 4, said: ['eins', 'zwei', 'drei'] });
  expect(await parts()).toEqual(['eins', 'zwei', 'drei'].map((said) => `${said} notes_b.jsonl 2`));
});
