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
const create = (researchId: string, title = 'By hand') =>
  ask(
    `mutation { createResearch(input: { researchId: "${researchId}", title: "${title}", department: VID }) { research { researchId } } }`,
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

test('what one file alone said of a row outlives its deletion: typed values stay until a file says others, the rest comes back at once', async () => {
  const HEAD = 'research_id,title,department,status,output_path\n';
  const file = (path: string, hour: number, ...lines: readonly string[]) => ({
    path,
    hour,
    content: `${HEAD}${lines.map((line) => `${line}\n`).join('')}`,
  });
  const rows = async () =>
    (
      await database.owner.query(
        `SELECT concat_ws(' ', research_id, title, department, status, output_path) AS row FROM researches
          WHERE research_id LIKE 'RSR-92_' ORDER BY 1`,
      )
    ).rows.map(({ row }) => row);
  const words = 'Old,AI,active,out/1';
  const first = file('a/researches.csv', 0, `RSR-920,${words}`, `RSR-921,${words}`, `RSR-922,${words}`);
  const root = await makeFolder([first]);
  await importAll(ingest, root);
  for (const id of ['RSR-920', 'RSR-921']) {
    dataAt(await remove(id), 'deleteResearch');
    dataAt(await create(id), 'createResearch');
  }
  // One that is made as it was, and edited then.
  dataAt(await remove('RSR-922'), 'deleteResearch');
  dataAt(await create('RSR-922', 'Old'), 'createResearch');
  const edit = 'mutation { updateResearch(researchId: "RSR-922", patch: { title: "Edited" }) { research { title } } }';
  dataAt(await ask(edit), 'updateResearch');
  const typed = ['RSR-920 By hand', 'RSR-921 By hand', 'RSR-922 Edited'];
  expect(await rows()).toEqual(typed.map((row) => `${row} VID active out/1`));
  // One that the file names again as before, and one that another, older file names.
  await writeFiles(root, [
    file('a/researches.csv', 2, `RSR-920,${words}`, `RSR-922,${words}`),
    file('b/researches.csv', -1, 'RSR-921,Less,DEV,,'),
  ]);
  await importAll(ingest, root);
  expect(await rows()).toEqual(typed.map((row) => `${row} VID active out/1`));
  await writeFiles(root, [file('a/researches.csv', 3, 'RSR-920,New,AI,active,out/1')]);
  await importAll(ingest, root, ['a/researches.csv']);
  expect(await rows()).toEqual(['RSR-920 New', ...typed.slice(1)].map((row) => `${row} VID active out/1`));
});

test('a value that is typed only after its row was made anew stays until a file says another', async () => {
  const file = (hour: number, status: string, path: string) => ({
    path: 'a/researches.csv',
    hour,
    content: `research_id,title,department,status,output_path,budget\nRSR-940,Old,AI,${status},${path},7\nRSR-941,Other,AI,,,${hour}\n`,
  });
  const row = async () =>
    (
      await database.owner.query(
        "SELECT title, status, output_path, metadata FROM researches WHERE research_id = 'RSR-940'",
      )
    ).rows[0];
  const root = await makeFolder([file(0, 'active', 'out/1')]);
  await importAll(ingest, root);
  dataAt(await remove('RSR-940'), 'deleteResearch');
  dataAt(await create('RSR-940'), 'createResearch');
  const edit =
    'mutation { updateResearch(researchId: "RSR-940", patch: { status: COMPLETED, metadata: { budget: 9 } }) { research { title } } }';
  dataAt(await ask(edit), 'updateResearch');
  await writeFiles(root, [file(1, 'active', 'out/1')]);
  await importAll(ingest, root);
  const typed = { title: 'By hand', status: 'completed', metadata: { budget: 9 } };
  expect(await row()).toEqual({ ...typed, output_path: 'out/1' });
  await writeFiles(root, [file(2, 'review', 'out/2')]);
  await importAll(ingest, root);
  expect(await row()).toEqual({ ...typed, status: 'review', output_path: 'out/2' });
});

test('a value that a file and a person gave alike stays once it is edited, until the file says another', async () => {
  const file = (hour: number, title: string) => ({
    path: `a/researches.csv`,
    hour,
    content: `research_id,title,department\nRSR-950,${title},VID\nRSR-951,Other,${hour === 0 ? 'AI' : 'HR'}\n`,
  });
  const title = async () =>
    (await database.owner.query("SELECT title FROM researches WHERE research_id = 'RSR-950'")).rows[0]?.title;
  dataAt(await create('RSR-950', 'Same'), 'createResearch');
  const root = await makeFolder([file(0, 'Same'), { ...file(0, 'Same'), path: 'b/researches.csv' }]);
  expect((await importAll(ingest, root)).imports).toMatchObject([
    { inserted: 1, unchanged: 1 },
    { inserted: 0, unchanged: 2 },
  ]);
  const edit = 'mutation { updateResearch(researchId: "RSR-950", patch: { title: "Mine" }) { research { title } } }';
  dataAt(await ask(edit), 'updateResearch');
  await writeFiles(root, [file(1, 'Same')]);
  await importAll(ingest, root);
  expect(await title()).toBe('Mine');
  await writeFiles(root, [file(2, 'New')]);
  await importAll(ingest, root);
  expect(await title()).toBe('New');
});

test('a person whom somebody made by hand keeps the name that was typed, however a queue writes it', async () => {
  dataAt(
    await ask('mutation { createEmployee(input: { employeeId: "ada-hand", name: "Ada Hand" }) { employee { name } } }'),
    'createEmployee',
  );
  const root = await makeFolder([
    {
      path: 'RESEARCHES_Master_List.csv',
      content: 'RSR_ID,Name,Department,Status,Researcher\nRSH-VID-960,One,VID,active,ADA HAND\n',
    },
  ]);
  expect((await importAll(ingest, root)).imports).toMatchObject([{ inserted: 1, derived: 0 }]);
  const { rows } = await database.owner.query(
    "SELECT r.researcher_id, e.name FROM researches r JOIN employees e ON e.employee_id = r.researcher_id WHERE research_id = 'RSH-VID-960'",
  );
  expect(rows).toEqual([{ researcher_id: 'ada-hand', name: 'Ada Hand' }]);
});

test('a file that makes a deleted row anew does not speak alone: what the other file said of it stands', async () => {
  const root = await makeFolder([
    { path: 'a/researches.csv', hour: 5, content: 'research_id,title,department,output_path\nRSR-930,One,AI,out/1\n' },
  ]);
  await importAll(ingest, root);
  dataAt(await remove('RSR-930'), 'deleteResearch');
  await database.owner.query("DELETE FROM tombstones WHERE record_id = 'RSR-930'");
  await writeFiles(root, [
    { path: 'b/researches.csv', hour: 1, content: 'research_id,title,department,status\nRSR-930,Less,DEV,active\n' },
  ]);
  await importAll(ingest, root, ['b/researches.csv']);
  const { rows } = await database.owner.query(
    "SELECT title, department, status, output_path FROM researches WHERE research_id = 'RSR-930'",
  );
  expect(rows).toEqual([{ title: 'One', department: 'AI', status: 'active', output_path: 'out/1' }]);
});
