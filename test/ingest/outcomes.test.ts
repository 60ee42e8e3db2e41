/** What became of each record of a batch is told exactly, and adds up to the import's counts. */
import { beforeEach, expect, test } from 'vitest';
import { importRecords } from '../../src/ingest/run.ts';
import type { JsonValue } from '../../src/kernel/json.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { emptyTables, ingestOf } from '../support/import-folder.ts';
import { tooLooseVideos } from '../support/loose-datasets.ts';
import { smallLinks, smallResearches } from '../support/small-datasets.ts';

const database = await useTestDatabase();
const ingest = ingestOf(database, [tooLooseVideos, smallResearches, smallLinks]);
beforeEach(() => emptyTables(database.owner));

const video = (key: string, more: object = {}) => ({ video_id: key, source_url: 'u', title: `T ${key}`, ...more });

async function send(dataset: string, records: readonly JsonValue[], tellUpTo = 100): Promise<string[] | undefined> {
  const { records: told, ...counts } = await importRecords(ingest, { dataset, records, actor: TESTER, tellUpTo });
  expect(counts.error).toBeNull();
  for (const result of ['inserted', 'updated', 'unchanged', 'rejected'] as const)
    if (told !== undefined) expect(told.filter((one) => one.result === result)).toHaveLength(counts[result]);
  if (told !== undefined) expect(told).toHaveLength(counts.read);
  return told?.map(({ line, key, result, reasons }) =>
    [line, JSON.stringify(key), result, ...(reasons ?? []).map(({ code }) => code)].join(' '),
  );
}

test('new, changed, known, repeated, unreadable, refused by the check, by the staging table, by the merge', async () => {
  await send('videos', [video('old'), video('same'), video('gone')]);
  await database.owner.query(
    `DELETE FROM videos WHERE video_id = 'gone';
     INSERT INTO tombstones (table_name, record_id, deleted_by) VALUES ('videos', 'gone', 'user:tester')`,
  );
  const records = [
    video('new'),
    video('old', { title: 'Another' }),
    video('same'),
    video('new'),
    video('new', { title: 'Unlike the first' }),
    'no record',
    video('nul', { title: 'a\0' }),
    video('low', { duration: -1 }),
    video('phase', { phase: 9 }),
    { video_id: 'bare' },
    { title: 'No key' },
    video('gone'),
    video('last'),
  ];
  const told = [
    '1 "new" inserted',
    '2 "old" updated',
    '3 "same" unchanged',
    '4 "new" unchanged',
    '5 "new" rejected DUPLICATE_KEY',
    '6 null rejected MALFORMED',
    '7 null rejected MALFORMED',
    '8 "low" rejected OUT_OF_RANGE',
    '9 "phase" rejected CONSTRAINT',
    '10 "bare" rejected CONSTRAINT',
    '11 null rejected MISSING',
    '12 "gone" rejected TOMBSTONED',
    '13 "last" inserted',
  ];
  expect(await send('videos', records)).toEqual(told);
});

test('links, whose records are mentions, have a key of several columns', async () => {
  const link = (video_id: string, relevance_score: number) => ({ research_id: 'R', video_id, relevance_score });
  const key = (video_id: string) => JSON.stringify({ research_id: 'R', video_id });
  expect(await send('links', [link('a', 0), link('b', 0)])).toEqual([
    `1 ${key('a')} inserted`,
    `2 ${key('b')} inserted`,
  ]);
  const again = [`1 ${key('a')} unchanged`, `2 ${key('b')} updated`, `3 ${key('c')} inserted`];
  expect(await send('links', [link('a', 0), link('b', 1), link('c', 0)])).toEqual(again);
});

test('of more records than are told of nothing is told; they are imported all the same', async () => {
  const records = Array.from({ length: 101 }, (_, n) => video(`v${n}`));
  expect(await send('videos', records)).toBeUndefined();
  expect(await send('videos', records, 101)).toHaveLength(101);
});

test('a batch that is sent again is read again: what another file said since is older than it', async () => {
  expect(await send('videos', [video('a')])).toEqual(['1 "a" inserted']);
  await database.owner.query("UPDATE videos SET title = 'Another' WHERE video_id = 'a'");
  expect(await send('videos', [video('a')])).toEqual(['1 "a" updated']);
});

test('a record that is rejected again, byte for byte, waits once', async () => {
  await send('videos', [video('a', { duration: -1 }), video('b', { duration: -1 })]);
  await send('videos', [video('a', { duration: -1 }), video('c')]);
  const { rows } = await database.owner.query<{ status: string }>('SELECT status FROM rejects ORDER BY id');
  expect(rows.map(({ status }) => status)).toEqual(['fixed', 'open', 'open']);
});
