/** What becomes a statement of a row that one file alone spoke of: what that file said, whatever was done to the row since. */
import fc from 'fast-check';
import type pg from 'pg';
import { beforeEach, expect, test } from 'vitest';
import { writeSession } from '../../src/database/session.ts';
import { editRows } from '../../src/history/edit.ts';
import { keepFirstStatements } from '../../src/ingest/first-statements.ts';
import { keyOfTable } from '../../src/ingest/registry.ts';
import { speakersOf } from '../../src/ingest/speakers.ts';
import { readTable } from '../../src/ingest/table.ts';
import { recordId } from '../../src/ingest/target.ts';
import type { JsonObject } from '../../src/kernel/json.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { statementsTheLongWay } from '../support/first-statements-oracle.ts';
import { emptyTables, importAll, ingestOf, makeFolder } from '../support/import-folder.ts';
import { SMALL_DATASETS } from '../support/small-datasets.ts';
import { recordsFile, smallFolder, smallVideo } from '../support/small-files.ts';

const database = await useTestDatabase();
const ingest = ingestOf(database, SMALL_DATASETS);
beforeEach(() => emptyTables(database.owner));

const TABLES = ['videos', 'channels', 'employees', 'researches'] as const;

/** The statements of all rows of a table, as the pipeline keeps them and told the long way; nothing is kept. */
async function bothWays(table: string): Promise<{ readonly kept: unknown[]; readonly long: unknown[] }> {
  const key = keyOfTable(ingest, table);
  // Rows that are only brought along say nothing of keys of theirs.
  const stages = table === 'employees' ? undefined : { parts: new Map() };
  const speakers = speakersOf(ingest, table, stages);
  const client: pg.PoolClient = await database.owner.connect();
  try {
    await client.query('BEGIN');
    await client.query('DELETE FROM origins');
    const { columns: types } = await readTable(client, table);
    await keepFirstStatements({ client, table, types }, speakers, {
      from: `${table} t CROSS JOIN LATERAL (SELECT ${recordId(key, 't')} AS record_id) c`,
    });
    const { rows: kept } = await client.query(
      'SELECT record_id, dataset, path, authority, import_id, line, fields, raw FROM origins WHERE table_name = $1 ORDER BY 1',
      [table],
    );
    return { kept, long: await statementsTheLongWay(client, table, key, speakers) };
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

const edit = (keys: readonly string[], values: JsonObject) =>
  writeSession(database.write, TESTER, ({ query }) =>
    editRows(query, { table: 'videos', keyColumn: 'video_id' }, { keys, values }),
  );

test('a statement holds what the file said: no edit, no default, no key that a mention filled in, all that is null within', async () => {
  const facts = { a: null, b: [null, { c: null }] };
  const root = await makeFolder([
    recordsFile('channels.jsonl', [{ channel_id: 'c1', name: 'Alpha' }]),
    recordsFile('notes.jsonl', [
      smallVideo({ facts, phase: 2, channel_id: 'c1', said: ['hm', 'ah'] }),
      smallVideo({ channel: 'alpha', added_by: ['Ann'] }, 'v2'),
      smallVideo({ channel_id: 'c9' }, 'v3'),
    ]),
    recordsFile('queue.jsonl', [smallVideo({ title: '  Spaced ', phase: '3' }, 'v4'), smallVideo({}, 'v5')]),
  ]);
  await importAll(ingest, root);
  await edit(['v1', 'v5'], { title: 'Edited', phase: 7, metadata: { by: 'hand' } });
  await edit(['v1'], { channel_id: null });
  const { kept, long } = await bothWays('videos');
  const plain = { source_url: 'https://x.org', title: 'T', metadata: {} };
  expect(kept).toMatchObject([
    {
      record_id: 'v1',
      dataset: 'notes',
      line: 1,
      fields: { ...plain, video_id: 'v1', phase: 2, channel_id: 'c1', metadata: { facts } },
    },
    { record_id: 'v2', fields: { ...plain, video_id: 'v2' } },
    { record_id: 'v3', fields: { ...plain, video_id: 'v3', channel_id: 'c9' } },
    { record_id: 'v4', dataset: 'queue', fields: { ...plain, video_id: 'v4', title: 'Spaced', phase: 3 } },
    { record_id: 'v5', fields: { ...plain, video_id: 'v5' } },
  ]);
  expect(kept).toEqual(long);
});

test('whatever files brought and people edited, it is what the row tells entry by entry', async () => {
  const edits = fc.record(
    {
      title: fc.constantFrom('Two', 'Mine'),
      phase: fc.constantFrom(null, 2, 5),
      channel_id: fc.constantFrom(null, 'c1'),
      metadata: fc.constantFrom({}, { level: null }, { extra: { a: null } }),
    },
    { requiredKeys: [] },
  );
  const property = fc.asyncProperty(smallFolder, edits, async (files, { channel_id: channel, ...values }) => {
    await emptyTables(database.owner);
    await importAll(ingest, await makeFolder(files));
    await edit(['v1', 'v2'], values);
    const { rows } = await database.owner.query("SELECT FROM channels WHERE channel_id = 'c1'");
    if (channel === null || (channel !== undefined && rows.length > 0))
      await edit(['v2', 'v3'], { channel_id: channel });
    for (const table of TABLES) {
      const { kept, long } = await bothWays(table);
      expect(kept).toEqual(long);
    }
  });
  await fc.assert(property, {
    numRuns: Number(process.env['PROPERTY_RUNS'] ?? process.env['DRILL_RUNS'] ?? 3),
    endOnFailure: true,
  });
});
