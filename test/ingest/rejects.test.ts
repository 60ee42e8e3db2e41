/** Rejects: what did not pass is kept as it was written, with where it stood and why, until it is right. */
import { beforeEach, expect, test } from 'vitest';
import { decodeRaw } from '../../src/ingest/rejects.ts';
import { importRecords } from '../../src/ingest/run.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { emptyTables, importOne, ingestOf, leftovers, makeFolder, writeFiles } from '../support/import-folder.ts';
import { tooLooseVideos } from '../support/loose-datasets.ts';
import { textRow, workbookParts, zipOf } from '../support/workbook.ts';

const database = await useTestDatabase();
const ingest = ingestOf(database, [tooLooseVideos]);
beforeEach(() => emptyTables(database.owner));

const HEAD = 'video_id,source_url,title,phase,duration\r\n';

async function kept(): Promise<
  {
    line: number;
    raw: Buffer;
    encoding: string;
    status: string;
    errors: { code: string; field: string; message: string; value: string | null }[];
  }[]
> {
  const { rows } = await database.owner.query('SELECT line, raw, encoding, status, errors FROM rejects ORDER BY id');
  return rows;
}

test.each([
  ['utf-8', (csv: string) => Buffer.from(csv)],
  ['utf-16le', (csv: string) => Buffer.from(`\ufeff${csv}`, 'utf16le')],
  ['windows-1252', (csv: string) => Buffer.from(csv, 'latin1')],
] as const)('a reject keeps the bytes of its line in %s, and reads as the file does', async (encoding, encode) => {
  const bad = 'v2,"https://x.org/é,2",Café,x,-1';
  const content = encode(`${HEAD}v1,u,t,1,1\r\n${bad}\r\nv3,u,t,,\r\n`);
  const root = await makeFolder([{ path: 'videos.csv', content }]);
  expect(await importOne(ingest, root, 'videos.csv')).toMatchObject({ read: 3, inserted: 2, rejected: 1 });
  const [reject] = await kept();
  expect(reject).toMatchObject({ line: 3, encoding, status: 'open' });
  expect(reject?.errors.map(({ code, field, value }) => [code, field, value])).toEqual([
    ['INVALID_TYPE', 'phase', 'x'],
    ['OUT_OF_RANGE', 'duration', '-1'],
  ]);
  expect(content.includes(reject?.raw ?? Buffer.from('nothing'))).toBe(true);
  expect(decodeRaw(reject?.raw ?? Buffer.alloc(0), encoding)).toBe(bad);
});

test('a reject of a workbook keeps its row’s cells', async () => {
  const rows = [
    textRow(1, 'video_id', 'source_url', 'title', 'phase'),
    textRow(2, 'v1', 'u', 't', '1'),
    textRow(3, 'v2', 'u', 'Café', 'x'),
  ];
  const content = zipOf(workbookParts({ sheets: { Data: rows.join('') } }));
  const root = await makeFolder([{ path: 'videos.xlsx', content }]);
  expect(await importOne(ingest, root, 'videos.xlsx')).toMatchObject({ read: 2, inserted: 1, rejected: 1 });
  const [reject] = await kept();
  expect(reject).toMatchObject({ line: 3, errors: [{ code: 'INVALID_TYPE', field: 'phase', value: 'x' }] });
  expect(decodeRaw(reject?.raw ?? Buffer.alloc(0), 'utf-8')).toContain('Café');
});

test('a record that spans lines is kept whole, under the line where it starts', async () => {
  const root = await makeFolder([{ path: 'videos.csv', content: `${HEAD}v1,u,"a\nb",1,1\nv2,u,"c\nd",x,1\n` }]);
  await importOne(ingest, root, 'videos.csv');
  const [reject] = await kept();
  expect([reject?.line, reject?.raw.toString()]).toEqual([4, 'v2,u,"c\nd",x,1']);
});

test('what the table refuses although the checks passed it is found among thousands, and only that', async () => {
  const lines = Array.from({ length: 5000 }, (_, n) => `v${n},u,t,${n % 1000 === 500 ? 8 : 1},${n}`);
  const root = await makeFolder([{ path: 'videos.csv', content: `${HEAD}${lines.join('\n')}\n` }]);
  expect(await importOne(ingest, root, 'videos.csv')).toMatchObject({ read: 5000, inserted: 4995, rejected: 5 });
  const rejects = await kept();
  expect(rejects.map(({ line, raw }) => [line, raw.toString()])).toEqual(
    [500, 1500, 2500, 3500, 4500].map((n) => [n + 2, `v${n},u,t,8,${n}`]),
  );
  for (const { errors } of rejects)
    expect(errors).toMatchObject([
      { code: 'CONSTRAINT', field: '', message: expect.stringContaining('videos_phase_check') },
    ]);
  expect(await leftovers(database.owner)).toEqual([]);
});

test('what only the merge can refuse (a column without a value) is bisected there', async () => {
  const lines = Array.from({ length: 300 }, (_, n) => `v${n},u,${n % 100 === 50 ? '' : 't'},1,1`);
  const root = await makeFolder([{ path: 'videos.csv', content: `${HEAD}${lines.join('\n')}\n` }]);
  expect(await importOne(ingest, root, 'videos.csv')).toMatchObject({ read: 300, inserted: 297, rejected: 3 });
  expect((await kept()).map(({ line }) => line)).toEqual([52, 152, 252]);
});

test('a file imported anew closes what its earlier versions left open, and nothing of others', async () => {
  const bad = `${HEAD}v1,u,t,x,1\n`;
  const root = await makeFolder([
    { path: 'a/videos.csv', content: bad },
    { path: 'b/videos.csv', content: bad },
  ]);
  await importOne(ingest, root, 'a/videos.csv');
  await importOne(ingest, root, 'b/videos.csv');
  await writeFiles(root, [{ path: 'a/videos.csv', content: `${HEAD}v1,u,t,1,1\n` }]);
  await importOne(ingest, root, 'a/videos.csv');
  expect((await kept()).map(({ status }) => status)).toEqual(['fixed', 'open']);
});

test('a file that fails leaves its rejects open', async () => {
  const root = await makeFolder([{ path: 'videos.csv', content: `${HEAD}v1,u,t,x,1\n` }]);
  await importOne(ingest, root, 'videos.csv');
  await writeFiles(root, [{ path: 'videos.csv', content: '' }]);
  expect(await importOne(ingest, root, 'videos.csv')).toMatchObject({ status: 'failed' });
  expect((await kept()).map(({ status }) => status)).toEqual(['open']);
});

test('a batch of records counts and rejects by place, and closes nothing of earlier batches', async () => {
  const good = { video_id: 'v1', source_url: 'u', title: 't' };
  const request = { dataset: 'videos', actor: TESTER };
  const first = await importRecords(ingest, { ...request, records: [good, { ...good, video_id: 'v2', phase: 'x' }] });
  expect(first).toMatchObject({ status: 'imported', read: 2, inserted: 1, rejected: 1 });
  await importRecords(ingest, { ...request, records: [{ ...good, title: 'new' }] });
  const [reject] = await kept();
  expect(reject).toMatchObject({ line: 2, status: 'open' });
  expect(JSON.parse(reject?.raw.toString() ?? '')).toMatchObject({ video_id: 'v2' });
  expect(await importRecords(ingest, { ...request, records: [] })).toMatchObject({ status: 'imported', read: 0 });
});

test('an import of nothing but repeats keeps one row', async () => {
  const lines = Array.from({ length: 3000 }, (_, n) => `v1,u,t,${n % 2 === 0 ? 1 : 2},1`);
  const root = await makeFolder([{ path: 'videos.csv', content: `${HEAD}${lines.join('\n')}\n` }]);
  expect(await importOne(ingest, root, 'videos.csv')).toMatchObject({
    read: 3000,
    inserted: 1,
    unchanged: 1499,
    rejected: 1500,
  });
  const rejects = await kept();
  expect(rejects.slice(0, 2).map(({ line }) => line)).toEqual([3, 5]);
});
