import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { useTestDatabase } from '../../support/database.ts';
import { ingestOf } from '../../support/import-folder.ts';
import { scriptedPlace, streamOf } from '../../support/scripted-place.ts';
import { addSource, documentsOf, syncing } from '../../support/syncing.ts';

const database = await useTestDatabase();
const ingest = ingestOf(database, []);

test('an etag that looks like an MD5 proves content; what it does not prove has to come twice alike', async () => {
  const place = scriptedPlace({ capabilities: { hash: [] } });
  const md5 = (text: string) => createHash('md5').update(text).digest('hex');
  const etagOf = (path: string) => md5(path === 'odd.txt' ? 'of something else' : 'true');
  for (const path of ['lies.txt', 'odd.txt', 'true.txt'])
    place.put(path, 'true', { hash: { algorithm: 'etag', value: etagOf(path) } });
  const names = new Map(place.files().map(({ id, path }) => [id, path]));
  let came = 0;
  place.onDownload = (ref, download) => {
    const path = names.get(ref.id) ?? '';
    came += 1;
    const body = path === 'lies.txt' ? streamOf(Buffer.from(`li${came % 90}`.padEnd(4, 'e'))) : download.body;
    return { ...download, body, hash: { algorithm: 'md5', value: etagOf(path), isSupposed: true } };
  };
  const sourceId = await addSource(database);
  const { sync } = await syncing(database, ingest, place);
  await sync(sourceId);
  expect(place.downloads().toSorted()).toEqual(['lies.txt', 'lies.txt', 'odd.txt', 'odd.txt', 'true.txt']);
  expect(await documentsOf(database, sourceId)).toEqual({ 'odd.txt': 'true', 'true.txt': 'true' });
});
