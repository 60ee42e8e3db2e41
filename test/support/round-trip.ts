/** Rows of every table, exported in every format and imported again, into the database that they are of and into an empty one. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { FormatName } from '../../src/exports/formats.ts';
import { type Ingest, importFile } from '../../src/ingest/run.ts';
import { TESTER, type TestDatabase } from './database.ts';
import { type Asked, exportFiles } from './export-rows.ts';
import { emptyTables, makeFolder, writeMark } from './import-folder.ts';
import { insertRandomRows, type RandomRow } from './random-rows.ts';

export interface World {
  readonly database: TestDatabase;
  readonly ingest: Ingest;
}

/** Each dataset as each of the formats. */
export function everyDataset({ datasets }: Ingest, formats: (index: number) => readonly FormatName[]): Asked[] {
  return [...datasets.keys()].flatMap((dataset, index) => formats(index).map((format) => ({ dataset, format })));
}

/** An export imported again writes to no table but the imports, and counts every record as unchanged. */
export async function expectNothingChanged(
  { database, ingest }: World,
  rows: readonly RandomRow[],
  asked: readonly Asked[],
): Promise<void> {
  await emptyTables(database.owner);
  await insertRandomRows(database.owner, rows);
  const folder = await makeFolder();
  const names = await exportFiles(ingest, asked, folder);
  const mark = await writeMark(database.owner);
  for (const name of names) {
    const result = await importFile(ingest, { file: join(folder, name), path: name, actor: TESTER });
    // A table without rows is a JSON Lines file without lines.
    if (result.error?.code === 'FILE_EMPTY' && name.endsWith('.jsonl')) continue;
    const { rows: rejects } = await database.owner.query('SELECT line, errors FROM rejects LIMIT 3');
    const { status, read, unchanged, inserted, updated, rejected, derived, error } = result;
    expect({ name, status, inserted, updated, rejected, derived, error, rejects }).toEqual({
      name,
      status: 'imported',
      inserted: 0,
      updated: 0,
      rejected: 0,
      derived: 0,
      error: null,
      rejects: [],
    });
    expect(unchanged).toBe(read);
    expect(await writeMark(database.owner), name).toBe(mark);
  }
}

/** Imported into an empty database and exported from there, the files are the same byte for byte. */
export async function expectSameBytes(
  { database, ingest }: World,
  rows: readonly RandomRow[],
  asked: readonly Asked[],
): Promise<void> {
  await emptyTables(database.owner);
  await insertRandomRows(database.owner, rows);
  const [one, other] = [await makeFolder(), await makeFolder()];
  const names = await exportFiles(ingest, asked, one);
  await emptyTables(database.owner);
  for (const name of names) {
    const result = await importFile(ingest, { file: join(one, name), path: name, actor: TESTER });
    expect({ name, rejected: result.rejected }).toEqual({ name, rejected: 0 });
  }
  await exportFiles(ingest, asked, other);
  for (const name of names) {
    const [before, after] = await Promise.all([readFile(join(one, name)), readFile(join(other, name))]);
    if (!before.equals(after)) expect(after.toString(), name).toBe(before.toString());
  }
}
