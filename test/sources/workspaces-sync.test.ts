/** Notion, Slack and OneDrive through the engine: what their peculiarities come to in the tables. */
import { afterAll, expect, test } from 'vitest';
import channels from '../../src/research/datasets/channels.ts';
import type { Connector } from '../../src/sources/connector.ts';
import notion from '../../src/sources/connectors/notion.ts';
import onedrive from '../../src/sources/connectors/onedrive.ts';
import slack from '../../src/sources/connectors/slack.ts';
import { useTestDatabase } from '../support/database.ts';
import { ingestOf } from '../support/import-folder.ts';
import { rowOf } from '../support/notion-world.ts';
import type { ProviderPlace } from '../support/provider-fake.ts';
import { openNotionFake } from '../support/providers/notion.ts';
import { openOneDrive } from '../support/providers/onedrive.ts';
import { openSlackFake } from '../support/providers/slack.ts';
import { addSource, documentsOf, itemsOf, syncing } from '../support/syncing.ts';

const database = await useTestDatabase();
const ingest = ingestOf(database, [channels]);
const places: ProviderPlace[] = [];
afterAll(() => Promise.all(places.map((place) => place.close())));

async function follow(connector: Connector, place: ProviderPlace): Promise<Awaited<ReturnType<typeof syncing>>> {
  places.push(place);
  return syncing(database, ingest, { connector, context: (signal) => place.context(signal) });
}

test('a table of Notion feeds a dataset as CSV, and its pages become documents with their properties', async () => {
  const place = await openNotionFake({ pageSize: 2, settings: { tables: 'csv' } });
  const { world } = place;
  const table = world.table('channels');
  const text = (content: string) => ({ type: 'rich_text', id: content, rich_text: [{ plain_text: content }] });
  const row = world.page({
    title: 'Cairns',
    parent: rowOf(table),
    properties: { channel_id: text('UC-notion'), name: text('Cairns') },
  });
  world.page({ title: 'Plan', markdown: 'The words of the plan.' });
  const sourceId = await addSource(database, { name: 'notion' });
  const { sync } = await follow(notion, place);
  expect(await sync(sourceId)).toMatchObject({ status: 'completed', failed: 0 });
  const { rows } = await database.owner.query(
    "SELECT c.name, i.path FROM channels c JOIN imports i ON i.import_id = c.origin_import_id WHERE channel_id = 'UC-notion'",
  );
  expect(rows).toEqual([{ name: 'Cairns', path: 'notion/channels.csv' }]);
  const documents = await documentsOf(database, sourceId);
  expect(Object.keys(documents).sort()).toEqual(['Plan.md', `channels/Cairns ${row.id.slice(-8)}.md`]);
  expect(documents['Plan.md']).toContain('The words of the plan.');
  const found = await database.owner.query(
    'SELECT title, front_matter FROM documents WHERE source_id = $1 AND title = $2',
    [sourceId, 'Cairns'],
  );
  expect(found.rows).toMatchObject([{ front_matter: { channel_id: 'UC-notion', notion_id: row.id } }]);
  expect(await sync(sourceId)).toMatchObject({ created: 0, updated: 0, failed: 0 });
});

test('a thread of Slack is a document by its first words, and an edit of a reply makes it anew', async () => {
  const place = await openSlackFake();
  const first = place.world.say('notes', 'Which model?');
  const reply = place.world.say('notes', 'The smal one', { thread_ts: first.ts });
  const sourceId = await addSource(database, { name: 'slack' });
  const { sync } = await follow(slack, place);
  expect(await sync(sourceId)).toMatchObject({ status: 'completed', failed: 0, created: 1 });
  place.world.edit('notes', reply.ts, 'The small one');
  expect(await sync(sourceId)).toMatchObject({ status: 'completed', updated: 1 });
  const { rows } = await database.owner.query(
    'SELECT title, text, front_matter, url FROM documents WHERE source_id = $1',
    [sourceId],
  );
  expect(rows).toMatchObject([
    {
      title: 'Which model?',
      text: expect.stringContaining('The small one'),
      front_matter: { channel: 'notes', authors: ['Ada Byron'], messages: 2 },
      url: `https://fake.slack.com/archives/C1/p${first.ts.replace('.', '')}`,
    },
  ]);
});

test('a folder of OneDrive that is renamed moves its items, and nothing is read again', async () => {
  const place = await openOneDrive({ pageSize: 2 });
  await place.put('Lab/channels.csv', 'channel_id,name\nUC-drive,Cairns\n');
  await place.put('Lab/deep/plan.md', '# The plan\n');
  const sourceId = await addSource(database, { name: 'onedrive' });
  const { sync } = await follow(onedrive, place);
  expect(await sync(sourceId)).toMatchObject({ status: 'completed', failed: 0, created: 2 });
  await place.move?.('Lab', 'Laboratory');
  const before = place.requests('download');
  expect(await sync(sourceId)).toMatchObject({ failed: 0, created: 0, deleted: 0 });
  expect(place.requests('download')).toBe(before);
  expect((await itemsOf(database, sourceId)).map(({ external_path: path }) => path)).toEqual([
    'Laboratory',
    'Laboratory/channels.csv',
    'Laboratory/deep',
    'Laboratory/deep/plan.md',
  ]);
});
