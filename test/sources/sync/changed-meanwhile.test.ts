/** What people change of a source while it syncs holds from then on: nothing that was read before is written as if it did not. */
import { expect, test } from 'vitest';
import { asAppError } from '../../../src/kernel/errors.ts';
import { useTestDatabase } from '../../support/database.ts';
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
