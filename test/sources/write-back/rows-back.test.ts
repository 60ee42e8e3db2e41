/** Edits by hand go back into the files that said otherwise, and change nothing else of them. */
import { expect, test } from 'vitest';
import { writeSession } from '../../../src/database/session.ts';
import { editRows } from '../../../src/history/edit.ts';
import { loadRegistry } from '../../../src/ingest/registry.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { TESTER, useTestDatabase } from '../../support/database.ts';
import { useDropboxes } from '../../support/dropbox/places.ts';
import { itemsOf } from '../../support/syncing.ts';
import { writingBack } from '../../support/writing-back.ts';

const database = await useTestDatabase();
const ingest = { ...(await loadRegistry()), database, log: silentLog() };
const open = useDropboxes();
const PATH = 'queues/RESEARCHES_Master_List.csv';
const CSV = [
  '\ufeffRSR_ID;Title;Department;Status;"Our own";created_date',
  'RSR-001;"One; first";VID;planning;"keep ""me""";2026-01-02',
  '',
  'RSR-002;Two;AI;active; spaced ;2026-01-03',
  'RSR-003;Три;HR;planning;;2026-01-04',
].join('\r\n');

async function setUp(content: string | Buffer = CSV) {
  await database.owner.query('DELETE FROM data_sources; DELETE FROM researches; DELETE FROM imports; DELETE FROM jobs');
  const place = await open();
  const writing = await writingBack(database, ingest, place, 'team');
  await place.put(PATH, content);
  await writing.sync(writing.sourceId);
  const key = await writing.add({ content: 'rows', dataset: 'researches', table: 'researches', path: null });
  const bytes = (path = PATH) => place.world.find(`/${path}`)?.content;
  return { place, ...writing, key, bytes };
}

const edit = (key: string, values: Record<string, string | null>) =>
  writeSession(database.write, TESTER, ({ query }) =>
    editRows(query, { table: 'researches', keyColumn: 'research_id' }, { keys: [key], values }),
  );

async function titleOf(key: string): Promise<unknown> {
  const { rows } = await database.owner.query('SELECT title FROM researches WHERE research_id = $1', [key]);
  return rows[0]?.title;
}

test('an edited row’s cells are all that changes, and the file that we wrote is not taken in again', async () => {
  const { place, sync, sourceId, run, key, bytes } = await setUp();
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
  const { place, sync, sourceId, run, key } = await setUp();
  await edit('RSR-002', { title: 'Zwei' });
  await run(key);
  await sync(sourceId);
  await place.put(PATH, CSV);
  await sync(sourceId);
  expect(await titleOf('RSR-002')).toBe('Two');
});

test('a file that was changed meanwhile is read first, and the edit goes into what it is by then', async () => {
  const { place, sync, sourceId, run, key, bytes } = await setUp();
  await edit('RSR-002', { title: 'Zwei' });
  await place.put(PATH, CSV.replace('Три', 'Drei'));
  expect(await run(key)).toMatchObject({ status: 'waiting' });
  await sync(sourceId);
  expect(await run(key)).toMatchObject({ status: 'written', edits: 1 });
  expect(bytes()?.toString()).toBe(CSV.replace('Три', 'Drei').replace('Two', 'Zwei'));
});

test('in Windows-1252 a cell that it cannot hold is left and told, and the others are written in it', async () => {
  const latin = Buffer.from(CSV.replace('\ufeff', '').replace('Три', 'Über'), 'latin1');
  const { run, key, bytes, line } = await setUp(latin);
  await edit('RSR-002', { title: 'Größe' });
  await edit('RSR-003', { title: 'Три' });
  expect(await run(key)).toMatchObject({ status: 'written', edits: 1, left: [`${PATH}, line 5: title`] });
  expect(bytes()).toEqual(Buffer.from(latin.toString('latin1').replace('Two', 'Größe'), 'latin1'));
  expect(await line(key)).toMatchObject({ last_status: 'written', error: { code: 'BAD_USER_INPUT' } });
});

test('a value that the file cannot say in that column is left as it is, and told', async () => {
  const { run, key, bytes } = await setUp();
  await edit('RSR-002', { output_path: '/out', title: 'Zwei' });
  await edit('RSR-001', { title: 'N/A' });
  expect(await run(key)).toMatchObject({ edits: 1, left: [`${PATH}, line 2: title`, `${PATH}, line 4: output_path`] });
  expect(bytes()?.toString()).toBe(CSV.replace('Two', 'Zwei'));
});

test('records of a source with transformations are not written: what they make cannot be turned back', async () => {
  const { run, key, bytes, sourceId } = await setUp();
  await database.owner.query(
    `INSERT INTO etl_transformations (transformation_id, source_id, owner_id, is_shared, name, position)
     SELECT gen_random_uuid(), source_id, owner_id, is_shared, 'shape', 1 FROM data_sources WHERE source_id = $1`,
    [sourceId],
  );
  await edit('RSR-002', { title: 'Zwei' });
  expect(await run(key)).toMatchObject({ status: 'unchanged', left: [`${PATH}: is transformed`] });
  expect(bytes()?.toString()).toBe(CSV);
});
