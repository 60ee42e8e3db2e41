/** Items that failed once are well again, and those that fail for ever keep nobody else from being read. */
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { writeSession } from '../../../src/database/session.ts';
import { ConnectorError } from '../../../src/sources/connector.ts';
import { runSync } from '../../../src/sources/sync/run-sync.ts';
import { startSync } from '../../../src/sources/syncs.write.ts';
import { TESTER, useTestDatabase } from '../../support/database.ts';
import { ingestOf } from '../../support/import-folder.ts';
import { scriptedPlace, streamOf } from '../../support/scripted-place.ts';
import { SMALL_DATASETS } from '../../support/small-datasets.ts';
import { addSource, documentsOf, endJob, itemsOf, syncing, worldOf } from '../../support/syncing.ts';

const database = await useTestDatabase();
const ingest = ingestOf(database, SMALL_DATASETS);

test('an item that could not be listed once and then is as it was is well again', async () => {
  const place = scriptedPlace({ capabilities: { changes: 'listing', deletes: 'sweep' } });
  for (let n = 0; n < 3; n += 1) place.put(`${n}.txt`, `text ${n}`);
  const sourceId = await addSource(database);
  const { sync } = await syncing(database, ingest, place);
  await sync(sourceId);
  place.onEvent = (event) =>
    event.type === 'upsert' && event.item.path === '1.txt'
      ? { type: 'item-error', ref: { id: event.item.id }, error: new ConnectorError('forbidden', 'Not now') }
      : event;
  await sync(sourceId);
  expect((await itemsOf(database, sourceId)).map(({ sync_status: status }) => status)).toContain('failed');
  place.onEvent = undefined;
  await sync(sourceId);
  expect((await itemsOf(database, sourceId)).map(({ sync_status: status }) => status)).toEqual([
    'synced',
    'synced',
    'synced',
  ]);
  expect(await documentsOf(database, sourceId)).toEqual(worldOf(place));
});

test('what failed waits for its time, unless a person asks for everything', async () => {
  const place = scriptedPlace();
  place.put('a.txt', 'text');
  const sourceId = await addSource(database);
  const { house, sync, begin } = await syncing(database, ingest, place);
  place.onDownload = () => {
    throw new ConnectorError('forbidden', 'Not now');
  };
  await sync(sourceId);
  place.onDownload = undefined;
  expect(await sync(sourceId, { type: 'full_sync' })).toMatchObject({ processed: 0 });
  const jobId = await writeSession(database.write, TESTER, ({ query }) =>
    startSync(query, TESTER, sourceId, { type: 'full_sync' }),
  );
  await runSync(house, await begin(jobId));
  await endJob(database, jobId, 'completed', null);
  expect(await documentsOf(database, sourceId)).toEqual(worldOf(place));
});

test('many items that lie for ever are lines with reasons, and what stands behind them is read', async () => {
  const place = scriptedPlace();
  for (let n = 0; n < 12; n += 1) place.put(`lie ${n}.txt`, `text ${n}`);
  place.put('true.txt', 'true');
  const sourceId = await addSource(database);
  const { sync } = await syncing(database, ingest, place);
  const truth = place.files().at(-1)?.id;
  place.onDownload = (ref, download) => {
    if (ref.id === truth) return download;
    return { ...download, body: streamOf(Buffer.alloc(download.size ?? 0, 'x')) };
  };
  for (let run = 0; run < 6; run += 1) await sync(sourceId).catch(() => undefined);
  expect(await documentsOf(database, sourceId)).toMatchObject({ 'true.txt': 'true' });
});

test.each([true, false])(
  'what came whole before a run was cut is not asked for from its end on (a hash: %s)',
  async (hasHash) => {
    const place = scriptedPlace(hasHash ? {} : { capabilities: { hash: [] } });
    place.put('a.txt', 'all of it');
    place.put('b.txt', 'the other');
    const [first] = place.files();
    const sourceId = await addSource(database);
    const { sync } = await syncing(database, ingest, place);
    place.onDownload = async (ref, download) => {
      if (ref.id === first?.id) return download;
      await sleep(200);
      throw new ConnectorError('auth-revoked', 'Not any more');
    };
    await expect(sync(sourceId)).rejects.toMatchObject({ code: 'NEEDS_REAUTH' });
    place.downloads();
    place.onDownload = (_ref, download, offset) => {
      if (offset > 0 && offset >= (download.size ?? 0)) throw new ConnectorError('conflict', 'It answered 416');
      return download;
    };
    expect(await sync(sourceId)).toMatchObject({ created: 2, failed: 0 });
    expect(place.downloads().sort()).toEqual(hasHash ? ['b.txt'] : ['a.txt', 'b.txt']);
  },
);

test('what a cut left of a version that is gone does not lie for ever', async () => {
  const place = scriptedPlace();
  place.put('a.txt', 'a');
  const sourceId = await addSource(database);
  const { sync, house } = await syncing(database, ingest, place);
  const folder = join(house.spool, sourceId);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, '1-old'), 'half');
  await writeFile(join(folder, '1-new'), 'half');
  const lastWeek = new Date(Date.now() - 7 * 24 * 3_600_000);
  await utimes(join(folder, '1-old'), lastWeek, lastWeek);
  expect(await sync(sourceId)).toMatchObject({ created: 1 });
  expect(await readdir(folder)).toEqual(['1-new']);
});
