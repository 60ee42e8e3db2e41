/** An export imported again changes nothing, whatever the tables hold and whatever the file's format. */
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { loadRegistry } from '../../src/ingest/registry.ts';
import { importFile } from '../../src/ingest/run.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { exportRows, FORMATS, type Format } from '../support/export-rows.ts';
import { emptyTables, makeFolder, writeMark } from '../support/import-folder.ts';
import { insertRandomRows, randomRows } from '../support/random-rows.ts';

const database = await useTestDatabase();
const ingest = { ...(await loadRegistry()), database, log: silentLog() };

beforeEach(() => emptyTables(database.owner));

test('an export of any rows imported again changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(randomRows, async (rows) => {
      await emptyTables(database.owner);
      await insertRandomRows(database.owner, rows);
      const mark = await writeMark(database.owner);
      const folder = await makeFolder();
      for (const dataset of ingest.datasets.values())
        for (const format of (process.env['ALL']
          ? FORMATS
          : (['csv', 'json', 'jsonl', 'xlsx'] as const)) as readonly Format[]) {
          const name = await exportRows(database.owner, dataset, format, folder, rows.length % 2 === 0);
          const result = await importFile(ingest, { file: join(folder, name), path: name, actor: TESTER });
          if (result.error?.code === 'FILE_EMPTY' && format === 'jsonl') continue;
          const rejects = await database.owner.query('SELECT * FROM rejects LIMIT 2');
          expect({ ...result, rejects: rejects.rows }).toMatchObject({
            dataset: dataset.name,
            status: 'imported',
            inserted: 0,
            updated: 0,
            rejected: 0,
            error: null,
          });
          expect(result.unchanged).toBe(result.read);
          expect(await writeMark(database.owner)).toBe(mark);
        }
    }),
    { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 2), endOnFailure: true },
  );
});
