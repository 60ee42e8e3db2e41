/** A text that begins like one that was escaped gets one apostrophe more, whatever stands around it and wherever chunks end. */
import { Readable } from 'node:stream';
import fc from 'fast-check';
import pg from 'pg';
import { expect, test } from 'vitest';
import { copySession } from '../../src/database/copy-session.ts';
import { escapeApostrophes } from '../../src/exports/apostrophes.ts';
import { keepApostrophe } from '../../src/kernel/formula-cell.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';

const database = await useTestDatabase();

type Cell = string | null;
type Row = readonly [Cell, Cell];

/** The rows as PostgreSQL writes them. */
function copied(rows: readonly Row[], delimiter: string): Promise<Buffer> {
  const values = pg.escapeLiteral(JSON.stringify(rows));
  const select = `SELECT r ->> 0 AS one, r ->> 1 AS two FROM jsonb_array_elements(${values}::jsonb) WITH ORDINALITY AS g(r, n) ORDER BY n`;
  const form = `FORMAT csv, HEADER, DELIMITER ${pg.escapeLiteral(delimiter)}`;
  return copySession(database, TESTER, undefined, ({ copy }) => kept(copy(`COPY (${select}) TO STDOUT (${form})`)));
}

/** All of it; of what comes each piece is used again. */
async function kept(bytes: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of bytes) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

function* chunksOf(bytes: Buffer, sizes: readonly number[]): Generator<Buffer> {
  for (let [at, turn] = [0, 0]; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

const cell = fc.option(
  fc.string({ unit: fc.constantFrom("'", "'", '=', '-', '\t', '\r', '\n', '"', ',', ';', 'a', 'é'), maxLength: 6 }),
);
const rows = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 20 });
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });

test('what passes is what the database writes of texts with that apostrophe, however it comes in', async () => {
  await fc.assert(
    fc.asyncProperty(rows, fc.constantFrom(',', ';', '\t'), sizes, async (given, delimiter, cut) => {
      const escaped = given.map(([one, two]): Row => [one && keepApostrophe(one), two && keepApostrophe(two)]);
      const [plain, expected] = [await copied(given, delimiter), await copied(escaped, delimiter)];
      const passed = escapeApostrophes(Readable.from(chunksOf(plain, cut)), delimiter);
      expect((await kept(passed)).toString()).toBe(expected.toString());
    }),
    { numRuns: 150 },
  );
});
