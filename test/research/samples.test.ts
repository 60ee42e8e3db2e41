/** The sample folder comes out as its README says, in any order of its files. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadRegistry } from '../../src/ingest/registry.ts';
import { type Ingest, importFolder } from '../../src/ingest/run.ts';
import { PROJECT_ROOT } from '../../src/kernel/config.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { pathsBelow } from '../conformance/fixtures.ts';
import { createTestDatabase, TESTER, useTestDatabase } from '../support/database.ts';

const SAMPLES = join(PROJECT_ROOT, 'samples');
const database = await useTestDatabase();
const registry = await loadRegistry();
const ingest: Ingest = { ...registry, database, log: silentLog() };
const first = await importFolder(ingest, { root: SAMPLES, actor: TESTER });

const COUNTS = {
  employees: 3,
  channels: 4,
  influencers: 3,
  researches: 9,
  search_queue: 4,
  videos: 17,
  video_segments: 27,
  analysis_results: 5,
  reports: 2,
  research_videos: 6,
  video_influencers: 3,
};

async function countsIn({ owner }: Pick<typeof database, 'owner'>): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of Object.keys(COUNTS))
    counts[table] = (await owner.query(`SELECT count(*)::int AS count FROM ${table}`)).rows[0].count;
  return counts;
}

test('every file is taken in or skipped with a reason', async () => {
  expect(first.imports.filter(({ error }) => error !== null)).toEqual([]);
  expect(first.imports.length + first.skipped.length).toBe((await pathsBelow(SAMPLES)).length);
  expect(first.skipped.map(({ path }) => path)).toEqual([
    '01_VIDEO_QUEUE/Video_Queue_Tracker.md',
    '02_TRANSCRIPTIONS/Video_004_CONFLICT_2026-02-02.md',
    '02_TRANSCRIPTIONS/Video_006 (конфліктна копія 2026-01-14).md',
    '03_ANALYSIS/Execution_Plan_Phase_3.md',
    '03_ANALYSIS/Integration/Video_003_Integration.md',
    'README.md',
  ]);
  expect(new Set(first.imports.map(({ dataset }) => dataset))).toEqual(new Set(registry.datasets.keys()));
  expect(first.totals).toMatchObject({ read: 57, rejected: 6 });
});

test('its tables hold what its files say', async () => {
  expect(await countsIn(database)).toEqual(COUNTS);
  const linked = await database.owner.query(
    'SELECT video_id, channel_id FROM videos WHERE channel_id IS NOT NULL ORDER BY 1',
  );
  expect(linked.rows.map((row) => [row.video_id, row.channel_id])).toEqual([
    ['Video_001', 'YT-VID-002'],
    ['Video_004', 'YT-VID-001'],
    ['Video_010', 'YT-VID-003'],
    ['kQ7_wBind01', 'YT-VID-002'],
  ]);
});

test('letters and days come through their encodings', async () => {
  const notes = await database.owner.query(
    `SELECT query, metadata->>'Notes' AS notes FROM search_queue ORDER BY search_id LIMIT 3`,
  );
  expect(notes.rows).toEqual([
    { query: 'reliure japonaise – débutants', notes: 'Käse, pain & café' },
    { query: 'workshop tour under 60 seconds', notes: null },
    { query: 'apprentice first week', notes: '“three good ones”' },
  ]);
  const cells = await database.owner.query(
    `SELECT duration, phase, created_date::date::text AS day, metadata->>'published_date' AS published
       FROM videos WHERE video_id IN ('bellSand_12', 'wickerChr13') ORDER BY video_id`,
  );
  expect(cells.rows).toEqual([
    { duration: 1834, phase: 2, day: '2026-01-15', published: '2025-12-01' },
    { duration: 95, phase: null, day: '2026-01-16', published: null },
  ]);
});

test('its files in another order give the same, and the second time nothing is written', async () => {
  const other = await createTestDatabase();
  try {
    const files = (await pathsBelow(SAMPLES)).map((path) => ({ path, file: join(SAMPLES, path) })).reverse();
    await importFolder({ ...ingest, database: other }, { root: SAMPLES, files, actor: TESTER });
    expect(await countsIn(other)).toEqual(COUNTS);
    const changes = 'SELECT count(*) FROM change_log';
    const before = (await other.owner.query(changes)).rows;
    const again = await importFolder({ ...ingest, database: other }, { root: SAMPLES, actor: TESTER });
    expect(new Set(again.imports.map(({ status }) => status))).toEqual(new Set(['unchanged']));
    expect((await other.owner.query(changes)).rows).toEqual(before);
  } finally {
    await other.close();
  }
});
