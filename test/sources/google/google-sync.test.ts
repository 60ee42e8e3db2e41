/** Drive and Gmail through the engine: what their peculiarities come to in the tables. */
import { afterAll, expect, test } from 'vitest';
import channels from '../../../src/research/datasets/channels.ts';
import type { Connector } from '../../../src/sources/connector.ts';
import gmail from '../../../src/sources/connectors/gmail.ts';
import drive from '../../../src/sources/connectors/google-drive.ts';
import { useTestDatabase } from '../../support/database.ts';
import { FOLDER } from '../../support/google/drive-world.ts';
import { ingestOf } from '../../support/import-folder.ts';
import type { ProviderPlace } from '../../support/provider-fake.ts';
import { openGmail, plainMail } from '../../support/providers/gmail.ts';
import { openGoogleDrive } from '../../support/providers/google-drive.ts';
import { addSource, documentsOf, itemsOf, syncing } from '../../support/syncing.ts';
import { textRow, workbookParts, zipOf } from '../../support/workbook.ts';

const database = await useTestDatabase();
const ingest = ingestOf(database, [channels]);
const places: ProviderPlace[] = [];
afterAll(() => Promise.all(places.map((place) => place.close())));

async function follow(connector: Connector, place: ProviderPlace): Promise<Awaited<ReturnType<typeof syncing>>> {
  places.push(place);
  return syncing(database, ingest, { connector, context: (signal) => place.context(signal) });
}

test('a Google Sheet is read like a workbook, a Doc becomes a document, and a renamed folder imports nothing again', async () => {
  const place = await openGoogleDrive({ pageSize: 3 });
  const { world } = place;
  const lab = world.add({ name: 'Lab', mimeType: FOLDER });
  const sheets = { Channels: textRow(1, 'channel_id', 'name') + textRow(2, 'UC1', 'Cairns') };
  const native = 'application/vnd.google-apps.';
  world.add({
    name: 'channels',
    parent: lab,
    mimeType: `${native}spreadsheet`,
    content: zipOf(workbookParts({ sheets })),
  });
  world.add({ name: 'Plan', parent: lab, mimeType: `${native}document`, content: '# The plan\n\nWords.\n' });
  world.add({ name: 'Sketch', parent: lab, mimeType: `${native}drawing` });
  const sourceId = await addSource(database, { name: 'drive' });
  const { sync } = await follow(drive, place);
  expect(await sync(sourceId)).toMatchObject({ status: 'completed', failed: 0, created: 2 });
  const { rows } = await database.owner.query(
    "SELECT c.name, i.path, i.inserted FROM channels c JOIN imports i ON i.import_id = c.origin_import_id WHERE channel_id = 'UC1'",
  );
  expect(rows).toMatchObject([{ name: 'Cairns', path: 'drive/Lab/channels.xlsx' }]);
  expect(await documentsOf(database, sourceId)).toEqual({ 'Lab/Plan.md': '# The plan\n\nWords.\n' });
  const imports = (): Promise<number> =>
    database.owner.query('SELECT count(*)::int AS n FROM imports').then((found) => found.rows[0].n);
  const before = await imports();
  world.edit(lab, { name: 'Laboratory' });
  expect(await sync(sourceId)).toMatchObject({ failed: 0, created: 0, deleted: 0 });
  expect(
    (await itemsOf(database, sourceId)).map((item) => [item.external_path, item.sync_status, item.reason]),
  ).toEqual([
    ['Laboratory', 'skipped', 'there is nothing to read in a folder'],
    ['Laboratory/Plan.md', 'synced', null],
    ['Laboratory/Sketch', 'skipped', 'A Google drawing has no text that could be read.'],
    ['Laboratory/channels.xlsx', 'synced', null],
  ]);
  expect(await documentsOf(database, sourceId)).toEqual({ 'Laboratory/Plan.md': '# The plan\n\nWords.\n' });
  expect(await imports()).toBe(before);
  world.edit(lab, { isTrashed: true });
  // Nothing would be left: that waits for a yes.
  expect(await sync(sourceId)).toMatchObject({ status: 'waiting', deleted: 0 });
  expect(await sync(sourceId, { approveDeletes: true })).toMatchObject({ status: 'completed' });
  expect(await documentsOf(database, sourceId)).toEqual({});
});

test('mail becomes documents with the headers as front matter, and goes with the bin', async () => {
  const place = await openGmail({ pageSize: 3 });
  const sourceId = await addSource(database, { name: 'mail' });
  const { sync } = await follow(gmail, place);
  const ids = ['one', 'two', 'channels.csv'].map((name) =>
    place.mailbox.add({ raw: plainMail(name, `Words of ${name}`) }),
  );
  expect(await sync(sourceId)).toMatchObject({ status: 'completed', failed: 0, created: 3 });
  const { rows } = await database.owner.query(
    "SELECT title, author, text, front_matter, url FROM documents WHERE source_id = $1 AND title = 'one'",
    [sourceId],
  );
  expect(rows).toMatchObject([
    {
      title: 'one',
      author: 'Ada Lovelace <ada@example.org>',
      text: expect.stringContaining('Words of one'),
      front_matter: { from: 'Ada Lovelace <ada@example.org>', subject: 'one', thread: ids[0] },
    },
  ]);
  place.mailbox.label(ids[0] ?? '', ['TRASH']);
  place.mailbox.label(ids[1] ?? '', ['STARRED'], ['UNREAD']);
  expect(await sync(sourceId)).toMatchObject({ deleted: 1, updated: 0, created: 0 });
  expect(Object.keys(await documentsOf(database, sourceId))).toHaveLength(2);
});
