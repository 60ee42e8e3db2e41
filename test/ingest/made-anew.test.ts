/** Rows that somebody deletes and makes anew: what files say of them outlives them, and stands in what the hand does not give. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { brokenInvariants } from '../support/broken-invariants.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { handRows } from '../support/hand-rows.ts';
import {
  emptyTables,
  importAll,
  importOne,
  ingestOf,
  makeFolder,
  writeFiles,
  writeMark,
} from '../support/import-folder.ts';
import { SMALL_DATASETS } from '../support/small-datasets.ts';
import { jsonLines } from '../support/small-files.ts';

const database = await useTestDatabase();
const ingest = ingestOf(database, SMALL_DATASETS);
const videos = handRows(ingest, 'queue');
const employees = handRows(ingest, 'employees');
beforeEach(() => emptyTables(database.owner));
afterEach(async () => expect(await brokenInvariants(ingest)).toEqual([]));

const file = (path: string, hour: number, ...records: readonly object[]) => ({
  path: `${path}.jsonl`,
  hour,
  content: jsonLines(records.map((record) => ({ source_url: 'u', ...record }))),
});
const typed = (more: object = {}) => ({ video_id: 'v1', source_url: 'mine', title: 'Mine', ...more });

/** Opens a folder, and imports versions of files into it one after the other; gives the counts of the last. */
async function openFolder() {
  const root = await makeFolder();
  return async (...versions: readonly ReturnType<typeof file>[]) => {
    let last = {};
    for (const version of versions) {
      await writeFiles(root, [version]);
      last = await importOne(ingest, root, version.path);
    }
    return last;
  };
}

async function video() {
  const { rows } = await database.owner.query(
    `SELECT v.title, v.phase, v.channel_id, v.metadata, i.path, v.origin_line AS line,
            (SELECT array_agg(s.text ORDER BY s.position) FROM video_segments s WHERE s.video_id = v.video_id) AS said,
            (SELECT array_agg(l.research_id ORDER BY 1) FROM research_videos l WHERE l.video_id = v.video_id) AS researches
       FROM videos v LEFT JOIN imports i ON i.import_id = v.origin_import_id
      WHERE v.video_id = 'v1'`,
  );
  return rows[0];
}

test('what a file says while its row is deleted was said before the row is made anew: only news overrules what is typed', async () => {
  const taken = await openFolder();
  await taken(file('queue', 0, { video_id: 'v1', title: 'Old', phase: 1 }));
  await videos.remove('v1');
  const later = { video_id: 'v1', title: 'Later', phase: 2 };
  expect(await taken(file('queue', 1, later))).toMatchObject({ read: 1, rejected: 1 });
  await videos.make(typed());
  expect(await video()).toMatchObject({ title: 'Mine', phase: 2 });
  // The same of this row, beside another.
  expect(await taken(file('queue', 2, later, { video_id: 'v2', title: 'Two' }))).toMatchObject({
    inserted: 1,
    unchanged: 1,
  });
  expect(await video()).toMatchObject({ title: 'Mine', phase: 2 });
  await taken(file('queue', 3, { ...later, title: 'News' }));
  expect(await video()).toMatchObject({ title: 'News', phase: 2 });
});

test('a file that speaks of a row for the first time while that is deleted is heard too', async () => {
  const taken = await openFolder();
  await videos.make(typed());
  await videos.remove('v1');
  const said = { video_id: 'v1', title: 'Theirs', phase: 4 };
  await taken(file('queue', 0, said));
  await videos.make(typed());
  expect(await video()).toMatchObject({ title: 'Mine', phase: 4, path: 'queue.jsonl' });
  await taken(file('queue', 1, said, { video_id: 'v2', title: 'Two' }));
  expect(await video()).toMatchObject({ title: 'Mine', phase: 4 });
});

test('what files say stands at once in what the hand does not give, best word first, and the files bring nothing then', async () => {
  const taken = await openFolder();
  const best = file('notes', 0, { video_id: 'v1', title: 'Best', said: ['hm', 'ah'], level: 3 });
  const less = file('queue', 1, { video_id: 'v1', title: 'Less', phase: 2, level: 1, other: 'x' });
  await taken(best, less);
  await videos.remove('v1');
  await videos.make(typed());
  const anew = {
    title: 'Mine',
    phase: 2,
    metadata: { level: 3, other: 'x' },
    said: ['hm', 'ah'],
    path: 'notes.jsonl',
    line: 1,
  };
  expect(await video()).toMatchObject(anew);
  // The hand did it all, whatever the files said before.
  const { rows } = await database.owner.query(
    "SELECT DISTINCT changed_by, import_id FROM change_log WHERE operation = 'insert' AND id > (SELECT max(id) FROM change_log WHERE operation = 'delete')",
  );
  expect(rows).toEqual([{ changed_by: TESTER.label, import_id: null }]);
  const mark = await writeMark(database.owner);
  for (const read of [less, best])
    expect(await taken({ ...read, content: `${read.content}\n` })).toMatchObject({ read: 1, unchanged: 1 });
  expect(await writeMark(database.owner)).toBe(mark);
  expect(await video()).toMatchObject(anew);
});

test('what the hand empties stays empty until a file says other than before', async () => {
  const taken = await openFolder();
  const said = { video_id: 'v1', title: 'Old', phase: 2, level: 3 };
  await taken(file('queue', 0, said));
  await videos.remove('v1');
  await videos.make(typed({ phase: null, metadata: {} }));
  await taken(file('queue', 1, said, { video_id: 'v2', title: 'Two' }));
  expect(await video()).toMatchObject({ title: 'Mine', phase: null, metadata: {} });
  await taken(file('queue', 2, { ...said, phase: 5, level: 4 }));
  expect(await video()).toMatchObject({ title: 'Mine', phase: 5, metadata: { level: 4 } });
});

test('numbers that no program of ours could hold come back to the digit', async () => {
  const taken = await openFolder();
  const line = '{"video_id":"v1","source_url":"u","title":"Old","big":12345678901234567890}\n';
  await taken({ path: 'queue.jsonl', hour: 0, content: line });
  const big = async () => (await database.owner.query("SELECT metadata ->> 'big' AS big FROM videos")).rows[0].big;
  const before = await big();
  await videos.remove('v1');
  await videos.make(typed());
  expect(await big()).toBe(before);
});

test('links and keys that a file came to say while the row was deleted are there with it; what it said no more is not', async () => {
  const taken = await openFolder();
  const research = (id: string) => ({ research_id: id, title: id, department: 'VID' });
  const channel = (id: string) => ({ channel_id: id, name: id });
  await taken(
    file('channels', 0, channel('c1'), channel('c2')),
    file('researches', 0, { ...research('r1'), videos: ['v1'] }, research('r2')),
    file('queue', 0, { video_id: 'v1', title: 'Old', channel_id: 'c1' }),
  );
  expect(await video()).toMatchObject({ channel_id: 'c1', researches: ['r1'] });
  await videos.remove('v1');
  await taken(file('queue', 1, { video_id: 'v1', title: 'Old', channel_id: 'c2' }));
  await videos.make(typed());
  expect(await video()).toMatchObject({ channel_id: 'c2', researches: ['r1'] });
  await videos.remove('v1');
  await videos.make(typed({ channel_id: 'c1' }));
  await taken(file('queue', 2, { video_id: 'v1', title: 'Old', channel_id: 'c2', phase: 3 }));
  expect(await video()).toMatchObject({ channel_id: 'c1', phase: 3 });
});

test('the links of a record whose row is deleted wait for it, and relate no others', async () => {
  const researches = handRows(ingest, 'researches');
  const taken = await openFolder();
  const research = (...names: readonly string[]) => ({
    research_id: 'r1',
    title: 'One',
    department: 'VID',
    videos: names,
  });
  await taken(
    file('queue', 0, { video_id: 'v1', title: 'One' }, { video_id: 'v2', title: 'Two' }),
    file('researches', 0, research('v1')),
  );
  await researches.remove('r1');
  expect(await taken(file('researches', 1, research('v2')))).toMatchObject({ rejected: 1, derived: 0 });
  const links = async () => (await database.owner.query('SELECT research_id, video_id FROM research_videos')).rows;
  expect(await links()).toEqual([]);
  await researches.make({ research_id: 'r1', title: 'Mine', department: 'AI' });
  expect(await links()).toEqual([{ research_id: 'r1', video_id: 'v2' }]);
});

test('a key that a file gave waits where its row is not there, and does not hinder the row that is made anew', async () => {
  const taken = await openFolder();
  const said = { video_id: 'v1', title: 'Old', channel_id: 'c9' };
  await taken(file('queue', 0, said));
  await videos.remove('v1');
  await videos.make(typed());
  expect(await video()).toMatchObject({ channel_id: null });
  await taken(file('channels', 0, { channel_id: 'c9', name: 'Nine' }));
  expect(await video()).toMatchObject({ channel_id: 'c9' });
});

test('a person whom records merely bring along is as they were typed, also when they are made anew', async () => {
  const taken = await openFolder();
  await taken(file('queue', 0, { video_id: 'v1', title: 'One', added_by: ['ANN'] }));
  await employees.remove('ann');
  await employees.make({ employee_id: 'ann', name: 'Ann' });
  await taken(file('queue', 1, { video_id: 'v1', title: 'One', added_by: ['aNN'] }));
  const { rows } = await database.owner.query('SELECT name, origin_import_id FROM employees');
  expect(rows).toEqual([{ name: 'Ann', origin_import_id: null }]);
});

test('small files taken in together keep what they say of deleted rows as each alone would', async () => {
  const root = await makeFolder([
    file('a/queue', 0, { video_id: 'v1', title: 'Old' }),
    file('b/queue', 0, { video_id: 'v2', title: 'Two' }),
  ]);
  await importAll(ingest, root);
  await videos.remove('v1');
  const later = [
    file('a/queue', 1, { video_id: 'v1', title: 'Old', phase: 2 }),
    file('b/queue', 1, { video_id: 'v2', title: 'Two', phase: 2 }),
  ];
  await writeFiles(root, later);
  expect((await importAll(ingest, root)).imports).toMatchObject([{ rejected: 1 }, { updated: 1 }]);
  await videos.make(typed());
  expect(await video()).toMatchObject({ title: 'Mine', phase: 2, path: 'a/queue.jsonl' });
});
