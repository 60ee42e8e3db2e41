/** Rows become the JSON that the database would make of them, whatever they hold and wherever the pieces end. */
import { Readable } from 'node:stream';
import fc from 'fast-check';
import pg from 'pg';
import { expect, test } from 'vitest';
import { copySession } from '../../src/database/copy-session.ts';
import { jsonCopy } from '../../src/exports/copied.ts';
import { jsonColumns } from '../../src/exports/json-columns.ts';
import { jsonRows } from '../../src/exports/json-rows.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';

const database = await useTestDatabase();

/** Of each type that is written in a form of its own, and one that is not. */
const TYPES = {
  words: 'text',
  count: 'bigint',
  share: 'double precision',
  exact: 'numeric',
  is: 'boolean',
  at: 'timestamptz',
  more: 'jsonb',
  id: 'uuid',
  day: 'date',
  names: 'text[]',
};

const character = fc.oneof(
  fc.constantFrom('"', '\\', '\n', '\t', '\r', '\b', '\f', '\v', '\u0001', '\u001f', '\u007f', 'N', 'é', '😀'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }).map((each) => each.replaceAll('\0', '')),
);
const words = fc.string({ unit: character, maxLength: 12 });
const moment = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString());
const json = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify(value).replaceAll('\\u0000', ''));
const row = fc.tuple(
  words,
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  fc.oneof(fc.constantFrom('NaN', 'Infinity', '-Infinity', '-0', '-1.5'), fc.double().map(String)),
  fc.constantFrom('1.10', 'NaN', '-Infinity', '12345678901234567890.123456789', '-7'),
  fc.boolean().map(String),
  fc.oneof(fc.constantFrom('infinity', '-infinity', '0044-03-15 01:02:03 BC', '2026-01-02 03:04:05.678901+02'), moment),
  json,
  fc.uuid(),
  fc.constantFrom('2026-01-02', 'infinity'),
  fc.constantFrom('{}', '{a,"b \\" c",NULL}'),
);
const rows = fc.array(
  row.chain((cells) => fc.tuple(...cells.map((cell) => fc.option(fc.constant(cell))))),
  { maxLength: 8 },
);
const cuts = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 4 });

const columns = Object.keys(TYPES).map((name) => ({ name, sql: `t."${name}"`, kind: 'text', nullable: true }) as const);

function selectOf(given: readonly (readonly (string | null)[])[]): (list: string) => string {
  const cells = Object.entries(TYPES).map(([name, type], index) => `(r ->> ${index})::${type} AS "${name}"`);
  const values = pg.escapeLiteral(JSON.stringify(given));
  const from = `jsonb_array_elements(${values}::jsonb) WITH ORDINALITY AS g(r, n)`;
  return (list) => `SELECT ${list} FROM (SELECT ${cells.join(', ')}, n FROM ${from}) t ORDER BY n`;
}

function* piecesOf(bytes: Buffer, sizes: readonly number[]): Generator<Buffer> {
  for (let [at, turn] = [0, 0]; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function kept(bytes: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of bytes) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

test('every row is byte for byte what row_to_json makes of it, as lines and as a list', async () => {
  await fc.assert(
    fc.asyncProperty(rows, cuts, async (given, sizes) => {
      const select = selectOf(given);
      const { written, expected } = await copySession(database, TESTER, undefined, async (session) => {
        const { rows: made } = await session.client.query<{ line: string }>(
          `SELECT row_to_json(r)::text AS line FROM (${select(
            Object.keys(TYPES)
              .map((name) => `"${name}"`)
              .join(', '),
          )}) r`,
        );
        const forms = await jsonColumns(session, { columns, select });
        const lines = await kept(session.copy(jsonCopy({ select }, forms)));
        const pieces = (): Readable => Readable.from(piecesOf(lines, sizes));
        const [asLines, asList] = [
          await kept(jsonRows(pieces(), forms, 'lines')),
          await kept(jsonRows(pieces(), forms, 'list')),
        ];
        return { written: [asLines.toString(), asList.toString()], expected: made.map(({ line }) => line) };
      });
      expect(written).toEqual([
        expected.map((line) => `${line}\n`).join(''),
        expected.length === 0 ? '[]\n' : `[\n${expected.join(',\n')}\n]\n`,
      ]);
    }),
    { numRuns: 30 },
  );
});
