import { expect, test } from 'vitest';
import { isExportOf, isOfLinesExported } from '../../../src/ingest/exported/export-file.ts';
import { fileFacts } from '../../../src/ingest/read/source.ts';

const file = (path: string) => fileFacts(path, new Date());

test.each([
  'videos.export.csv',
  'a/b/videos.export.XLSX',
  'Videos.export.jsonl',
  'videos.export (1).csv',
  'videos.export(12).parquet',
])('%s is an export of videos', (path) => {
  expect(isExportOf({ name: 'videos' }, file(path))).toBe(true);
});

test.each(['videos.csv', 'videos.export.md', 'my videos.export.csv', 'videos.export.old.csv', 'researches.export.csv'])(
  '%s is none of videos',
  (path) => {
    expect(isExportOf({ name: 'videos' }, file(path))).toBe(false);
  },
);

test('an export of no rows as JSON Lines is known, also when a browser has saved it twice', () => {
  expect(isOfLinesExported(file('reports.export (2).jsonl'))).toBe(true);
  expect(isOfLinesExported(file('reports.jsonl'))).toBe(false);
});
