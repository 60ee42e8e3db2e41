import { beforeAll, expect, test } from 'vitest';
import { recordId } from '../../src/history/changes.read.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { codesOf, dataAt, graphqlOver } from '../support/graphql.ts';
import { insertRows, seedResearches } from '../support/research.ts';

const database = await useTestDatabase();
const ask = graphqlOver(database);

const IMPORT = '01980000-0000-7000-8000-000000000001';
const HISTORY = `query History($table: String!, $key: String!, $first: Int, $after: String) {
  changes(table: $table, key: $key, first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes { id operation changedAt actor oldValues newValues line import { importId path } }
  }
}`;

beforeAll(async () => {
  await seedResearches(database.owner, 2);
  await ask(
    'mutation { updateResearch(researchId: "RSH-VID-001", patch: { title: "Renamed" }) { research { title } } }',
  );
});

test('a row’s changes come latest first, with actor, old and new values by column', async () => {
  const answer = await ask(HISTORY, { table: 'researches', key: 'RSH-VID-001' });
  expect(dataAt(answer, 'changes.totalCount')).toBe(2);
  expect(dataAt(answer, 'changes.nodes.0')).toMatchObject({
    operation: 'UPDATE',
    actor: TESTER.label,
    oldValues: { title: 'Research 1' },
    newValues: { title: 'Renamed' },
    import: null,
    line: null,
  });
  expect(dataAt(answer, 'changes.nodes.1')).toMatchObject({
    operation: 'INSERT',
    oldValues: null,
    newValues: { research_id: 'RSH-VID-001' },
  });
});

test('pages of changes go on where the last one ended', async () => {
  const first = await ask(HISTORY, { table: 'researches', key: 'RSH-VID-001', first: 1 });
  expect(dataAt(first, 'changes.pageInfo.hasNextPage')).toBe(true);
  const next = await ask(HISTORY, {
    table: 'researches',
    key: 'RSH-VID-001',
    after: dataAt(first, 'changes.pageInfo.endCursor'),
  });
  expect(dataAt(next, 'changes.nodes.0.operation')).toBe('INSERT');
});

test.each([
  '{"research_id":"RSH-VID-001","video_id":"Video_001-0"}',
  '{ "video_id" : "Video_001-0",\n "research_id": "RSH-VID-001" }',
])('a key of two columns is a JSON object in any order and spacing: %s', async (key) => {
  const answer = await ask(HISTORY, { table: 'research_videos', key });
  expect(dataAt(answer, 'changes.nodes')).toMatchObject([
    { operation: 'INSERT', newValues: { video_id: 'Video_001-0' } },
  ]);
});

test('a key of a text and a number names its row, whatever the text holds', async () => {
  const id = 'Video "q"\\ é\t';
  await insertRows(database.owner, 'videos', [
    {
      video_id: id,
      source_url: 'x',
      title: 'x',
      status: 'queued',
      created_date: 'now',
      updated_at: 'now',
      metadata: {},
    },
  ]);
  await insertRows(database.owner, 'video_segments', [{ video_id: id, position: 7, text: 'x' }]);
  const answer = await ask(HISTORY, { table: 'video_segments', key: JSON.stringify({ position: 7, video_id: id }) });
  expect(dataAt(answer, 'changes.totalCount')).toBe(1);
});

test.each([
  ['a table that does not exist', 'nothing', 'x'],
  ['a table without history', 'tokens', 'x'],
  ['a table named with SQL', 'researches; --', 'x'],
  ['text for a key of two columns', 'research_videos', 'RSH-VID-001'],
  ['too few columns', 'research_videos', '{"research_id":"RSH-VID-001"}'],
  ['too many columns', 'research_videos', '{"research_id":"a","video_id":"b","id":1}'],
  ['a value that is no key', 'research_videos', '{"research_id":"a","video_id":null}'],
])('%s is refused', async (_what, table, key) => {
  expect(codesOf(await ask(HISTORY, { table, key }))).toEqual(['BAD_USER_INPUT']);
});

test('a key of one column is taken as it stands, also when it looks like JSON', () => {
  expect(recordId(['video_id'], '{"a":1}')).toBe('{"a":1}');
});

test('a change and a row name the import and the line that they came from', async () => {
  await insertRows(database.owner, 'imports', [
    {
      import_id: IMPORT,
      dataset: 'channels',
      path: 'a/channels.csv',
      rules_version: 1,
      status: 'running',
      actor: 'x',
      started_at: 'now',
      read: 0,
      inserted: 0,
      updated: 0,
      unchanged: 0,
      rejected: 0,
      derived: 0,
      bytes_read: 0,
    },
  ]);
  const client = await database.owner.connect();
  await client.query('BEGIN');
  await client.query(`SELECT set_config('cairn.import_id', $1, true)`, [IMPORT]);
  await client.query(
    `INSERT INTO channels (channel_id, name, origin_import_id, origin_line, origin_raw) VALUES ('C', 'C', $1, 5, '{"name": " C "}')`,
    [IMPORT],
  );
  await client.query('COMMIT');
  client.release();
  const changes = await ask(HISTORY, { table: 'channels', key: 'C' });
  expect(dataAt(changes, 'changes.nodes')).toMatchObject([
    { line: 5, import: { importId: IMPORT, path: 'a/channels.csv' } },
  ]);
  const row = await ask('{ channel(channelId: "C") { origin { importId path line raw import { status } } } }');
  expect(dataAt(row, 'channel.origin')).toEqual({
    importId: IMPORT,
    path: 'a/channels.csv',
    line: 5,
    raw: { name: ' C ' },
    import: { status: 'RUNNING' },
  });
});
