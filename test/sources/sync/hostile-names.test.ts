/** Names and times as a place may tell them: none may lead out of the source, or break the run. */
import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { useTestDatabase } from '../../support/database.ts';
import { ingestOf } from '../../support/import-folder.ts';
import { scriptedPlace } from '../../support/scripted-place.ts';
import { SMALL_DATASETS } from '../../support/small-datasets.ts';
import { addSource, itemsOf, syncing } from '../../support/syncing.ts';

const database = await useTestDatabase();
const ingest = ingestOf(database, SMALL_DATASETS);

test('hostile names and times stay in their place, each under a path of its own', async () => {
  const place = scriptedPlace({ capabilities: { hash: [] } });
  const names = [
    '../../etc/passwd',
    '..',
    'a/../../b.txt',
    'nul\0.txt',
    'x'.repeat(300),
    `half ${'\ud800'}.txt`,
    '/abs.txt',
    'tab\t.txt',
    '.',
  ];
  for (const [n, name] of names.entries()) place.put(`${n}`, `words ${n}`, { path: name, name });
  place.put('same', 'one', { path: 'twin.txt', name: 'twin.txt', modifiedAt: new Date('2099-01-01T00:00:00Z') });
  place.put('other', 'two', { path: undefined, name: 'twin.txt', modifiedAt: new Date(Number.NaN) });
  place.put('long', 'three', { id: 'i'.repeat(3_000), path: 'long.txt' });
  const sourceId = await addSource(database);
  const { sync, house } = await syncing(database, ingest, place);
  const result = await sync(sourceId);
  expect(result).toMatchObject({ status: 'completed' });
  const items = await itemsOf(database, sourceId);
  const paths = items.map(({ external_path: path }) => path);
  expect(new Set(paths).size).toBe(names.length + 3);
  for (const path of paths) {
    expect(path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && part.length <= 220)).toBe(
      true,
    );
    expect(path.includes('\0')).toBe(false);
  }
  expect(items.filter(({ sync_status: status }) => status === 'failed').map(({ error }) => error?.code)).toEqual([
    'BAD_NAME',
  ]);
  expect(await readdir(house.spool)).toEqual([sourceId]);
  expect(await sync(sourceId, { type: 'full_sync' })).toMatchObject({ processed: 0 });
});
