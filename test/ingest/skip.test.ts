/** When nothing is read, when nothing is written, and what a killed import leaves: nothing. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { importFile, importFolder } from '../../src/ingest/run.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import {
  contents,
  emptyTables,
  importOne,
  ingestOf,
  leftovers,
  makeFolder,
  type TestFile,
  writeFiles,
  writeMark,
} from '../support/import-folder.ts';
import { SMALL_DATASETS, smallQueue } from '../support/small-datasets.ts';
import { jsonLines } from '../support/small-files.ts';

const database = await useTestDatabase();
const ingest = ingestOf(database, SMALL_DATASETS);
beforeEach(() => emptyTables(database.owner));

const video = (key: string, more: object = {}) => ({ video_id: key, source_url: 'u', title: 'T', ...more });
const queue = (records: readonly object[], hour = 0): TestFile => ({
  path: 'queue_1.jsonl',
  content: jsonLines(records),
  hour,
});
const statusOf = async (root: string): Promise<string> => (await importOne(ingest, root, 'queue_1.jsonl')).status;

describe('a file is skipped if and only if its path’s latest import that was not undone took in these bytes by these rules', () => {
  test('the same bytes are unchanged, whatever their time; other bytes are read', async () => {
    const root = await makeFolder([queue([video('v1')])]);
    expect(await statusOf(root)).toBe('imported');
    await utimes(join(root, 'queue_1.jsonl'), 5, 5);
    expect(await statusOf(root)).toBe('unchanged');
    await writeFiles(root, [queue([video('v2')])]);
    expect(await statusOf(root)).toBe('imported');
    await writeFiles(root, [queue([video('v1')])]);
    expect(await statusOf(root)).toBe('imported');
  });

  test('other rules read them again', async () => {
    const root = await makeFolder([queue([video('v1')])]);
    await statusOf(root);
    const raised = ingestOf(
      database,
      SMALL_DATASETS.map((dataset) => (dataset === smallQueue ? { ...dataset, rulesVersion: 2 } : dataset)),
    );
    expect(await importOne(raised, root, 'queue_1.jsonl')).toMatchObject({ status: 'imported', unchanged: 1 });
  });

  test('an import that was undone counts no more, nor what was skipped because of it', async () => {
    const root = await makeFolder([queue([video('v1')])]);
    await statusOf(root);
    await statusOf(root);
    await database.owner.query(`UPDATE imports SET status = 'undone' WHERE status = 'imported'`);
    expect(await statusOf(root)).toBe('imported');
  });

  test('after a failure the same bytes as before it are read', async () => {
    const root = await makeFolder([queue([video('v1')])]);
    await statusOf(root);
    await writeFiles(root, [{ path: 'queue_1.jsonl', content: '' }]);
    expect(await statusOf(root)).toBe('failed');
    await writeFiles(root, [queue([video('v1')])]);
    expect(await statusOf(root)).toBe('imported');
  });

  test('another path with the same bytes is read', async () => {
    const root = await makeFolder([queue([video('v1')]), { ...queue([video('v1')]), path: 'queue_2.jsonl' }]);
    await statusOf(root);
    expect(await importOne(ingest, root, 'queue_2.jsonl')).toMatchObject({ status: 'imported', unchanged: 1 });
  });
});

test('a dry run counts and shows rejects, and writes nothing but its plan', async () => {
  const root = await makeFolder([queue([video('v1')])]);
  await statusOf(root);
  const mark = await writeMark(database.owner);
  await writeFiles(root, [
    queue([
      video('v1', { title: 'N' }),
      video('v2', { channel: 'x', added_by: ['Ann'] }),
      video('v3', { phase: 9 }),
      video('v2', { title: 'M' }),
    ]),
  ]);
  const file = { file: join(root, 'queue_1.jsonl'), path: 'queue_1.jsonl', actor: TESTER };
  const planned = await importFile(ingest, { ...file, dryRun: true });
  const counts = { read: 4, inserted: 1, updated: 1, unchanged: 0, rejected: 2, derived: 1 };
  expect(planned).toMatchObject({ status: 'imported', dryRun: true, error: null, ...counts });
  const plans = await database.owner.query('SELECT * FROM plans');
  expect(plans.rows).toMatchObject([{ plan_id: planned.importId, dataset: 'queue', ...counts }]);
  expect(plans.rows[0].rejects.map(({ line }: { line: number }) => line)).toEqual([3, 4]);
  await database.owner.query('DELETE FROM plans');
  expect(await writeMark(database.owner)).toBe(mark);
  expect((await database.owner.query('SELECT * FROM imports')).rows).toHaveLength(1);
  expect(await importFile(ingest, file)).toMatchObject({ dryRun: false, ...counts });
});

test('of a file that changed only the rows that changed are written', async () => {
  const many = Array.from({ length: 500 }, (_, n) => video(`v${n}`, { level: 1, other: 'x', channel: 'Alpha' }));
  const root = await makeFolder([queue(many)]);
  await statusOf(root);
  const versions = 'SELECT video_id, xmin::text, ctid::text FROM videos ORDER BY id';
  const before = (await database.owner.query(versions)).rows;
  await writeFiles(root, [
    queue(
      many.map((one, n) => (n === 77 ? { ...one, level: 2 } : one)),
      1,
    ),
  ]);
  expect(await importOne(ingest, root, 'queue_1.jsonl')).toMatchObject({ updated: 1, unchanged: 499 });
  const after = (await database.owner.query(versions)).rows;
  const written = after.filter((row, n) => JSON.stringify(row) !== JSON.stringify(before[n]));
  expect(written.map(({ video_id }) => video_id)).toEqual(['v77']);
});

describe('an import whose process is killed', () => {
  test('leaves nothing, and its line is ended by the next import of a folder', async () => {
    const records = Array.from({ length: 200_000 }, (_, n) => video(`v${n}`, { channel: `C ${n % 100}` }));
    const root = await makeFolder([queue(records)]);
    const child = fork(
      join(import.meta.dirname, '../support/import-child.ts'),
      [join(root, 'queue_1.jsonl'), database.apiUrl],
      {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      },
    );
    await once(child, 'message');
    child.kill('SIGKILL');
    await once(child, 'exit');
    await database.owner.query(`UPDATE imports SET started_at = started_at - interval '1 minute'`);
    const other = await makeFolder([{ ...queue([video('a')]), path: 'queue_9.jsonl' }]);
    for (
      let left = ['?'] as readonly string[];
      left.some((what) => what.startsWith('lock'));
      left = await leftovers(database.owner)
    )
      await sleep(50);
    await importFolder(ingest, { root: other, actor: TESTER });
    const { rows } = await database.owner.query(
      `SELECT status, read, error ->> 'code' AS code FROM imports WHERE path = 'queue_1.jsonl'`,
    );
    expect(rows).toEqual([{ status: 'failed', read: 0, code: 'INTERRUPTED' }]);
    expect((await contents(database.owner))['videos']).toHaveLength(1);
    expect(await leftovers(database.owner)).toEqual([]);
  });
});

test('more imports at once than there are connections end, each with its own counts', async () => {
  const records = Array.from({ length: 300 }, (_, n) => video(`v${n}`));
  const files = Array.from({ length: 12 }, (_, n) => ({ ...queue(records), path: `queue_${n}.jsonl` }));
  const root = await makeFolder(files);
  const started = performance.now();
  const all = await Promise.all(files.map(({ path }) => importOne(ingest, root, path)));
  expect(all.reduce((sum, { inserted }) => sum + inserted, 0)).toBe(300);
  expect(all.every(({ status, read }) => status === 'imported' && read === 300)).toBe(true);
  // A wait for a connection that is never free ends after 15 seconds.
  expect(performance.now() - started).toBeLessThan(14_000);
});
