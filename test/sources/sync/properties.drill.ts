/** Whatever happens in a place, in whatever order, and wherever runs are cut: a sync afterwards makes the hub say what it says. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Capabilities } from '../../../src/sources/connector.ts';
import { useTestDatabase } from '../../support/database.ts';
import { ingestOf } from '../../support/import-folder.ts';
import { type ScriptedPlace, scriptedPlace } from '../../support/scripted-place.ts';
import { SMALL_DATASETS } from '../../support/small-datasets.ts';
import { addSource, documentsOf, itemsOf, type Syncing, syncing, worldOf } from '../../support/syncing.ts';

const database = await useTestDatabase();
const ingest = ingestOf(database, SMALL_DATASETS);

type Step =
  | { readonly do: 'put'; readonly path: string; readonly content: string }
  | { readonly do: 'remove' | 'lose' | 'sync' | 'full'; readonly path: string }
  | { readonly do: 'move'; readonly path: string; readonly to: string }
  /** A run that ends at the `after`th event or download, or repeats a page. */
  | { readonly do: 'cut'; readonly after: number; readonly where: 'list' | 'download' }
  | { readonly do: 'twice' };

const path = fc.constantFrom('a.txt', 'b.txt', 'd/a.txt', 'd/b.md', 'd/e/c.txt', 'note.log', 'plain');
const content = fc.constantFrom('one', 'two', 'three', '# Title\n\nwords', '');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('put' as const), path, content }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), path: fc.oneof(path, fc.constant('d')) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('move' as const), path, to: path }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('lose' as const, 'sync' as const, 'full' as const), path }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('cut' as const),
      after: fc.nat(6),
      where: fc.constantFrom('list' as const, 'download' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('twice' as const) }) },
);

const kinds: fc.Arbitrary<Partial<Capabilities>> = fc.constantFrom<Partial<Capabilities>>(
  {},
  { rename: 'delete-create' },
  { rename: 'delete-create', hash: [] },
  { changes: 'listing', deletes: 'sweep' },
  { changes: 'listing', deletes: 'sweep', rename: 'delete-create', hash: [] },
);

async function take(place: ScriptedPlace, { sync }: Syncing, sourceId: string, one: Step): Promise<void> {
  const isThere = (at: string): boolean => place.files().some((file) => file.path === at);
  switch (one.do) {
    case 'put':
      return place.put(one.path, one.content);
    case 'remove':
      return place.remove(one.path);
    case 'move':
      if (isThere(one.path) && !isThere(one.to)) place.move(one.path, one.to);
      return;
    case 'lose':
      return place.loseCursors();
    case 'cut':
      return cut(place, sync, sourceId, one);
    case 'twice':
      place.onEvent = (event) => (event.type === 'upsert' ? [event, event] : event);
      await sync(sourceId);
      place.onEvent = undefined;
      return;
    default:
      await sync(sourceId, { type: one.do === 'full' ? 'full_sync' : 'incremental' });
  }
}

async function cut(
  place: ScriptedPlace,
  sync: Syncing['sync'],
  sourceId: string,
  { after, where }: Extract<Step, { do: 'cut' }>,
): Promise<void> {
  let count = 0;
  const strike = <T>(value: T): T => {
    count += 1;
    if (count > after) throw new Error('The process ends here');
    return value;
  };
  if (where === 'list') place.onEvent = strike;
  else place.onDownload = (_ref, download) => strike(download);
  await sync(sourceId).catch(() => undefined);
  place.onEvent = undefined;
  place.onDownload = undefined;
}

test('any changes and any crashes, then a sync: the documents are the world, and the next sync does nothing', async () => {
  const property = fc.asyncProperty(
    kinds,
    fc.array(step, { minLength: 3, maxLength: 14 }),
    async (capabilities, steps) => {
      const place = scriptedPlace({ capabilities, pageSize: 2 });
      const sourceId = await addSource(database, { guard: 100 });
      const runs = await syncing(database, ingest, place);
      for (const one of steps) await take(place, runs, sourceId, one);
      // The first ends what was cut, which may be older than what happened since; the second hears of that.
      await runs.sync(sourceId, { approveDeletes: true });
      await runs.sync(sourceId, { approveDeletes: true });
      expect(await documentsOf(database, sourceId)).toEqual(worldOf(place));
      const live = (await itemsOf(database, sourceId)).filter(({ sync_status: status }) => status !== 'deleted');
      expect(live.map(({ external_path: at, sync_status: status }) => `${at} ${status}`)).toEqual(
        Object.keys(worldOf(place)).map((at) => `${at} synced`),
      );
      place.downloads();
      expect(await runs.sync(sourceId)).toMatchObject({ processed: 0, deleted: 0 });
      expect(await runs.sync(sourceId, { type: 'full_sync' })).toMatchObject({ processed: 0, deleted: 0 });
      expect(place.downloads()).toEqual([]);
    },
  );
  await fc.assert(property, { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 40), endOnFailure: false });
}, 900_000);
