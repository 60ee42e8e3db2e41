/** What the formats that the database writes look like, and how an export ends that does not come to its end. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkedRequest, type ExportChoices } from '../../src/exports/request.ts';
import { streamExport } from '../../src/exports/stream.ts';
import { exportToFolder } from '../../src/exports/to-folder.ts';
import type { ExportQuery } from '../../src/graphql/export-source.ts';
import { useTestDatabase } from '../support/database.ts';
import { useExporting } from '../support/exporting.ts';
import { copiesOf } from '../support/pieces.ts';

const endless: ExportQuery = {
  name: 'endless',
  description: 'More rows than anybody waits for.',
  scope: 'research',
  columns: [
    { name: 'n', kind: 'bigint', nullable: false },
    { name: 'words', kind: 'text', nullable: false },
  ],
  sql: "SELECT n, repeat('word ', 40) AS words FROM (SELECT generate_series(1, 100000000) AS n) g",
};
const broken: ExportQuery = {
  ...endless,
  name: 'broken',
  sql: 'SELECT n, (100 / (50000 - n))::text AS words FROM (SELECT generate_series(1, 100000) AS n) g',
};
const values: ExportQuery = {
  name: 'values',
  description: 'One row of everything.',
  scope: 'research',
  columns: [
    { name: 'words', kind: 'text', nullable: true },
    { name: 'number', kind: 'float', nullable: true },
    { name: 'large', kind: 'bigint', nullable: true },
    { name: 'is', kind: 'boolean', nullable: true },
    { name: 'at', kind: 'dateTime', nullable: true },
    { name: 'more', kind: 'json', nullable: true },
  ],
  sql: `
    SELECT * FROM (VALUES
      (E'a "b", c\\nd', 0.10::numeric(15,14), 9007199254740993, true, '2026-01-02 03:04:05.678901+02'::timestamptz, '{"k": [1.50]}'::jsonb),
      ('=1+1', NULL, NULL, false, NULL, NULL), ('''=1', NULL, NULL, NULL, NULL, NULL), ('', NULL, NULL, NULL, NULL, NULL)
    ) v(words, number, large, "is", at, more)`,
};

const database = await useTestDatabase();
const { exporter, contextFor } = await useExporting(database, [endless, broken, values]);
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cairn-exports-'));
  await database.owner.query("INSERT INTO employees (employee_id, name) VALUES ('e-2', 'Ann'), ('e-1', 'Bo')");
});
afterAll(() => rm(folder, { recursive: true }));

async function exported(source: string, format: string, choices: ExportChoices = {}): Promise<string> {
  const { body } = await streamExport(contextFor(), checkedRequest(source, format, choices));
  return text(copiesOf(body));
}

const running = async (): Promise<number> => {
  const { rows } = await database.owner.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY%' AND state = 'active'",
  );
  return rows[0]?.n ?? -1;
};

const lastLine = async (): Promise<Record<string, unknown>> => {
  const { rows } = await database.owner.query('SELECT * FROM exports ORDER BY id DESC LIMIT 1');
  return rows[0] ?? {};
};

test('CSV has a header, empty cells for NULL, quotes where they are due, and keeps an apostrophe from being taken off', async () => {
  expect(await exported('values', 'csv')).toBe(
    [
      'words,number,large,is,at,more',
      '"a ""b"", c\nd",0.10000000000000,9007199254740993,true,2026-01-02 01:04:05.678901+00,"{""k"": [1.50]}"',
      '=1+1,,,false,,',
      "''=1,,,,,",
      '"",,,,,',
      '',
    ].join('\n'),
  );
});

test('CSV on request: escaped formulas, another delimiter, the mark of UTF-8, some columns and rows', async () => {
  const options = { bom: true, delimiter: ';', escapeFormulas: true };
  const request = checkedRequest('values', 'csv', { fields: ['is', 'words'], first: 3, options });
  const { body } = await streamExport(contextFor(), request);
  expect((await buffer(copiesOf(body))).toString()).toBe(`\ufeffis;words\ntrue;"a ""b"", c\nd"\nfalse;'=1+1\n;''=1\n`);
});

test('JSON is a list of one row per line, JSON Lines the same without the list: numbers exact, moments with their microseconds', async () => {
  const row =
    '{"words":"a \\"b\\", c\\nd","number":0.10000000000000,"large":9007199254740993,"is":true,"at":"2026-01-02T01:04:05.678901+00:00","more":{"k": [1.50]}}';
  expect(await exported('values', 'jsonl', { first: 1 })).toBe(`${row}\n`);
  expect(await exported('values', 'json', { first: 1 })).toBe(`[\n${row}\n]\n`);
  expect(JSON.parse(await exported('values', 'json'))).toHaveLength(4);
  expect(await exported('employees', 'json', { where: { name: { equals: 'nobody' } } })).toBe('[]\n');
});

test('rows come in the order of their key unless asked otherwise, and as the list of the API filters them', async () => {
  const keys = async (choices: ExportChoices) =>
    (await exported('employees', 'csv', { fields: ['employee_id'], ...choices })).trim().split('\n').slice(1);
  expect(await keys({})).toEqual(['e-1', 'e-2']);
  expect(await keys({ orderBy: [{ name: 'ASC' }] })).toEqual(['e-2', 'e-1']);
  expect(await keys({ where: { name: { in: ["A'nn", 'Ann'] } } })).toEqual(['e-2']);
});

test.each([
  ['nothing', 'csv', {}, 'NOT_FOUND'],
  ['employees', 'csv', { where: { nme: { equals: 'x' } } }, 'BAD_USER_INPUT'],
  ['employees', 'csv', { where: { name: { contains: 'a\0b' } } }, 'BAD_USER_INPUT'],
  ['employees', 'csv', { orderBy: [{ name: 'UP' }] }, 'BAD_USER_INPUT'],
  ['employees', 'csv', { fields: ['hash'] }, 'BAD_USER_INPUT'],
  ['values', 'csv', { where: {} }, 'BAD_USER_INPUT'],
])('%s as %s with %j is refused before any byte', async (source, format, choices, code) => {
  await expect(exported(source, format, choices)).rejects.toMatchObject({ code });
});

test('whoever lacks the scope of a context exports none of its rows', async () => {
  const stranger = contextFor({ kind: 'token', label: 'token:x', role: 'admin', scopes: ['library'] });
  for (const source of ['employees', 'research_videos', 'stats_by_department'])
    await expect(streamExport(stranger, checkedRequest(source, 'csv', {}))).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
});

test('who leaves stops the query, and the log says so', async () => {
  const { body } = await streamExport(contextFor(), checkedRequest('endless', 'csv', {}));
  for await (const _piece of body.pieces) break;
  await expect.poll(running, { timeout: 3_000 }).toBe(0);
  await expect.poll(async () => (await lastLine())['finished_at']).not.toBeNull();
  expect(await lastLine()).toMatchObject({ status: 'cancelled' });
});

test('an export that breaks in the middle has no proper end, and the log keeps why', async () => {
  const { body } = await streamExport(contextFor(), checkedRequest('broken', 'jsonl', {}));
  await expect(text(copiesOf(body))).rejects.toThrow();
  await expect.poll(async () => (await lastLine())['status']).toBe('failed');
  const { rows } = await database.owner.query(
    "SELECT sync_status FROM file_sync_log WHERE sync_type = 'export' AND file_path = 'broken.jsonl'",
  );
  expect(rows).toEqual([{ sync_status: 'failed' }]);
});

const files = (...sources: string[]) => sources.map((source) => ({ request: checkedRequest(source, 'csv', {}) }));

test('files of a folder are written whole and under names that say so; each is a line of the log', async () => {
  const to = join(folder, 'whole');
  const written = await exportToFolder(contextFor(), exporter, files('employees', 'researches'), to, {
    signal: new AbortController().signal,
  });
  expect(await readdir(to)).toEqual(['employees.export.csv', 'researches.export.csv']);
  expect(written.map(({ rows }) => rows)).toEqual([2, 0]);
  const [{ path, bytes, hash } = { path: '', bytes: 0, hash: '' }] = written;
  expect((await readFile(path)).length).toBe(bytes);
  expect(await lastLine()).toMatchObject({
    source: 'researches',
    status: 'completed',
    rows: 0n,
    actor: 'command:test',
  });
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
});

test('if one file fails, or somebody interrupts, the folder is as it was', async () => {
  const to = join(folder, 'kept');
  await mkdir(to);
  await writeFile(join(to, 'employees.export.csv'), 'before');
  const stopped = new AbortController();
  const failing = exportToFolder(contextFor(), exporter, files('employees', 'broken'), to, { signal: stopped.signal });
  await expect(failing).rejects.toThrow();
  const endlessly = exportToFolder(contextFor(), exporter, files('employees', 'endless'), to, {
    signal: stopped.signal,
  });
  await sleep(100);
  stopped.abort();
  await expect(endlessly).rejects.toMatchObject({ code: 'INTERRUPTED' });
  expect(await readdir(to)).toEqual(['employees.export.csv']);
  expect(await readFile(join(to, 'employees.export.csv'), 'utf8')).toBe('before');
  await expect.poll(running, { timeout: 3_000 }).toBe(0);
});

test('a folder that cannot be written to is told of', async () => {
  const to = join(folder, 'file');
  await writeFile(to, '');
  const { signal } = new AbortController();
  await expect(exportToFolder(contextFor(), exporter, files('employees'), to, { signal })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining('no folder'),
  });
});

test.runIf(process.platform === 'linux')(
  'a place that the system keeps for itself is refused, not waited for',
  async () => {
    const { signal } = new AbortController();
    const writing = exportToFolder(contextFor(), exporter, files('employees'), '/proc/exports/of-ours', { signal });
    await expect(writing).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  },
);
