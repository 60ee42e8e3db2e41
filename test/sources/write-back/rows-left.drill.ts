/** What a file cannot be made to say is left as it is, and told. */
import { expect, test } from 'vitest';
import { loadRegistry } from '../../../src/ingest/registry.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { useTestDatabase } from '../../support/database.ts';
import { useDropboxes } from '../../support/dropbox/places.ts';
import { CSV, editedFile, PATH } from '../../support/edited-file.ts';

const database = await useTestDatabase();
const ingest = { ...(await loadRegistry()), database, log: silentLog() };
const open = useDropboxes();
const setUp = async (content?: string | Buffer) => editedFile(database, ingest, await open(), content);

test('in Windows-1252 a cell that it cannot hold is left and told, and the others are written in it', async () => {
  const latin = Buffer.from(CSV.replace('\ufeff', '').replace('Три', 'Über'), 'latin1');
  const { run, key, bytes, line, edit } = await setUp(latin);
  await edit('RSR-002', { title: 'Größe' });
  await edit('RSR-003', { title: 'Три' });
  expect(await run(key)).toMatchObject({ status: 'written', edits: 1, left: [`${PATH}, line 5: title`] });
  expect(bytes()).toEqual(Buffer.from(latin.toString('latin1').replace('Two', 'Größe'), 'latin1'));
  expect(await line(key)).toMatchObject({ last_status: 'written', error: { code: 'BAD_USER_INPUT' } });
});

test('a value that the file cannot say in that column is left as it is, and told', async () => {
  const { run, key, bytes, edit } = await setUp();
  await edit('RSR-002', { output_path: '/out', title: 'Zwei' });
  await edit('RSR-001', { title: 'N/A' });
  expect(await run(key)).toMatchObject({ edits: 1, left: [`${PATH}, line 2: title`, `${PATH}, line 4: output_path`] });
  expect(bytes()?.toString()).toBe(CSV.replace('Two', 'Zwei'));
});

test('records of a source with transformations are not written: what they make cannot be turned back', async () => {
  const { run, key, bytes, sourceId, edit } = await setUp();
  await database.owner.query(
    `INSERT INTO etl_transformations (transformation_id, source_id, owner_id, is_shared, name, position)
     SELECT gen_random_uuid(), source_id, owner_id, is_shared, 'shape', 1 FROM data_sources WHERE source_id = $1`,
    [sourceId],
  );
  await edit('RSR-002', { title: 'Zwei' });
  expect(await run(key)).toMatchObject({ status: 'unchanged', left: [`${PATH}: is transformed`] });
  expect(bytes()?.toString()).toBe(CSV);
});
