/** What every dataset promises, run over its fixture folder: a new dataset gets all of it for a folder of files. */
import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registryOf } from '../../src/ingest/registry.ts';
import { type FolderResult, type Ingest, importFolder } from '../../src/ingest/run.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { createTestDatabase, TESTER, type TestDatabase } from '../support/database.ts';
import { datasetFiles, type Fixture, pathsBelow, readFixture } from './fixtures.ts';

const all = await datasetFiles();

/** What a second import may not touch. */
const WRITTEN = `SELECT (SELECT count(*) FROM change_log) AS changes, (SELECT count(*) FROM rejects) AS rejects,
  (SELECT coalesce(sum(xmin::text::bigint), 0) FROM "references") AS mentions,
  (SELECT coalesce(sum(xmin::text::bigint), 0) FROM origins) AS origins`;

describe.each(all)('the dataset $dataset.name', ({ dataset, example }) => {
  let database: TestDatabase;
  let fixture: Fixture;
  let ingest: Ingest;
  let folder: string;
  let first: FolderResult;
  const others = all.filter((other) => !other.example || (example && other.dataset === dataset));

  beforeAll(async () => {
    database = await createTestDatabase();
    fixture = await readFixture(dataset.name);
    ingest = { ...registryOf(others.map((other) => other.dataset)), database, log: silentLog() };
    folder = await mkdtemp(join(tmpdir(), 'conformance-'));
    if (fixture.before !== undefined) await importFolder(ingest, { root: fixture.before, actor: TESTER });
    await cp(fixture.files, folder, { recursive: true });
    first = await importFolder(ingest, { root: folder, actor: TESTER });
  });
  afterAll(async () => {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('takes in its fixture as expected', async () => {
    const { counts, rows, skipped = [] } = fixture.expected;
    expect(first.imports.filter(({ error }) => error !== null)).toEqual([]);
    expect(new Set(first.imports.map((one) => one.dataset))).toEqual(new Set([dataset.name]));
    const { files: _, ...totals } = first.totals;
    expect(totals).toEqual({ updated: 0, unchanged: 0, derived: 0, ...counts });
    expect(first.skipped.map(({ path }) => path)).toEqual(skipped);
    expect(first.skipped.every(({ reason }) => reason.length > 5)).toBe(true);
    const found = await database.owner.query(
      `SELECT concat_ws(' ', ${dataset.key.join(', ')}) AS key, to_jsonb(t) AS row FROM ${dataset.table} t ORDER BY 1`,
    );
    const actual = Object.fromEntries(found.rows.map(({ key, row }) => [key, pick(row, Object.keys(rows[key] ?? {}))]));
    expect(actual).toEqual(rows);
  });

  test('keeps each reject with its bytes and a reason', async () => {
    const { rows } = await database.owner.query(
      `SELECT i.path, r.line, r.errors, length(r.raw) AS bytes
         FROM rejects r JOIN imports i USING (import_id) ORDER BY i.path, r.line, r.id`,
    );
    expect(
      rows.map(({ path, line, errors }) => ({
        path,
        line,
        errors: errors.map((error: { field: string; code: string }) => [error.field, error.code]),
      })),
    ).toEqual(fixture.expected.rejects ?? []);
    for (const { errors, bytes } of rows) {
      expect(bytes).toBeGreaterThan(0);
      for (const { message } of errors) expect(message).not.toBe('');
    }
  });

  test('brings along what it names, and waits for what is not there', async () => {
    const { rows } = await database.owner.query(
      `SELECT concat_ws(' ', relation, owner_key, target) AS mention FROM "references"
        WHERE resolved_key IS NULL ORDER BY 1`,
    );
    expect(rows.map(({ mention }) => mention)).toEqual(fixture.expected.waiting ?? []);
    for (const [table, wanted] of Object.entries(fixture.expected.others ?? {})) {
      const columns = Object.keys(wanted[0] ?? {});
      const found = await database.owner.query(`SELECT to_jsonb(t) AS row FROM ${table} t ORDER BY id`);
      expect(found.rows.map(({ row }) => pick(row, columns))).toEqual(wanted);
    }
  });

  test('writes nothing the second time', async () => {
    const before = (await database.owner.query(WRITTEN)).rows;
    const again = await importFolder(ingest, { root: folder, actor: TESTER });
    expect(again.imports.map(({ status }) => status)).toEqual(again.imports.map(() => 'unchanged'));
    expect((await database.owner.query(WRITTEN)).rows).toEqual(before);
  });

  test('writes no row where other bytes say the same', async () => {
    const changes = 'SELECT count(*) AS changes FROM change_log';
    const before = (await database.owner.query(changes)).rows;
    for (const path of await pathsBelow(folder))
      if (['.csv', '.json', '.jsonl', '.md'].includes(extname(path))) await appendFile(join(folder, path), '\n');
    const again = await importFolder(ingest, { root: folder, actor: TESTER });
    expect(again.totals).toMatchObject({ inserted: 0, updated: 0, derived: 0 });
    expect((await database.owner.query(changes)).rows).toEqual(before);
  });
});

function pick(row: Readonly<Record<string, unknown>>, columns: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(columns.map((column) => [column, row[column]]));
}
