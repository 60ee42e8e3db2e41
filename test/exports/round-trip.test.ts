/** An export imported again changes nothing, whatever the tables hold and whatever the file's format. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadRegistry } from '../../src/ingest/registry.ts';
import { importFolder } from '../../src/ingest/run.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { makeFolder } from '../support/import-folder.ts';
import { randomRows } from '../support/random-rows.ts';
import { everyDataset, expectNothingChanged, expectSameBytes } from '../support/round-trip.ts';

const database = await useTestDatabase();
const world = { database, ingest: { ...(await loadRegistry()), database, log: silentLog() } };

const TEXTS = ['csv', 'json', 'jsonl', 'xlsx'] as const;

test('rows as any table may hold them come back as they were: nothing is written', async () => {
  const property = fc.asyncProperty(randomRows, fc.nat(3), fc.boolean(), async (rows, turn, escapeFormulas) => {
    // Each dataset in one format of four, and one each in those that are read by another process.
    const asked = everyDataset(world.ingest, (index) => TEXTS.filter((_, place) => place === (index + turn) % 4)).map(
      (one) => (one.format === 'csv' ? { ...one, choices: { options: { escapeFormulas } } } : one),
    );
    const others = [
      { dataset: 'videos', format: 'parquet' },
      { dataset: 'reports', format: 'duckdb' },
    ] as const;
    await expectNothingChanged(world, rows, [...asked, ...others]);
  });
  await fc.assert(property, { numRuns: 1, endOnFailure: true });
});

test('in an empty database an export gives the rows that it was made of', async () => {
  const property = fc.asyncProperty(randomRows, fc.nat(3), async (rows, turn) => {
    const asked = everyDataset(world.ingest, (index) => TEXTS.filter((_, place) => place === (index + turn) % 4));
    await expectSameBytes(world, rows, asked);
  });
  await fc.assert(property, { numRuns: 1, endOnFailure: true });
  expect(world.ingest.datasets.size).toBeGreaterThan(9);
});

test.each(TEXTS)(
  'keys of before that hold what nobody sees come back from %s with what refers to them',
  async (format) => {
    const keys = ['\u202Eevil\u202C', 'a\u200Bb', 'a\u200B', ' a ', '1\u20E3'];
    const rows = keys.flatMap((key) => [
      { table: 'channels', values: { channel_id: key, name: `Channel ${key.length}` } },
      { table: 'videos', values: { video_id: key, channel_id: key, source_url: 'https://x.org', title: 'T' } },
      { table: 'researches', values: { research_id: key, researcher_id: null, title: 'R', department: 'AI' } },
      { table: 'research_videos', values: { research_id: key, video_id: key, relevance_score: '0.5' } },
    ]);
    const asked = everyDataset(world.ingest, () => [format]);
    await expectSameBytes(world, rows, asked);
    await expectNothingChanged(world, rows, asked);
  },
);

test('the export of an empty table is a file of no records, in lines of JSON as well', async () => {
  const root = await makeFolder([{ path: 'none/reports.export.jsonl', content: '' }]);
  const { imports } = await importFolder(world.ingest, { root, actor: TESTER });
  expect(imports).toMatchObject([{ dataset: 'reports', status: 'imported', read: 0 }]);
});
