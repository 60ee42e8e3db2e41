/** When an import began and ended, as its line says. */
import { expect, test } from 'vitest';
import { useTestDatabase } from '../support/database.ts';
import { importFiles, ingestOf } from '../support/import-folder.ts';
import { LOOSE_DATASETS } from '../support/loose-datasets.ts';

const database = await useTestDatabase();

test('an import ends when its rows are in, not when its transaction began', async () => {
  await importFiles(ingestOf(database, LOOSE_DATASETS), [
    { path: 'channels.csv', content: 'channel_id,name\nCH-1,Kiln\n' },
  ]);
  const { rows } = await database.owner.query(
    'SELECT finished_at > created_at AS later FROM imports CROSS JOIN channels',
  );
  // A row's created_at is the time its transaction began.
  expect(rows).toEqual([{ later: true }]);
});
