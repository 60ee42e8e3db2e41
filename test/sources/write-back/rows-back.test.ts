/** Edits by hand go back into the files that said otherwise, and change nothing else of them. */
import { expect, test } from 'vitest';
import { loadRegistry } from '../../../src/ingest/registry.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { useTestDatabase } from '../../support/database.ts';
import { useDropboxes } from '../../support/dropbox/places.ts';
import { CSV, editedFile, PATH } from '../../support/edited-file.ts';
import { handRows } from '../../support/hand-rows.ts';
import { itemsOf } from '../../support/syncing.ts';

const database = await useTestDatabase();
const ingest = { ...(await loadRegistry()), database, log: silentLog() };
const open = useDropboxes();
const setUp = async (content?: string | Buffer) => editedFile(database, ingest, await open(), content);

async function titleOf(key: string): Promise<unknown> {
  const { rows } = await database.owner.query('SELECT title FROM researches WHERE research_id = $1', [key]);
  return rows[0]?.title;
}

test('an edited row’s cells are all that changes, and the file that we wrote is not taken in again', async () => {
  const { place, sync, sourceId, run, key, bytes, edit } = await setUp();
  expect(await itemsOf(database, sourceId)).toContainEqual(
    expect.objectContaining({ external_path: PATH, dataset: 'researches', sync_status: 'synced' }),
  );
  expect(await run(key)).toMatchObject({ status: 'unchanged', edits: 0 });
  await edit('RSR-001', { title: 'Eins; "neu"' });
  await edit('RSR-003', { title: 'П’ять', status: 'active' });
  expect(await run(key)).toMatchObject({ status: 'written', edits: 2, left: [], files: [PATH] });
  const expected = CSV.replace('"One; first"', '"Eins; ""neu"""').replace('Три;HR;planning', 'П’ять;HR;active');
  expect(bytes()?.toString()).toBe(expected);
  const downloads = place.requests('download');
  expect(await sync(sourceId)).toMatchObject({ processed: 0 });
  expect(await run(key)).toMatchObject({ status: 'unchanged', edits: 0 });
  expect(place.requests('download')).toBe(downloads);
});

test('what somebody writes into the file after us counts, also where it is what stood there before', async () => {
  const { place, sync, sourceId, run, key, edit } = await setUp();
  await edit('RSR-002', { title: 'Zwei' });
  await run(key);
  await sync(sourceId);
  await place.put(PATH, CSV);
  await sync(sourceId);
  expect(await titleOf('RSR-002')).toBe('Two');
});

test('a file that was changed meanwhile is read first, and the edit goes into what it is by then', async () => {
  const { place, sync, sourceId, run, key, bytes, edit } = await setUp();
  await edit('RSR-002', { title: 'Zwei' });
  await place.put(PATH, CSV.replace('Три', 'Drei'));
  expect(await run(key)).toMatchObject({ status: 'waiting' });
  await sync(sourceId);
  expect(await run(key)).toMatchObject({ status: 'written', edits: 1 });
  expect(bytes()?.toString()).toBe(CSV.replace('Три', 'Drei').replace('Two', 'Zwei'));
});

test('what is typed of a row that is made anew goes into its file at once, and what the file says stays as it is', async () => {
  const { run, key, bytes } = await setUp();
  const researches = handRows(ingest, 'researches');
  await researches.remove('RSR-002');
  await researches.make({ research_id: 'RSR-002', title: 'Zwei', department: 'AI' });
  expect(await run(key)).toMatchObject({ status: 'written', edits: 1, left: [] });
  expect(bytes()?.toString()).toBe(CSV.replace('Two', 'Zwei'));
  expect(await run(key)).toMatchObject({ status: 'unchanged', edits: 0 });
});

test('what is typed of a row made anew as its file says it is no edit, also where no cell could say it', async () => {
  const { run, key, bytes } = await setUp();
  const researches = handRows(ingest, 'researches');
  await researches.remove('RSR-003');
  await researches.make({ research_id: 'RSR-003', title: 'Drei', department: 'HR', metadata: {} });
  expect(await run(key)).toMatchObject({ status: 'written', edits: 1, left: [] });
  expect(bytes()?.toString()).toBe(CSV.replace('Три', 'Drei'));
});

test('an edit of a row that a person made finds the file that came to say the same', async () => {
  const { place, sync, sourceId, run, key, bytes, edit } = await setUp();
  const made = { research_id: 'RSR-004', title: 'Four', department: 'HR', status: 'active' };
  await handRows(ingest, 'researches').make({ ...made, created_date: '2026-01-05' });
  const said = `${CSV}\r\nRSR-004;Four;HR;active;;2026-01-05`;
  await place.put(PATH, said);
  await sync(sourceId);
  await edit('RSR-004', { title: 'Vier' });
  expect(await run(key)).toMatchObject({ status: 'written', edits: 1, left: [] });
  expect(bytes()?.toString()).toBe(said.replace('Four', 'Vier'));
});
