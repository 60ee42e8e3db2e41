/** What people change of a source while it syncs holds from then on: nothing that was read before is written as if it did not. */
import { expect, test } from 'vitest';
import { type Query, writeSession } from '../../../src/database/session.ts';
import { asAppError } from '../../../src/kernel/errors.ts';
import { requestSync } from '../../../src/sources/sync/request-sync.ts';
import { readSource } from '../../../src/sources/sync/source.ts';
import { TESTER, useTestDatabase } from '../../support/database.ts';
import { ingestOf } from '../../support/import-folder.ts';
import { scriptedPlace } from '../../support/scripted-place.ts';
import { SMALL_DATASETS } from '../../support/small-datasets.ts';
import { addSource, documentsOf, syncing, worldOf } from '../../support/syncing.ts';

const database = await useTestDatabase();
const ingest = ingestOf(database, SMALL_DATASETS);

test('a source that turns private while it is read feeds no dataset from then on', async () => {
  const place = scriptedPlace();
  for (let n = 0; n < 3; n += 1) place.put(`channels_6${n}.jsonl`, `{"channel_id": "c6${n}", "name": "N"}\n`);
  place.put('notes.txt', 'notes');
  const sourceId = await addSource(database);
  const { sync } = await syncing(database, ingest, place);
  place.onDownload = async (_ref, download) => {
    await database.owner.query('UPDATE data_sources SET is_shared = false WHERE source_id = $1', [sourceId]);
    return download;
  };
  const ended = await sync(sourceId).catch(asAppError);
  expect(ended).toMatchObject({ code: 'INTERRUPTED', retryAfterMs: expect.any(Number) });
  expect(await sync(sourceId)).toMatchObject({ created: 4 });
  const { rows } = await database.owner.query("SELECT channel_id FROM channels WHERE channel_id LIKE 'c6_'");
  expect(rows).toEqual([]);
  expect(await documentsOf(database, sourceId)).toEqual(worldOf(place));
});

test('an item that became another and again what it was, and was not read yet, is read as it is', async () => {
  const place = scriptedPlace({ capabilities: { rename: 'delete-create' } });
  place.put('a.txt', 'as it was');
  const sourceId = await addSource(database);
  const { sync } = await syncing(database, ingest, place);
  place.onDownload = () => Promise.reject(new Error('The process ends here'));
  await sync(sourceId).catch(() => undefined);
  place.onDownload = undefined;
  for (const content of ['another', 'as it was']) place.put('a.txt', content);
  await sync(sourceId);
  expect(await documentsOf(database, sourceId)).toEqual({ 'a.txt': 'as it was' });
});

test('other settings while it is listed: where the old ones led says nothing of the new ones', async () => {
  const place = scriptedPlace();
  for (let n = 0; n < 7; n += 1) place.put(`${n}.txt`, `text ${n}`);
  const sourceId = await addSource(database);
  const { sync, house } = await syncing(database, ingest, place);
  let isChanged = false;
  const connector = {
    ...place.connector,
    async *listChanges(...given: Parameters<typeof place.connector.listChanges>) {
      for await (const event of place.connector.listChanges(...given)) {
        if (event.type === 'complete' && !isChanged) {
          isChanged = true;
          await database.owner.query(`UPDATE data_sources SET config = '{"folder": "other"}' WHERE source_id = $1`, [
            sourceId,
          ]);
          await database.owner.query('UPDATE source_states SET cursor = NULL, pass = NULL WHERE source_id = $1', [
            sourceId,
          ]);
        }
        yield event;
      }
    },
  };
  Object.assign(house, { connectorOf: async () => connector });
  await sync(sourceId).catch(asAppError);
  const { rows } = await database.owner.query('SELECT cursor, pass FROM source_states WHERE source_id = $1', [
    sourceId,
  ]);
  expect(rows).toEqual([{ cursor: null, pass: null }]);
  expect(await sync(sourceId)).toMatchObject({ status: 'completed', coverage: 'full' });
  expect(await documentsOf(database, sourceId)).toEqual(worldOf(place));
});

test('a request that a run is asked to take over just as it ends is another run', async () => {
  const place = scriptedPlace();
  const sourceId = await addSource(database);
  const { request, begin } = await syncing(database, ingest, place);
  const first = await request(sourceId);
  await begin(first);
  const second = await writeSession(database.write, TESTER, async ({ query }) => {
    const source = await readSource(query, sourceId);
    if (source === undefined) throw new Error('There is no such source');
    const meddling: Query = async (name, ...rest) => {
      if (name === 'sync joined')
        await database.owner.query(
          "UPDATE jobs SET status = 'completed', finished_at = now(), lease_until = NULL WHERE job_id = $1",
          [first],
        );
      return query(name, ...rest);
    };
    return requestSync(meddling, source, { type: 'manual', requestedBy: TESTER.label });
  });
  expect(second).not.toBe(first);
  const { rows } = await database.owner.query('SELECT status FROM sync_jobs WHERE sync_job_id = $1', [second]);
  expect(rows).toEqual([{ status: 'queued' }]);
});
