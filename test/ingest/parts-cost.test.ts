/** What the parts of many records cost: they are looked through for all records together, not for each. */
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { importMatched } from '../../src/ingest/import-file.ts';
import { matchFile } from '../../src/ingest/match.ts';
import { fileFacts } from '../../src/ingest/read/source.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { emptyTables, importFiles, ingestOf, makeFolder } from '../support/import-folder.ts';
import { SMALL_DATASETS, smallNotes } from '../support/small-datasets.ts';
import { jsonLines } from '../support/small-files.ts';

const RECORDS = 300;
const PARTS = 4;

const database = await useTestDatabase();
const ingest = ingestOf(database, SMALL_DATASETS);
beforeEach(() => emptyTables(database.owner));

const records = (said: readonly string[]) =>
  jsonLines(
    Array.from({ length: RECORDS }, (_, place) => ({ video_id: `v${place}`, source_url: 'u', title: 'T', said })),
  );

/** Imports the records with their parts, and says how many staged parts were read one after the other meanwhile. */
async function partsRead(): Promise<number> {
  const root = await makeFolder([{ path: 'notes.jsonl', content: records(['a', 'b', 'c', 'd']) }]);
  const matched = matchFile(ingest, fileFacts('notes.jsonl', new Date()), smallNotes.name);
  if ('skipped' in matched) throw new Error(matched.skipped);
  let read = Number.NaN;
  await importMatched(
    ingest,
    {
      file: join(root, 'notes.jsonl'),
      path: 'notes.jsonl',
      actor: TESTER,
      beforeCommit: async ({ query }) => {
        const [found] = await query<{ read: number }>(
          'staged parts read',
          "SELECT seq_tup_read::float8 AS read FROM pg_stat_xact_all_tables WHERE relname = 'stage_part_video_segments'",
        );
        read = found?.read ?? Number.NaN;
      },
    },
    matched.match,
  );
  return read;
}

/** Each step may look through them all. */
const SOME_STEPS = 30 * RECORDS * PARTS;

test('of rows that another file speaks of too', async () => {
  await importFiles(ingest, [{ path: 'queue.jsonl', content: records([]) }]);
  expect(await partsRead()).toBeLessThan(SOME_STEPS);
});

test('of rows that somebody deleted', async () => {
  await database.owner.query(
    "INSERT INTO tombstones (table_name, record_id, deleted_by) SELECT 'videos', 'v' || n, 'ann' FROM generate_series(0, $1) n",
    [RECORDS],
  );
  expect(await partsRead()).toBeLessThan(SOME_STEPS);
});
