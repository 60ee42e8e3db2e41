/** A dataset's checks mirror its table: what the database would refuse, the check refuses first, with a reason. */
import { describe, expect, test } from 'vitest';
import type { Field, FieldSink } from '../../src/ingest/fields/field.ts';
import { useTestDatabase } from '../support/database.ts';
import { datasetFiles } from './fixtures.ts';

const database = await useTestDatabase();
const all = await datasetFiles();

interface Limit {
  readonly column: string;
  readonly rule: string;
}

async function limitsOf(table: string): Promise<Limit[]> {
  const { rows } = await database.owner.query<{ column: string; rule: string }>(
    `SELECT a.attname AS column, pg_get_constraintdef(c.oid) AS rule
       FROM pg_constraint c
       JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
      WHERE c.conrelid = to_regclass($1) AND c.contype = 'c' AND cardinality(c.conkey) = 1
      ORDER BY 1, 2`,
    [table],
  );
  return rows;
}

/** The code that a value earns, or undefined where it passes. */
function codeOf(field: Field, value: string | number): string | undefined {
  let code: string | undefined;
  const sink: FieldSink = {
    fault(found) {
      code = found;
      return null;
    },
    keepRaw: () => undefined,
    note: () => undefined,
  };
  field.parse(value, sink);
  return code;
}

describe.each(all)('the dataset $dataset.name', ({ dataset }) => {
  test('writes only columns that its table has, and its key is unique there', async () => {
    const { rows } = await database.owner.query<{ name: string; type: string }>(
      `SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
        WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped`,
      [dataset.table],
    );
    const types = new Map(rows.map(({ name, type }) => [name, type]));
    const columns = Object.keys(dataset.fields).filter((name) => !name.includes('.'));
    expect(columns.filter((column) => !types.has(column))).toEqual([]);
    if (dataset.rest !== undefined) expect(types.get(dataset.rest)).toBe('jsonb');
    const keys = await database.owner.query<{ columns: string[] }>(
      `SELECT array_agg(a.attname::text ORDER BY a.attname) AS columns
         FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
        WHERE i.indrelid = to_regclass($1) AND i.indisunique GROUP BY i.indexrelid`,
      [dataset.table],
    );
    expect(keys.rows.map((row) => row.columns)).toContainEqual([...dataset.key].sort());
  });

  test('requires what the table requires', async () => {
    const { rows } = await database.owner.query<{ column: string }>(
      `SELECT attname AS column FROM pg_attribute a
        WHERE attrelid = to_regclass($1) AND attnum > 0 AND attnotnull AND NOT atthasdef AND attgenerated = ''
        ORDER BY 1`,
      [dataset.table],
    );
    const needed = rows.map(({ column }) => column).filter((column) => column !== 'id');
    const checked = needed.filter((column) => dataset.key.includes(column) || dataset.fields[column]?.required);
    expect(checked).toEqual(needed);
  });

  test('draws every limit where the table draws it', async () => {
    let compared = 0;
    for (const { column, rule } of await limitsOf(dataset.table)) {
      const field = dataset.fields[column];
      if (field === undefined) continue;
      compared += 1;
      const length = /char_length\(\w+\) <= (\d+)/.exec(rule)?.[1];
      const words = [...rule.matchAll(/'([^']+)'::text/g)].map(([, word]) => word ?? '');
      const low = /\(\w+ >= \(?(-?\d+)/.exec(rule)?.[1];
      const high = /\(\w+ <= \(?(-?\d+)/.exec(rule)?.[1];
      const say = `${dataset.table}.${column}: ${rule}`;
      if (length !== undefined) {
        // Keys may have a form of their own, which says more than a length.
        if (field.kind !== 'id' || !field.type.startsWith('id like'))
          expect(codeOf(field, 'x'.repeat(Number(length))), say).toBeUndefined();
        expect(codeOf(field, 'x'.repeat(Number(length) + 1)), say).toBeDefined();
      } else if (words.length > 0) {
        for (const word of words) expect(codeOf(field, word), say).toBeUndefined();
        expect(codeOf(field, 'none of them'), say).toBe('INVALID_VALUE');
      } else {
        if (low !== undefined) expect(codeOf(field, Number(low)), say).toBeUndefined();
        if (low !== undefined) expect(codeOf(field, Number(low) - 1), say).toBeDefined();
        if (high !== undefined) expect(codeOf(field, Number(high)), say).toBeUndefined();
        if (high !== undefined) expect(codeOf(field, Number(high) + 1), say).toBeDefined();
        expect(low ?? high, say).toBeDefined();
      }
    }
    if (dataset.key.length === 1) expect(compared).toBeGreaterThan(0);
  });
});
