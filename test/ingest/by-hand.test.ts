import { expect, test } from 'vitest';
import { loadRegistry } from '../../src/ingest/registry.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { useTestDatabase } from '../support/database.ts';
import { codesOf, dataAt, graphqlOver } from '../support/graphql.ts';
import { importAll, importOne, makeFolder, writeFiles } from '../support/import-folder.ts';

const database = await useTestDatabase();
const ask = graphqlOver(database, { log: silentLog() });
const ingest = { ...(await loadRegistry()), database, log: silentLog() };

const links = async () =>
  (await database.owner.query('SELECT research_id, video_id FROM research_videos ORDER BY 1, 2')).rows;
const create = (researchId: string) =>
  ask(
    `mutation { createResearch(input: { researchId: "${researchId}", title: "By hand", department: VID }) { research { researchId } } }`,
  );
const remove = (researchId: string) => ask(`mutation { deleteResearch(researchId: "${researchId}") { deletedId } }`);

test('mentions find a research made by hand, wait again when it is deleted, and find it when it is made anew', async () => {
  const root = await makeFolder([
    { path: 'videos.csv', content: 'video_id,title,source_url\nVideo_900,One,https://example.org/1\n' },
    { path: 'research_videos.csv', content: 'research_id,video_id,relevance_score\nRSR-900,Video_900,0.5\n' },
  ]);
  await importAll(ingest, root);
  expect(await links()).toEqual([]);
  const link = { research_id: 'RSR-900', video_id: 'Video_900' };
  dataAt(await create('RSR-900'), 'createResearch');
  expect(await links()).toEqual([link]);
  dataAt(await remove('RSR-900'), 'deleteResearch');
  expect(await links()).toEqual([]);
  dataAt(await create('RSR-900'), 'createResearch');
  expect(await links()).toEqual([link]);
});

test('a file does not bring back what a person deleted: its record is a reject that says who did', async () => {
  const line = 'RSR-901,Title,VID,active\n';
  const root = await makeFolder([{ path: 'researches.csv', content: `research_id,title,department,status\n${line}` }]);
  await importOne(ingest, root, 'researches.csv');
  dataAt(await remove('RSR-901'), 'deleteResearch');
  await writeFiles(root, [
    {
      path: 'researches.csv',
      content: `research_id,title,department,status\n${line}RSR-902,Other,AI,active\n`,
      hour: 1,
    },
  ]);
  expect(await importOne(ingest, root, 'researches.csv')).toMatchObject({ inserted: 1, rejected: 1 });
  const { rows } = await database.owner.query('SELECT errors FROM rejects');
  expect(rows).toEqual([{ errors: [expect.objectContaining({ code: 'TOMBSTONED', field: 'research_id' })] }]);
  expect(codesOf(await remove('RSR-901'))).toEqual(['NOT_FOUND']);
});

test('a foreign key that a file gave waits for its row while that is deleted, and finds it when it is made anew', async () => {
  const root = await makeFolder([
    { path: 'channels.csv', content: 'channel_id,name\nYT-900,One\nYT-901,Two\n' },
    {
      path: 'videos.csv',
      content:
        'video_id,title,source_url,channel_id\nVideo_910,One,https://example.org/1,YT-900\nVideo_911,Two,https://example.org/2,YT-900\n',
    },
  ]);
  await importAll(ingest, root);
  const channelOf = async (id: string) =>
    (await database.owner.query('SELECT channel_id FROM videos WHERE video_id = $1', [id])).rows[0].channel_id;
  dataAt(
    await ask('mutation { updateVideo(videoId: "Video_911", patch: { channelId: "YT-901" }) { video { videoId } } }'),
    'updateVideo',
  );
  dataAt(await ask('mutation { deleteChannel(channelId: "YT-900") { deletedId } }'), 'deleteChannel');
  expect([await channelOf('Video_910'), await channelOf('Video_911')]).toEqual([null, 'YT-901']);
  dataAt(
    await ask('mutation { createChannel(input: { channelId: "YT-900", name: "Again" }) { channel { channelId } } }'),
    'createChannel',
  );
  expect([await channelOf('Video_910'), await channelOf('Video_911')]).toEqual(['YT-900', 'YT-901']);
  // The file says the same still, and it counts no more than before.
  await writeFiles(root, [
    {
      path: 'videos.csv',
      hour: 1,
      content: 'video_id,title,source_url,channel_id\nVideo_910,New,https://example.org/1,YT-901\n',
    },
  ]);
  expect(await importOne(ingest, root, 'videos.csv')).toMatchObject({ updated: 1 });
  expect(await channelOf('Video_910')).toBe('YT-901');
});
