import { expect, test } from 'vitest';
import { loadRegistry } from '../../src/ingest/registry.ts';
import { importFolder } from '../../src/ingest/run.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { importAll, makeFolder } from '../support/import-folder.ts';
import { textRow, workbookParts, zipOf } from '../support/workbook.ts';

const database = await useTestDatabase();
const ingest = { ...(await loadRegistry()), database, log: silentLog() };

const CHANNELS = textRow(1, 'channel_id', 'name') + textRow(2, 'C-1', 'One');
const VIDEOS =
  textRow(1, 'video_id', 'title', 'source_url', 'channel_id') + textRow(2, 'V-1', 'A', 'https://example.org/a', 'C-1');
const NOTES = textRow(1, 'whatever');
const book = (sheets: Record<string, string>) => zipOf(workbookParts({ sheets }));

test('each sheet goes to the dataset that it is named like, and the others are named as skipped', async () => {
  const root = await makeFolder([
    { path: 'team.xlsx', content: book({ Notes: NOTES, Videos: VIDEOS, channels: CHANNELS }) },
  ]);
  const { imports, skipped } = await importAll(ingest, root);
  expect(imports.map(({ path, dataset, inserted }) => ({ path, dataset, inserted }))).toEqual([
    { path: 'team.xlsx#Videos', dataset: 'videos', inserted: 1 },
    { path: 'team.xlsx#channels', dataset: 'channels', inserted: 1 },
  ]);
  expect(skipped).toEqual([{ path: 'team.xlsx#Notes', reason: 'no dataset has the name of this sheet' }]);
  const { rows } = await database.owner.query('SELECT video_id, channel_id FROM videos');
  expect(rows).toEqual([{ video_id: 'V-1', channel_id: 'C-1' }]);
  const again = await importAll(ingest, root);
  expect(again.imports.map(({ status }) => status)).toEqual(['unchanged', 'unchanged']);
});

test('a workbook that a dataset claims is read from the sheet of its name, else from the first', async () => {
  const root = await makeFolder([
    { path: 'a/channels.xlsx', content: book({ Notes: NOTES, Channels: CHANNELS }) },
    { path: 'b/channels.xlsx', content: book({ Sheet1: CHANNELS.replace('C-1', 'C-2'), Sheet2: NOTES }) },
  ]);
  const { imports, skipped } = await importAll(ingest, root);
  expect(imports.map(({ path, status, read }) => ({ path, status, read }))).toEqual([
    { path: 'a/channels.xlsx', status: 'imported', read: 1 },
    { path: 'b/channels.xlsx', status: 'imported', read: 1 },
  ]);
  expect(skipped.map(({ path }) => path)).toEqual(['a/channels.xlsx#Notes', 'b/channels.xlsx#Sheet2']);
});

test('a workbook that nothing claims is skipped once, and one that cannot be read is a failed import', async () => {
  const root = await makeFolder([
    { path: 'budget.xlsx', content: book({ Sheet1: NOTES, Sheet2: NOTES }) },
    { path: 'videos.xlsx', content: Buffer.from('PK no zip at all') },
  ]);
  const { imports, skipped } = await importFolder(ingest, { root, actor: TESTER });
  expect(skipped).toEqual([{ path: 'budget.xlsx', reason: 'no dataset claims this path' }]);
  expect(imports).toMatchObject([{ path: 'videos.xlsx', status: 'failed', error: { code: 'FILE_MALFORMED' } }]);
});
