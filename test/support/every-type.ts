/** Rows of every declared type, full of what comparisons get wrong: NULLs, ties, patterns, quotes, accents, cases, alphabets. */
import type { GraphQLSchema } from 'graphql';
import { isAbstractType } from 'graphql';
import type pg from 'pg';
import { entityReads, isEntity } from '../../src/graphql/entities.ts';
import type { EntityReads, FieldReads } from '../../src/graphql/entity.ts';
import { insertRows } from './research.ts';

const TEXTS = [
  'glif',
  'GLIF 100%',
  'a_b',
  'a-b',
  'back\\slash',
  "it's; drop table videos; --",
  'Кіно',
  'КІНО 2',
  'Café',
  'İstanbul',
  'straße',
  'Σίσυφος',
  '😀 emoji',
  '\uFFFD replaced',
  '"quoted"',
  ' padded ',
  'tab\tnew\nline',
] as const;

const JSONS = [
  {},
  { tags: ['glif', 'x'], country: 'UA', n: 1.5, deep: { a: { b: null } } },
  { tags: 'glif', country: null },
  { tags: [['glif']], 0: 'zero' },
  { tags: { 0: 'glif' }, n: '1.5' },
  { list: [{ k: 1, m: 2 }, { k: 2 }], 'a.b': { 'c d': "it's" } },
  { tags: [], deep: {}, n: 0, yes: true },
] as const;

const NUMBERS = [0, 1, -1, 2_147_483_647, -2_147_483_648] as const;

const times = (number: number): string =>
  new Date(Date.UTC(2025, 0, 1 + (number % 5), 0, 0, 0, number % 3)).toISOString();
const uuid = (number: number): string => `019a0b1c-2d3e-7f40-8a51-${String(number).padStart(12, '0')}`;

const ROWS = 25;
const STEP = 7;

/** Every type that a file declares, in the order of their names. */
export function declaredTypes(schema: GraphQLSchema): EntityReads[] {
  const node = schema.getType('Node');
  if (!isAbstractType(node)) return [];
  const names = schema.getPossibleTypes(node).map(({ name }) => name);
  return names.filter(isEntity).sort().map(entityReads);
}

function fieldValue(field: FieldReads, row: number, spread: number): unknown {
  // Each field walks the values at its own pace, so that every pair of values meets somewhere.
  const turn = row * STEP + spread * row + spread;
  if (field.nullable && turn % 4 === 0) return null;
  switch (field.kind) {
    case 'enumeration':
      return field.values?.values[turn % field.values.values.length] ?? 'none';
    case 'id':
    case 'text':
      return TEXTS[turn % TEXTS.length];
    case 'uuid':
      return uuid(turn % 6);
    case 'boolean':
      return turn % 2 === 0;
    case 'integer':
    case 'bigint':
      return NUMBERS[turn % NUMBERS.length];
    case 'float':
      return (turn % 5) / 4 - 0.5;
    case 'dateTime':
      return times(turn);
    case 'json':
      return JSONS[turn % JSONS.length];
  }
}

function rowOf(reads: EntityReads, row: number): Record<string, unknown> {
  const values = Object.entries(reads.fields).map(([name, field], spread): [string, unknown] => {
    if (name !== reads.key) return [field.column, fieldValue(field, row, spread)];
    if (field.kind === 'uuid') return [field.column, uuid(row)];
    return [field.column, field.kind === 'bigint' ? row + 1 : `${TEXTS[row % TEXTS.length]}${row}`];
  });
  return Object.fromEntries(values);
}

/** What a column that the API does not show holds where it must hold something. */
const UNSHOWN: Readonly<Record<string, (row: number) => unknown>> = {
  text: (row) => `unshown ${row}`,
  bytea: (row) => `\\x${String(row).padStart(8, '0')}`,
  uuid,
  jsonb: () => [],
  boolean: () => false,
  'timestamp with time zone': times,
};

async function unshownColumns(owner: pg.Pool, { table, fields }: EntityReads) {
  const shown = Object.values(fields).map(({ column }) => column);
  const { rows } = await owner.query<{ name: string; type: string }>(
    `SELECT column_name AS name, data_type AS type FROM information_schema.columns
      WHERE table_name = $1 AND is_nullable = 'NO' AND column_default IS NULL AND column_name <> ALL($2)`,
    [table, shown],
  );
  return rows.map(({ name, type }) => ({ name, value: UNSHOWN[type] ?? ((row: number) => row) }));
}

/** Takes away what rows must be like beside their types: here they are what operators must cope with. */
async function loosen(owner: pg.Pool, table: string): Promise<void> {
  const { rows } = await owner.query<{ name: string }>(
    `SELECT conname AS name FROM pg_constraint WHERE conrelid = $1::regclass AND contype IN ('c', 'u', 'f')`,
    [table],
  );
  for (const { name } of rows) await owner.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name} CASCADE`);
  const unique = await owner.query<{ name: string }>(
    `SELECT indexrelid::regclass::text AS name FROM pg_index WHERE indrelid = $1::regclass AND indisunique AND NOT indisprimary`,
    [table],
  );
  for (const { name } of unique.rows) await owner.query(`DROP INDEX ${name} CASCADE`);
  await owner.query(`ALTER TABLE ${table} DISABLE TRIGGER ALL`);
}

/** Fills the tables of the types with rows that keep to the columns' types and to nothing else. */
export async function fillEveryType(owner: pg.Pool, types: readonly EntityReads[]): Promise<void> {
  for (const reads of types) {
    await loosen(owner, reads.table);
    const unshown = await unshownColumns(owner, reads);
    const rows = Array.from({ length: ROWS }, (_, row) => ({
      ...rowOf(reads, row),
      ...Object.fromEntries(unshown.map(({ name, value }) => [name, value(row)])),
    }));
    await insertRows(owner, reads.table, rows);
  }
}
