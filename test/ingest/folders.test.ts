/** Which files of a folder are taken, into which dataset, and what is said of the others. */
import { rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { type Dataset, defineDataset } from '../../src/ingest/dataset.ts';
import { id, text } from '../../src/ingest/fields/index.ts';
import { importFile, importFolder } from '../../src/ingest/run.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { emptyTables, ingestOf, makeFolder } from '../support/import-folder.ts';

const dataset = (name: string, more: Partial<Dataset>): Dataset =>
  defineDataset({
    name,
    title: name,
    description: name,
    table: 'channels',
    key: ['channel_id'],
    files: [{ pattern: `**/${name}*.csv` }],
    rulesVersion: 1,
    fields: { channel_id: id(), name: text({ required: true }) },
    ...more,
  });

const database = await useTestDatabase();
const ingest = ingestOf(database, [
  dataset('one', { skip: ({ name }) => (name.includes('copy') ? 'a copy' : undefined) }),
  dataset('two', { authority: 1 }),
  dataset('also', { files: [{ pattern: '**/*both*.csv' }] }),
  dataset('too', { files: [{ pattern: '**/*both*.csv' }] }),
]);
beforeEach(() => emptyTables(database.owner));

const csv = 'channel_id,name\nc1,A\n';
const named = (...paths: readonly string[]) => makeFolder(paths.map((path) => ({ path, content: csv })));

test('every file is imported or skipped with a reason', async () => {
  const root = await named('one.csv', 'deep/er/TWO_2.CSV', 'one copy.csv', 'both.csv', 'readme.txt', '.hidden.csv');
  const { imports, skipped, totals } = await importFolder(ingest, { root, actor: TESTER });
  expect(imports.map(({ path, dataset: name }) => `${path} ${name}`)).toEqual(['deep/er/TWO_2.CSV two', 'one.csv one']);
  expect(skipped).toEqual([
    { path: '.hidden.csv', reason: 'hidden' },
    { path: 'both.csv', reason: 'claimed by the datasets also and too: name one' },
    { path: 'one copy.csv', reason: 'a copy' },
    { path: 'readme.txt', reason: 'no dataset claims this path' },
  ]);
  expect(totals).toMatchObject({ files: 2, read: 2, inserted: 1, unchanged: 1 });
});

test('a dataset that is named takes its own files of a folder, and any file that is named too', async () => {
  const root = await named('one.csv', 'two.csv', 'readme.csv');
  const folder = await importFolder(ingest, { root, dataset: 'two', actor: TESTER });
  expect(folder.imports.map(({ path }) => path)).toEqual(['two.csv']);
  expect(folder.skipped.map(({ path }) => path)).toEqual(['one.csv', 'readme.csv']);
  const files = [{ file: join(root, 'readme.csv'), path: 'readme.csv' }];
  const given = await importFolder(ingest, { root, files, dataset: 'two', actor: TESTER });
  expect(given.imports).toMatchObject([{ path: 'readme.csv', dataset: 'two', status: 'imported' }]);
});

test('a dataset that is unknown, and a path that none claims, are the caller’s fault', async () => {
  const root = await named('one.csv', 'what.csv', 'what.exe');
  const request = (path: string, name?: string) => ({ file: join(root, path), path, dataset: name, actor: TESTER });
  await expect(importFile(ingest, request('one.csv', 'none'))).rejects.toMatchObject({ code: 'DATASET_UNKNOWN' });
  await expect(importFile(ingest, request('what.csv'))).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  const odd = await importFile(ingest, request('what.exe', 'one'));
  expect(odd).toMatchObject({ status: 'failed', error: { code: 'BAD_USER_INPUT' } });
});

test('a file that goes away after the folder was listed is skipped, and the others go in', async () => {
  const root = await named('one_1.csv', 'one_2.csv', 'one_3.csv');
  const files = ['one_1.csv', 'one_2.csv', 'one_3.csv'].map((path) => ({ path, file: join(root, path) }));
  await rm(join(root, 'one_3.csv'));
  const { imports, skipped } = await importFolder(ingest, { root, files, actor: TESTER });
  expect(imports).toHaveLength(2);
  expect(skipped).toEqual([{ path: 'one_3.csv', reason: 'gone before it was read' }]);
});

test('a folder that links to itself is walked once', async () => {
  const root = await named('a/one.csv');
  await symlink(root, join(root, 'a/again'));
  await symlink(join(root, 'a/one.csv'), join(root, 'a/one_linked.csv'));
  const { imports } = await importFolder(ingest, { root, actor: TESTER });
  expect(imports.map(({ path }) => path)).toEqual(['a/one.csv', 'a/one_linked.csv']);
});
