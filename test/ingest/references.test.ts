/** References: they wait, they find their rows in whatever order these come, and they follow what the files say. */
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

const channel = (key: string, name: string, more: object = {}) => ({ channel_id: key, name, ...more });

/** The channel of a video now. */
async function channelOf(key = 'v1'): Promise<unknown> {
  const { rows } = await database.owner.query('SELECT channel_id FROM videos WHERE video_id = $1', [key]);
  return rows[0]?.channel_id;
}

async function linked(): Promise<string[]> {
  const { rows } = await database.owner.query(
    `SELECT concat_ws(' ', research_id, video_id, relevance_score) AS link FROM research_videos ORDER BY 1`,
  );
  return rows.map(({ link }) => link);
}

test('a key and a name wait until their row is there, however late', async () => {
  await importFiles(ingest, [file('queue_1.jsonl', [video({ channel_id: 'c1' }), video({ channel: 'BETA' }, 'v2')])]);
  expect([await channelOf(), await channelOf('v2')]).toEqual([null, null]);
  await importFiles(ingest, [file('channels_1.jsonl', [channel('c1', 'Alpha')])]);
  expect([await channelOf(), await channelOf('v2')]).toEqual(['c1', null]);
  await importFiles(ingest, [file('channels_2.jsonl', [channel('c2', 'Beta')])]);
  expect([await channelOf(), await channelOf('v2')]).toEqual(['c1', 'c2']);
});

test('a name that two channels have leads to neither; when one is renamed it leads to the other', async () => {
  await importFiles(ingest, [file('queue_1.jsonl', [video({ channel: 'alpha' })])]);
  const root = await makeFolder([file('channels_1.jsonl', [channel('c1', 'Alpha'), channel('c2', 'ALPHA')])]);
  await importAll(ingest, root);
  expect(await channelOf()).toBe(null);
  await writeFiles(root, [file('channels_1.jsonl', [channel('c1', 'Alpha'), channel('c2', 'Other')], 1)]);
  await importAll(ingest, root);
  expect(await channelOf()).toBe('c1');
  await writeFiles(root, [file('channels_1.jsonl', [channel('c1', 'Gone'), channel('c2', 'alpha')], 2)]);
  await importAll(ingest, root);
  expect(await channelOf()).toBe('c2');
  await writeFiles(root, [file('channels_1.jsonl', [channel('c1', 'Gone'), channel('c2', 'Gone too')], 3)]);
  await importAll(ingest, root);
  expect(await channelOf()).toBe(null);
});

test('the better file’s key stands, before and after its row is there', async () => {
  const notes = file('notes_1.jsonl', [video({ channel_id: 'c1' })], 0);
  const queue = file('queue_1.jsonl', [video({ channel_id: 'c2' })], 9);
  const second = file('channels_2.jsonl', [channel('c2', 'Two')]);
  const first = file('channels_1.jsonl', [channel('c1', 'One')]);
  for (const early of [
    [notes, queue],
    [queue, notes],
  ]) {
    await emptyTables(database.owner);
    await importFiles(ingest, [...early, second]);
    expect(await channelOf()).toBe('c2');
    await importFiles(ingest, [first]);
    expect(await channelOf()).toBe('c1');
  }
});

test('a key that its file takes back is waited for no longer', async () => {
  const root = await makeFolder([
    file('a/queue_1.jsonl', [video({ channel_id: 'c9' })]),
    file('b/queue_2.jsonl', [video({ level: 1 })], 1),
    file('channels_1.jsonl', [channel('c4', 'Four')]),
  ]);
  await importAll(ingest, root, ['a/queue_1.jsonl', 'b/queue_2.jsonl', 'channels_1.jsonl']);
  await writeFiles(root, [file('a/queue_1.jsonl', [video({ channel_id: 'c4' })], 2)]);
  await importAll(ingest, root);
  expect(await channelOf()).toBe('c4');
  await importFiles(ingest, [file('channels_9.jsonl', [channel('c9', 'Nine')])]);
  expect(await channelOf()).toBe('c4');
});

test('of several mentions the row’s own key stands before its own name, and that before another record', async () => {
  const lists = file('channels_1.jsonl', [
    channel('c1', 'One'),
    channel('c2', 'Two'),
    channel('c3', 'Three', { videos: ['v1'] }),
  ]);
  await importFiles(ingest, [lists, file('old_1.jsonl', [video()])]);
  expect(await channelOf()).toBe('c3');
  await importFiles(ingest, [file('old_2.jsonl', [video({ channel: 'two' })])]);
  expect(await channelOf()).toBe('c2');
  await importFiles(ingest, [file('queue_3.jsonl', [video({ channel_id: 'c1' })])]);
  expect(await channelOf()).toBe('c1');
});

test('a link withdrawn goes with its last mention, and a score stays with the link', async () => {
  const research = (videos: readonly string[]) => ({ research_id: 'r1', title: 'P', department: 'AI', videos });
  const root = await makeFolder([
    file('a/researches_1.jsonl', [research(['v1', 'v2'])]),
    file('b/links_1.jsonl', [{ research_id: 'r1', video_id: 'v2', relevance_score: 1 }]),
    file('queue_1.jsonl', [video(), video({}, 'v2'), video({}, 'v3')]),
  ]);
  const first = await importAll(ingest, root, ['b/links_1.jsonl', 'a/researches_1.jsonl', 'queue_1.jsonl']);
  expect(first.totals).toMatchObject({ read: 5, inserted: 5, rejected: 0 });
  expect(await linked()).toEqual(['r1 v1', 'r1 v2 1']);
  await writeFiles(root, [file('a/researches_1.jsonl', [research(['v3'])], 1)]);
  await importAll(ingest, root);
  expect(await linked()).toEqual(['r1 v2 1', 'r1 v3']);
  const { rows } = await database.owner.query(
    `SELECT operation, record_id FROM change_log WHERE table_name = 'research_videos' AND operation = 'delete'`,
  );
  expect(rows).toEqual([{ operation: 'delete', record_id: '{"research_id" : "r1", "video_id" : "v1"}' }]);
});

test('a link that a person deleted stays deleted, though a record mentions it still', async () => {
  const research = (title: string) => ({ research_id: 'r1', title, department: 'AI', videos: ['v1'] });
  const root = await makeFolder([file('researches_1.jsonl', [research('P')]), file('queue_1.jsonl', [video()])]);
  await importAll(ingest, root);
  await database.owner.query('DELETE FROM research_videos');
  await database.owner.query(
    `INSERT INTO tombstones (table_name, record_id, deleted_by) VALUES ('research_videos', '{"research_id" : "r1", "video_id" : "v1"}', 'user:ann')`,
  );
  await writeFiles(root, [file('researches_1.jsonl', [research('Q')], 1)]);
  await importAll(ingest, root);
  expect(await linked()).toEqual([]);
});

test('a record that names two people brings both, also where another file named one of them', async () => {
  await importFiles(ingest, [file('queue_1.jsonl', [video({ added_by: ['Ann'] })])]);
  const root = await makeFolder([
    file('queue_2.jsonl', [video({ added_by: ['ANN', 'Bob'] }, 'v2'), video({ added_by: ['Cid', 'BOB'] }, 'v3')], 1),
  ]);
  expect(await importOne(ingest, root, 'queue_2.jsonl')).toMatchObject({ status: 'imported', inserted: 2, derived: 2 });
  const { rows } = await database.owner.query('SELECT employee_id, name FROM employees ORDER BY 1');
  expect(rows).toEqual([
    { employee_id: 'ann', name: 'ANN' },
    { employee_id: 'bob', name: 'Bob' },
    { employee_id: 'cid', name: 'Cid' },
  ]);
});

test('parts follow their record: shorter lists end earlier, and a rejected record leaves none', async () => {
  const root = await makeFolder([file('notes_1.jsonl', [video({ said: ['a', 'b', 'c'] })])]);
  expect(await importOne(ingest, root, 'notes_1.jsonl')).toMatchObject({ inserted: 1, derived: 0 });
  await writeFiles(root, [
    file('notes_1.jsonl', [video({ said: ['a', 'x'] }), video({ said: ['q'], phase: 9 }, 'v2')], 1),
  ]);
  expect(await importOne(ingest, root, 'notes_1.jsonl')).toMatchObject({ unchanged: 1, rejected: 1, derived: 0 });
  const { rows } = await database.owner.query('SELECT video_id, position, text FROM video_segments ORDER BY 1, 2');
  expect(rows.map(({ video_id, position, text }) => `${video_id} ${position} ${text}`)).toEqual(['v1 1 a', 'v1 2 x']);
});
