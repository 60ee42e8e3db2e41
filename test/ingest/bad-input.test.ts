/** Bad input: each gives a clear code, nothing is lost, nothing is half-written, and the next import goes on. */
import { appendFile, chmod, rm, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { importFile, importFolder } from '../../src/ingest/run.ts';
import { csv, DOCUMENTS, FAILURES, PROTOTYPES, REJECTS, row, TAKEN } from '../support/bad-files.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { contents, emptyTables, importOne, ingestOf, leftovers, makeFolder } from '../support/import-folder.ts';
import { LOOSE_DATASETS } from '../support/loose-datasets.ts';

const database = await useTestDatabase();
const ingest = ingestOf(database, LOOSE_DATASETS);

beforeEach(() => emptyTables(database.owner));
afterEach(async () => {
  expect(await leftovers(database.owner)).toEqual([]);
  const { rows } = await database.owner.query(
    `SELECT path FROM imports i WHERE status = 'imported'
        AND (read <> inserted + updated + unchanged + rejected OR least(inserted, updated, unchanged, rejected) < 0
             OR rejected <> (SELECT count(*) FROM rejects r WHERE r.import_id = i.import_id))`,
  );
  expect(rows).toEqual([]);
});

test.each(FAILURES)('%s fails the import as %s, and nothing of it is kept', async (_name, code, file) => {
  const root = await makeFolder([file]);
  const result = await importOne(ingest, root, file.path);
  expect(result).toMatchObject({ status: 'failed', read: 0, error: { code } });
  expect(result.error?.message).not.toBe('');
  expect(await contents(database.owner)).toEqual({});
  const { rows } = await database.owner.query('SELECT status, error, finished_at IS NOT NULL AS ended FROM imports');
  expect(rows).toEqual([{ status: 'failed', error: result.error, ended: true }]);
});

test.each(REJECTS)('%s is the reject %s, and the rest goes in', async (_name, reason, file) => {
  const root = await makeFolder([file]);
  const result = await importOne(ingest, root, file.path);
  expect(result).toMatchObject({ status: 'imported', read: 3, inserted: 2, rejected: 1, error: null });
  const held = await database.owner.query('SELECT video_id FROM videos ORDER BY 1');
  expect(held.rows.map(({ video_id }) => video_id)).toEqual(['a', 'b']);
  const { rows } = await database.owner.query('SELECT line, raw, errors, status FROM rejects');
  expect(rows).toHaveLength(1);
  const [{ errors, raw }] = rows;
  expect(errors.map((error: { code: string; field: string }) => `${error.code} ${error.field}`)).toContain(reason);
  expect(errors[0].message).not.toBe('');
  expect(Buffer.from(file.content).includes(raw)).toBe(true);
  expect(raw.length).toBeGreaterThan(0);
  const { rows: mentions } = await database.owner.query(`SELECT * FROM "references" WHERE record_id = 'x'`);
  expect(mentions).toEqual([]);
});

test.each(TAKEN)('%s is taken in', async (_name, count, file) => {
  const root = await makeFolder([file]);
  const result = await importOne(ingest, root, file.path);
  expect(result).toMatchObject({ status: 'imported', read: count, inserted: count, rejected: 0, error: null });
});

test.each(DOCUMENTS)('%s is a reject, and nothing of it is run', async (_name, file) => {
  const root = await makeFolder([file]);
  const result = await importOne(ingest, root, file.path);
  expect(result).toMatchObject({ status: 'imported', read: 1, inserted: 0, rejected: 1, error: null });
  expect(Reflect.has(globalThis, 'ran')).toBe(false);
});

test('a column named __proto__ is data, and no object learns of it', async () => {
  const root = await makeFolder(PROTOTYPES);
  await importOne(ingest, root, 'videos_1.csv');
  await importOne(ingest, root, 'videos_2.jsonl');
  const { rows } = await database.owner.query('SELECT metadata::text FROM videos ORDER BY video_id');
  expect(rows[0].metadata).toBe('{"__proto__": "x", "constructor": "y"}');
  expect(rows[1].metadata).toContain('"__proto__": {"x": 1}');
  expect(({} as { x?: unknown }).x).toBeUndefined();
});

describe('files that are not as they seem', () => {
  test('a missing file is said to be missing, and leaves no line', async () => {
    const request = { file: '/nowhere/videos.csv', path: 'videos.csv', actor: TESTER };
    await expect(importFile(ingest, request)).rejects.toMatchObject({ code: 'FILE_MISSING' });
    expect((await database.owner.query('SELECT * FROM imports')).rows).toEqual([]);
  });

  test('a missing folder is said to be missing', async () => {
    await expect(importFolder(ingest, { root: '/nowhere', actor: TESTER })).rejects.toMatchObject({
      code: 'FILE_MISSING',
    });
  });

  test('a folder in a file’s place fails as unreadable', async () => {
    const root = await makeFolder([{ path: 'videos/inner.txt', content: '' }]);
    expect(await importOne(ingest, root, 'videos')).toMatchObject({
      status: 'failed',
      error: { code: 'FILE_UNREADABLE' },
    });
  });

  test.skipIf(process.getuid?.() === 0)('a file that may not be read fails as unreadable', async () => {
    const root = await makeFolder([csv(row('a'))]);
    await chmod(join(root, 'videos.csv'), 0);
    expect(await importOne(ingest, root, 'videos.csv')).toMatchObject({ error: { code: 'FILE_UNREADABLE' } });
  });

  test('a link out of the folder is skipped with a reason', async () => {
    const outside = await makeFolder([csv(row('a'))]);
    const root = await makeFolder();
    await symlink(join(outside, 'videos.csv'), join(root, 'videos.csv'));
    await symlink('videos_2.csv', join(root, 'videos_2.csv'));
    const result = await importFolder(ingest, { root, actor: TESTER });
    expect(result.imports).toEqual([]);
    expect(result.skipped.map(({ path }) => path)).toEqual(['videos.csv', 'videos_2.csv']);
  });

  test.each([
    ['grows', (file: string) => appendFile(file, `${row('later')}\n`)],
    ['is touched', (file: string) => utimes(file, 1, 1)],
    ['goes away', (file: string) => rm(file)],
  ])('a file that %s while it is read is not taken in', async (_what, change) => {
    const lines = Array.from({ length: 20_000 }, (_, n) => row(`v${n}`));
    const root = await makeFolder([csv(...lines)]);
    const file = join(root, 'videos.csv');
    let changed: Promise<void> | undefined;
    const onProgress = (): void => {
      changed ??= change(file);
    };
    const result = await importFile(ingest, { file, path: 'videos.csv', actor: TESTER, onProgress });
    await changed;
    expect(result).toMatchObject({ status: 'failed', read: 0, error: { code: 'FILE_CHANGED' } });
    expect(await contents(database.owner)).toEqual({});
  });

  test('two spellings of one name are one path: the second file is skipped with a reason', async () => {
    const root = await makeFolder([
      { ...csv(row('a')), path: 'videos_é.csv'.normalize('NFC') },
      { ...csv(row('b')), path: 'videos_é.csv'.normalize('NFD') },
    ]);
    const result = await importFolder(ingest, { root, actor: TESTER });
    expect(result.imports).toHaveLength(1);
    expect(result.skipped).toHaveLength(1);
    const again = await importFolder(ingest, { root, actor: TESTER });
    expect(again.imports.map(({ status }) => status)).toEqual(['unchanged']);
  });
});
