/**
 * Parquet and DuckDB files with bytes changed at random: rows or a failed file, never a hang, never more memory.
 */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { duckdbFormat } from '../../../src/exports/formats/duckdb.ts';
import { parquetFormat } from '../../../src/exports/formats/parquet.ts';
import type { RawRecord } from '../../../src/ingest/dataset.ts';
import { columnarReader } from '../../../src/ingest/read/columnar/reader.ts';
import type { SpooledFile } from '../../../src/ingest/read/source.ts';
import { AppError } from '../../../src/kernel/errors.ts';
import { spooled } from '../../support/spooled.ts';
import { columnsOf, written } from '../../support/written-rows.ts';

const COLUMNS = columnsOf({ video_id: 'id', title: 'text', phase: 'integer', at: 'dateTime', metadata: 'json' });
const ROWS = Array.from({ length: 200 }, (_, index) => [
  `V${index}`,
  `Title ${index % 7}`,
  String(index),
  '2025-11-10T00:00:00Z',
  '{"a": 1}',
]);
const RUNS = Number(process.env['DAMAGES'] ?? 20);

/** The same sequence every time: a failure can be looked at again. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A healthy file of this size is read in a tenth of it. */
const PATIENCE_MS = 3_000;

async function readDamaged(format: 'parquet' | 'duckdb', file: SpooledFile): Promise<RawRecord[]> {
  const records: RawRecord[] = [];
  const batches = columnarReader(format, PATIENCE_MS).read(file, { encoding: 'utf-8', table: 'videos' });
  for await (const batch of batches) records.push(...batch);
  return records;
}

test.each([
  ['parquet', parquetFormat],
  ['duckdb', duckdbFormat],
] as const)('damaged %s files', async (name, format) => {
  const bytes = await readFile((await written(format, COLUMNS, ROWS)).path);
  const random = randomNumbers(7);
  const peak = process.memoryUsage().rss;
  for (let run = 0; run < RUNS; run += 1) {
    const damaged = Buffer.from(bytes);
    // Where a Parquet file says what is in it, and where a DuckDB file holds it: both ends.
    const near = run % 2 === 0 ? 400 : damaged.length;
    for (let hits = 1 + Math.floor(random() * 8); hits > 0; hits -= 1) {
      const at = Math.floor(random() * near);
      damaged[run % 4 < 2 ? damaged.length - 1 - at : at] = Math.floor(random() * 256);
    }
    const file = await spooled(`videos${format.extension}`, damaged);
    const outcome = await readDamaged(name, file).catch((thrown: unknown) => thrown);
    if (!Array.isArray(outcome)) {
      expect(outcome, `run ${run}`).toBeInstanceOf(AppError);
      expect(outcome, `run ${run}`).toMatchObject({ kind: 'data' });
    } else expect(outcome.length).toBeLessThanOrEqual(ROWS.length * 10);
  }
  expect(process.memoryUsage().rss - peak).toBeLessThan(200 * 1024 * 1024);
});
