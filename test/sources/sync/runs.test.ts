/** A sync makes the hub say what the place says, whatever happened there since, and writes nothing where nothing did. */
import { expect, test } from 'vitest';
import { useTestDatabase } from '../../support/database.ts';
import { ingestOf } from '../../support/import-folder.ts';
import { scriptedPlace } from '../../support/scripted-place.ts';
import { SMALL_DATASETS } from '../../support/small-datasets.ts';
import { addSource, documentsOf, itemsOf, syncing, worldOf } from '../../support/syncing.ts';

const database = await useTestDatabase();
const ingest = ingestOf(database, SMALL_DATASETS);

const channel = (n: number, more = ''): string => `{"channel_id": "c${n}", "name": "Channel ${n}"${more}}\n`;

test('what datasets claim becomes rows, everything else documents, and a second sync does nothing', async () => {
  const place = scriptedPlace();
  for (let n = 1; n <= 10; n += 1) place.put(`lists/channels_${n}.jsonl`, channel(n));
  for (let n = 1; n <= 10; n += 1) place.put(`notes/note ${n}.md`, `---\ntitle: Note ${n}\n---\nWords ${n}\n`);
  const sourceId = await addSource(database, { name: 'team' });
  const { sync } = await syncing(database, ingest, place);
  expect(await sync(sourceId)).toMatchObject({ status: 'completed', found: 20, created: 20, failed: 0, deleted: 0 });
  const { rows: channels } = await database.owner.query(
    `SELECT c.name, i.path FROM channels c JOIN imports i ON i.import_id = c.origin_import_id
       JOIN sync_items s ON s.import_id = i.import_id WHERE s.source_id = $1 ORDER BY c.id LIMIT 2`,
    [sourceId],
  );
  expect(channels).toEqual([
    { name: 'Channel 1', path: 'team/lists/channels_1.jsonl' },
    { name: 'Channel 10', path: 'team/lists/channels_10.jsonl' },
  ]);
  const { rows: notes } = await database.owner.query(
    "SELECT title, text, front_matter FROM documents WHERE source_id = $1 AND path = 'notes/note 3.md'",
    [sourceId],
  );
  expect(notes).toEqual([{ title: 'Note 3', text: 'Words 3\n', front_matter: { title: 'Note 3' } }]);
  expect(place.downloads()).toHaveLength(20);
  expect(await sync(sourceId)).toMatchObject({ found: 0, processed: 0, created: 0 });
  expect(await sync(sourceId, { type: 'full_sync' })).toMatchObject({ found: 20, processed: 0, updated: 0 });
  expect(place.downloads()).toEqual([]);
});

test('a rename keeps the rows and the document, and nothing is read again', async () => {
  for (const rename of ['same-id', 'delete-create'] as const) {
    for (const hash of [['sha256'], []] as const) {
      const place = scriptedPlace({ capabilities: { rename, hash } });
      place.put('a/channels_1.jsonl', channel(1));
      place.put('a/note.md', '# Note\n');
      for (let n = 0; n < 20; n += 1) place.put(`rest/${n}.txt`, `rest ${n}`);
      const sourceId = await addSource(database);
      const { sync } = await syncing(database, ingest, place);
      await sync(sourceId);
      const before = await itemsOf(database, sourceId);
      place.downloads();
      place.move('a/channels_1.jsonl', 'b/channels_one.jsonl');
      place.move('a/note.md', 'b/other name.md');
      expect(await sync(sourceId)).toMatchObject({ created: 0, deleted: 0, failed: 0 });
      const after = await itemsOf(database, sourceId);
      const kept = (path: string, items: typeof after) => items.find(({ external_path: own }) => own === path);
      expect(kept('b/channels_one.jsonl', after)).toMatchObject({
        import_id: kept('a/channels_1.jsonl', before)?.import_id,
        sync_status: 'synced',
      });
      expect(kept('b/other name.md', after)?.local_document_id).toBe(kept('a/note.md', before)?.local_document_id);
      expect(after).toHaveLength(22);
      expect(await documentsOf(database, sourceId)).toMatchObject({ 'b/other name.md': '# Note\n' });
      expect(place.downloads()).toHaveLength(rename === 'delete-create' && hash.length === 0 ? 2 : 0);
    }
  }
});

test('deletes remove documents and leave rows, and more than the guard allows waits for a yes', async () => {
  const place = scriptedPlace();
  for (let n = 0; n < 40; n += 1) place.put(`${n < 20 ? 'old' : 'new'}/${n}.txt`, `text ${n}`);
  const sourceId = await addSource(database, { guard: 25 });
  const { sync } = await syncing(database, ingest, place);
  await sync(sourceId);
  place.remove('new/39.txt');
  expect(await sync(sourceId)).toMatchObject({ status: 'completed', deleted: 1 });
  place.remove('old');
  expect(await sync(sourceId)).toMatchObject({ status: 'waiting', deleted: 0, waiting: 20 });
  expect(Object.keys(await documentsOf(database, sourceId))).toHaveLength(39);
  const { rows } = await database.owner.query(
    'SELECT s.last_sync_status, j.status FROM data_sources s JOIN sync_jobs j USING (source_id) WHERE source_id = $1 ORDER BY j.id DESC LIMIT 1',
    [sourceId],
  );
  expect(rows).toEqual([{ last_sync_status: 'waiting', status: 'waiting' }]);
  expect(await sync(sourceId, { approveDeletes: true })).toMatchObject({ status: 'completed', deleted: 20 });
  expect(await documentsOf(database, sourceId)).toEqual(worldOf(place));
});

test('a listing that suddenly is empty deletes nothing, and when all is back nothing is read again', async () => {
  const place = scriptedPlace({ capabilities: { changes: 'listing', deletes: 'sweep' } });
  for (let n = 0; n < 5; n += 1) place.put(`${n}.txt`, `text ${n}`);
  const sourceId = await addSource(database);
  const { sync } = await syncing(database, ingest, place);
  await sync(sourceId);
  place.onEvent = (event) => (event.type === 'complete' ? event : []);
  expect(await sync(sourceId)).toMatchObject({ status: 'waiting', waiting: 5 });
  expect(await documentsOf(database, sourceId)).toEqual(worldOf(place));
  place.onEvent = undefined;
  place.downloads();
  expect(await sync(sourceId)).toMatchObject({ status: 'completed', deleted: 0, processed: 0 });
  expect(place.downloads()).toEqual([]);
});

test('nothing is concluded from silence where only part of a place could be listed', async () => {
  const place = scriptedPlace({ capabilities: { changes: 'listing', deletes: 'sweep' } });
  for (let n = 0; n < 30; n += 1) place.put(`${n}.txt`, `text ${n}`);
  const sourceId = await addSource(database);
  const { sync } = await syncing(database, ingest, place);
  await sync(sourceId);
  const world = worldOf(place);
  place.coverage = 'partial';
  place.remove('3.txt');
  expect(await sync(sourceId)).toMatchObject({ coverage: 'partial', deleted: 0 });
  expect(await documentsOf(database, sourceId)).toEqual(world);
  place.coverage = undefined;
  expect(await sync(sourceId)).toMatchObject({ deleted: 1 });
  expect(await documentsOf(database, sourceId)).toEqual(worldOf(place));
});

test('a lost cursor leads to a full listing, told by the connector or thrown', async () => {
  const place = scriptedPlace();
  for (let n = 0; n < 12; n += 1) place.put(`${n}.txt`, `text ${n}`);
  const sourceId = await addSource(database);
  const { sync } = await syncing(database, ingest, place);
  await sync(sourceId);
  place.downloads();
  place.remove('1.txt');
  place.put('new.txt', 'new');
  place.loseCursors();
  expect(await sync(sourceId)).toMatchObject({ coverage: 'full', created: 1, deleted: 1 });
  expect(place.downloads()).toEqual(['new.txt']);
  expect(await documentsOf(database, sourceId)).toEqual(worldOf(place));
});

test('other rules make something else of the items that they are about, and of no others', async () => {
  const place = scriptedPlace();
  place.put('lists/channels_21.jsonl', channel(21));
  place.put('lists/odd.txt', channel(22));
  place.put('secret/note.md', 'Words');
  const sourceId = await addSource(database);
  const { sync } = await syncing(database, ingest, place);
  await sync(sourceId);
  place.downloads();
  await database.owner.query('UPDATE data_sources SET rules = $2 WHERE source_id = $1', [
    sourceId,
    JSON.stringify([
      { pattern: 'secret/**', dataset: 'ignore' },
      { pattern: 'lists/channels*', dataset: 'document' },
    ]),
  ]);
  expect(await sync(sourceId)).toMatchObject({ processed: 2, skipped: 1, updated: 1 });
  expect(place.downloads()).toEqual(['lists/channels_21.jsonl']);
  expect(Object.keys(await documentsOf(database, sourceId))).toEqual(['lists/channels_21.jsonl', 'lists/odd.txt']);
  expect((await itemsOf(database, sourceId)).map(({ sync_status: status }) => status)).toEqual([
    'synced',
    'synced',
    'skipped',
  ]);
});

test('a private source feeds no dataset', async () => {
  const place = scriptedPlace();
  place.put('channels_31.jsonl', channel(31));
  const sourceId = await addSource(database, { isShared: false });
  const { sync } = await syncing(database, ingest, place);
  await sync(sourceId);
  expect(await documentsOf(database, sourceId)).toEqual({ 'channels_31.jsonl': channel(31) });
  const { rows } = await database.owner.query("SELECT FROM channels WHERE channel_id = 'c31'");
  expect(rows).toEqual([]);
});

test('what was a document and becomes rows is no document any more, and the other way about', async () => {
  const place = scriptedPlace();
  place.put('channels_81.jsonl', channel(81));
  place.put('notes.txt', 'notes');
  const sourceId = await addSource(database, { isShared: false });
  const { sync } = await syncing(database, ingest, place);
  const share = async (isShared: boolean): Promise<string[]> => {
    await database.owner.query('UPDATE data_sources SET is_shared = $2 WHERE source_id = $1', [sourceId, isShared]);
    await sync(sourceId);
    return Object.keys(await documentsOf(database, sourceId));
  };
  expect(await share(false)).toEqual(['channels_81.jsonl', 'notes.txt']);
  expect(await share(true)).toEqual(['notes.txt']);
  expect(await share(false)).toEqual(['channels_81.jsonl', 'notes.txt']);
  expect(await share(true)).toEqual(['notes.txt']);
  place.move('channels_81.jsonl', 'words.txt');
  expect(await share(true)).toEqual(['notes.txt', 'words.txt']);
  place.move('words.txt', 'channels_82.jsonl');
  expect(await share(true)).toEqual(['notes.txt']);
});
