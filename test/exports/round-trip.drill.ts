/** The round trip of exports, with many more rows: every dataset in every format. */
import fc from 'fast-check';
import { test } from 'vitest';
import { FORMAT_NAMES, type FormatName } from '../../src/exports/formats.ts';
import { loadRegistry } from '../../src/ingest/registry.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { useTestDatabase } from '../support/database.ts';
import { randomRows } from '../support/random-rows.ts';
import { everyDataset, expectNothingChanged, expectSameBytes } from '../support/round-trip.ts';

const database = await useTestDatabase();
const world = { database, ingest: { ...(await loadRegistry()), database, log: silentLog() } };
const runs = Number(process.env['PROPERTY_RUNS'] ?? 5);

const COLUMNAR: readonly FormatName[] = ['parquet', 'duckdb'];

test.each([
  { what: 'text', formats: FORMAT_NAMES.filter((name) => !COLUMNAR.includes(name)), times: runs },
  // Each file is read by a process of its own, which costs more than all its rows.
  { what: 'columns', formats: COLUMNAR, times: Math.ceil(runs / 3) },
])('every dataset in every format of $what comes back as it was', async ({ formats, times }) => {
  const asked = everyDataset(world.ingest, () => formats);
  const property = fc.asyncProperty(randomRows, (rows) => expectNothingChanged(world, rows, asked));
  await fc.assert(property, { numRuns: times, endOnFailure: true });
});

// DuckDB marks each file with numbers of its own: its bytes are never the same.
test.each(FORMAT_NAMES.filter((format) => format !== 'duckdb'))(
  '%s fills an empty database with the same rows',
  async (format) => {
    const asked = everyDataset(world.ingest, () => [format]);
    const property = fc.asyncProperty(randomRows, (rows) => expectSameBytes(world, rows, asked));
    await fc.assert(property, { numRuns: runs, endOnFailure: true });
  },
);
