/** A record that is rejected brings nothing, however late that is found out; what others bring too, these bring. */
import { beforeEach, expect, test } from 'vitest';
import { writeSession } from '../../src/database/session.ts';
import { deleteRows } from '../../src/history/edit.ts';
import { type Dataset, defineDataset } from '../../src/ingest/dataset.ts';
import { id, integer, text } from '../../src/ingest/fields/index.ts';
import { importRecords } from '../../src/ingest/run.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { emptyTables, importFiles, importOne, ingestOf, makeFolder } from '../support/import-folder.ts';
import { smallChannels, smallLinks, smallResearches } from '../support/small-datasets.ts';
import { recordsFile } from '../support/small-files.ts';

const employees: Dataset = defineDataset({
  name: 'employees',
  title: 'Employees',
  description: 'Brought along.',
  table: 'employees',
  key: ['employee_id'],
  files: [{ pattern: '**/employees*' }],
  rulesVersion: 1,
  fields: { employee_id: id(), name: text() },
});

/** Looser than its table: a record without a title passes every check, and only the merge refuses it. */
const videos: Dataset = defineDataset({
  name: 'videos',
  title: 'Videos',
  description: 'Bring people, channels, links and parts.',
  table: 'videos',
  key: ['video_id'],
  files: [{ pattern: '**/videos*' }],
  rulesVersion: 1,
  fields: { video_id: id(), source_url: text(), title: text(), phase: integer() },
  rest: 'metadata',
  ignore: ['by', 'channel', 'in', 'said'],
  brings: ({ fields, source }) => {
    const { by, channel, said } = source;
    const key = String(fields['video_id']);
    return {
      derived: [
        ...(typeof by === 'string'
          ? [
              {
                table: 'employees',
                fields: { employee_id: by.toLowerCase().slice(0, 3), name: by === '-' ? null : by },
              },
            ]
          : []),
        ...(typeof channel === 'string' ? [{ table: 'channels', fields: { channel_id: channel, name: channel } }] : []),
      ],
      references:
        typeof source['in'] === 'string' ? [{ relation: 'research_videos', owner: source['in'], target: key }] : [],
      ...(typeof said === 'string' && { parts: { video_segments: [{ text: said }] } }),
    };
  },
  parts: [
    {
      table: 'video_segments',
      key: ['video_id', 'position'],
      columns: ['start_seconds', 'end_seconds', 'speaker', 'text'],
    },
  ],
});

const database = await useTestDatabase();
const ingest = ingestOf(database, [videos, employees, smallChannels, smallResearches, smallLinks]);
beforeEach(() => emptyTables(database.owner));

const good = (key: string, more: object = {}): object => ({ video_id: key, source_url: 'u', title: key, ...more });
/** Refused by the merge: it has no title. */
const bad = (key: string, more: object = {}): object => ({ video_id: key, source_url: 'u', ...more });
const whole = { by: 'Ann', channel: 'c1', in: 'r1', said: 'hm' };

/** All that there is but the imports and their rejects. */
async function held(): Promise<Record<string, unknown[]>> {
  const found: Record<string, unknown[]> = {};
  const looks = {
    videos: 'video_id',
    employees: `employee_id || ' ' || name || ' ' || origin_line`,
    channels: `channel_id || ' ' || origin_line`,
    video_segments: 'video_id',
    references: 'owner_key',
    origins: `table_name || ' ' || record_id || ' ' || fields::text`,
  };
  for (const [table, what] of Object.entries(looks)) {
    const { rows } = await database.owner.query(`SELECT ${what} AS one FROM "${table}" ORDER BY 1`);
    if (rows.length > 0) found[table] = rows.map(({ one }) => one);
  }
  return found;
}

async function reasons(): Promise<string[]> {
  const { rows } = await database.owner.query(
    `SELECT line || ' ' || (errors -> 0 ->> 'code') AS one FROM rejects ORDER BY line`,
  );
  return rows.map(({ one }) => one);
}

test('a record that its table refuses brings no row, no link and no part; what others bring too is theirs', async () => {
  const only = await importFiles(ingest, [recordsFile('videos.jsonl', [bad('v1', whole)])]);
  expect(only.imports).toMatchObject([{ read: 1, rejected: 1, derived: 0 }]);
  expect(await held()).toEqual({});
  const root = await makeFolder([
    recordsFile('b/videos.jsonl', [
      bad('v1', whole),
      good('v2'),
      good('v3', { by: 'Ann' }),
      bad('v4', { by: 'Ann' }),
      bad('v5', { by: 'ANN' }),
    ]),
  ]);
  expect(await importOne(ingest, root, 'b/videos.jsonl')).toMatchObject({
    read: 5,
    inserted: 2,
    rejected: 3,
    derived: 1,
  });
  expect(await held()).toEqual({ videos: ['v2', 'v3'], employees: ['ann Ann 3'] });
});

test('a record whose derived row a table refuses brings nothing else, and so does every other that brings this row', async () => {
  const { imports } = await importFiles(ingest, [
    recordsFile('videos.jsonl', [
      good('v1', { ...whole, by: '-' }),
      good('v2', { channel: 'c1' }),
      good('v3', { by: '-', said: 'ah' }),
    ]),
  ]);
  expect(imports).toMatchObject([{ read: 3, inserted: 1, rejected: 2, derived: 1 }]);
  expect(await held()).toEqual({ videos: ['v2'], channels: ['c1 2'] });
  expect(await reasons()).toEqual(['1 CONSTRAINT', '3 CONSTRAINT']);
});

test('a record that another of its file contradicts, or that people deleted, brings nothing; of these the words are kept', async () => {
  await importFiles(ingest, [recordsFile('a/videos.jsonl', [good('v9')])]);
  await writeSession(database.write, TESTER, ({ query }) =>
    deleteRows(query, 'tester', { table: 'videos', keyColumn: 'video_id' }, ['v9']),
  );
  const { imports } = await importFiles(ingest, [
    recordsFile('videos.jsonl', [
      good('v1'),
      good('v1', { ...whole, title: 'Other' }),
      good('v9', { by: 'Bob', said: 'ah' }),
      // The same again: who is rejected with its first brings nothing either.
      bad('v2', { by: 'Cid' }),
      bad('v2', { by: 'Cid' }),
      good('v3', { by: 'Bob' }),
    ]),
  ]);
  expect(imports).toMatchObject([{ read: 6, inserted: 2, unchanged: 1, rejected: 3, derived: 1 }]);
  const words = [expect.stringMatching(/^videos v9 /)];
  expect(await held()).toEqual({ videos: ['v1', 'v3'], employees: ['bob Bob 6'], origins: words });
  expect(await reasons()).toEqual(['2 DUPLICATE_KEY', '3 TOMBSTONED', '4 CONSTRAINT']);
});

test('the record that was mended brings what it could not before', async () => {
  const root = await makeFolder([recordsFile('videos.jsonl', [bad('v1', whole)])]);
  await importOne(ingest, root, 'videos.jsonl');
  const mended = await importRecords(ingest, { dataset: 'videos', actor: TESTER, records: [{ ...good('v1', whole) }] });
  expect(mended).toMatchObject({ inserted: 1, derived: 2 });
  expect(Object.keys(await held()).sort()).toEqual(['channels', 'employees', 'references', 'video_segments', 'videos']);
});
