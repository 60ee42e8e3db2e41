/** What is left of exports that did not come to their end, and what two at once leave of each other. */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import exportJob from '../../src/exports/export.job.ts';
import { sweepExports } from '../../src/exports/log.ts';
import { checkedRequest } from '../../src/exports/request.ts';
import { streamExport } from '../../src/exports/stream.ts';
import { exportToFolder } from '../../src/exports/to-folder.ts';
import { type Files, filesSlot } from '../../src/files/files.ts';
import type { ExportQuery } from '../../src/graphql/export-source.ts';
import { uuidv7 } from '../../src/kernel/uuid.ts';
import { useTestDatabase } from '../support/database.ts';
import { useExporting } from '../support/exporting.ts';
import { copiesOf } from '../support/pieces.ts';

const numbers: ExportQuery = {
  name: 'numbers',
  description: 'Some megabytes.',
  scope: 'research',
  columns: [
    { name: 'n', kind: 'bigint', nullable: false },
    { name: 'words', kind: 'text', nullable: false },
  ],
  sql: "SELECT n, repeat('word ', 40) AS words FROM (SELECT generate_series(1, 20000) AS n) g",
};
const endless: ExportQuery = { ...numbers, name: 'endless', sql: numbers.sql.replace('20000', '100000000') };
const broken: ExportQuery = {
  ...numbers,
  name: 'broken',
  sql: numbers.sql.replace('n, repeat', '1 / (n - 9) AS n, repeat'),
};

const database = await useTestDatabase();
const { exporter, contextFor } = await useExporting(database, [numbers, endless, broken]);
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cairn-exports-'));
});
afterAll(() => rm(folder, { recursive: true }));

const write = (to: string, ...sources: string[]) =>
  exportToFolder(
    contextFor(),
    exporter,
    sources.map((source) => ({ request: checkedRequest(source, 'csv', {}) })),
    to,
    { signal: new AbortController().signal },
  );

async function begun(path: string, jobId: string | null = null): Promise<string> {
  const exportId = uuidv7();
  await database.owner.query(
    "INSERT INTO exports (export_id, source, format, path, job_id, actor) VALUES ($1, 'numbers', 'csv', $2, $3, 'command:x')",
    [exportId, path, jobId],
  );
  return exportId;
}

async function statusOf(exportId: string): Promise<unknown> {
  const { rows } = await database.owner.query('SELECT status, error FROM exports WHERE export_id = $1', [exportId]);
  return rows[0];
}

test('the line of a killed export is ended; that of one under way, and of a job, goes on', async () => {
  const killed = await begun('/somewhere/numbers.csv');
  const ofJob = await begun('numbers.csv', uuidv7());
  const { body } = await streamExport(contextFor(), checkedRequest('endless', 'csv', {}));
  expect(await sweepExports(database.write)).toBe(1);
  expect(await statusOf(killed)).toEqual({
    status: 'failed',
    error: expect.objectContaining({ code: 'INTERRUPTED' }),
  });
  expect(await statusOf(ofJob)).toMatchObject({ status: 'running' });
  const { rows } = await database.owner.query("SELECT status FROM exports WHERE source = 'endless'");
  expect(rows).toEqual([{ status: 'running' }]);
  body.leave();
});

test('two exports of the same file at once leave one that is whole, and nothing unfinished', async () => {
  const to = join(folder, 'at-once');
  const [one, other] = await Promise.all([write(to, 'numbers'), write(to, 'numbers')]);
  expect(await readdir(to)).toEqual(['numbers.csv']);
  const hash = createHash('sha256')
    .update(await readFile(join(to, 'numbers.csv')))
    .digest('hex');
  expect([one?.[0], other?.[0]]).toEqual([expect.objectContaining({ hash }), expect.objectContaining({ hash })]);
});

test('what a killed export left of a file goes with the next one; what is not known to have ended stays', async () => {
  const to = join(folder, 'left');
  await write(to, 'numbers');
  const path = join(to, 'numbers.csv');
  const killed = `${path}.${await begun(path)}.part`;
  const others = `${path}.${uuidv7()}.part`;
  await Promise.all([killed, others].map((each) => writeFile(each, 'half')));
  await write(to, 'numbers');
  expect((await readdir(to)).map((name) => join(to, name))).toEqual([path, others]);
});

test('no line says completed of a file that was taken away again because another failed', async () => {
  await expect(write(join(folder, 'none'), 'numbers', 'broken')).rejects.toThrow();
  const { rows } = await database.owner.query('SELECT source, status FROM exports WHERE path LIKE $1 ORDER BY source', [
    `${join(folder, 'none')}/%`,
  ]);
  expect(rows).toEqual([
    { source: 'broken', status: 'failed' },
    { source: 'numbers', status: 'failed' },
  ]);
});

test('a job that fails before it writes, or in the middle, says why, and the process goes on', async () => {
  const context = contextFor();
  // Whoever keeps the bytes is slow to hear that none come.
  const put = async (bytes: AsyncIterable<Uint8Array>) => {
    await sleep(50);
    for await (const _chunk of bytes) await sleep(1);
    throw new Error('All bytes came');
  };
  filesSlot.set(context, { store: { put } } as unknown as Files);
  const run = (request: object) =>
    exportJob.run(context, {
      id: uuidv7(),
      attempt: 1,
      arguments: { exportId: uuidv7(), name: 'x', request: { format: 'csv', ...request } },
      signal: new AbortController().signal,
      progress: () => undefined,
      fence: async () => undefined,
    });
  await expect(run({ source: 'numbers', fields: ['nope'] })).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  await expect(run({ source: 'broken' })).rejects.toMatchObject({ cause: { message: 'division by zero' } });
});

test.each(['csv', 'json', 'xlsx', 'parquet', 'duckdb'])(
  'a download as %s that fails before anybody listens fails for whoever reads it, and for nobody else',
  async (format) => {
    const { body } = await streamExport(contextFor(), checkedRequest('broken', format, {}));
    await sleep(100);
    await expect(buffer(copiesOf(body))).rejects.toThrow();
  },
);
