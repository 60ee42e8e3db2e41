/** Every operator on every field of every type finds what the same question said in another way finds. */
import { beforeAll, describe, expect, test } from 'vitest';
import { keyColumn } from '../../../src/graphql/entities.ts';
import type { EntityReads, FieldReads } from '../../../src/graphql/entity.ts';
import { enumName } from '../../../src/graphql/enumerations.ts';
import { whereSql } from '../../../src/graphql/filters.ts';
import { operatorsOf } from '../../../src/graphql/operators.ts';
import { createParams } from '../../../src/graphql/params.ts';
import type { JsonValue } from '../../../src/kernel/json.ts';
import { loadSchema } from '../../../src/server/schema.ts';
import { useTestDatabase } from '../../support/database.ts';
import { declaredTypes, fillEveryType } from '../../support/every-type.ts';
import { type Operand, oracleJson, oracleSql } from '../../support/filter-oracle.ts';
import { dataAt, graphqlOver } from '../../support/graphql.ts';

const database = await useTestDatabase();
const ask = graphqlOver(database);
const types = declaredTypes(await loadSchema());

beforeAll(() => fillEveryType(database.owner, types));

interface Question {
  readonly where: Readonly<Record<string, unknown>>;
  readonly expected: readonly string[];
}

const TEXT_OPERANDS = [
  '',
  'GLIF',
  '%',
  '_',
  '\\',
  "'",
  'кіно',
  'Cafe\u0301',
  'i',
  'ß',
  'ς',
  '😀',
  '\t',
  'nothing like it',
];
const PATHS = [
  [],
  ['tags'],
  ['tags', '0'],
  ['tags', '-1'],
  // No places, whatever PostgreSQL makes of them.
  ['tags', '+0'],
  ['tags', '-0'],
  ['0'],
  ['country'],
  ['deep', 'a', 'b'],
  ['list', '0', 'k'],
  ['a.b', 'c d'],
  ['none'],
];
const JSON_OPERANDS: JsonValue[] = [
  'glif',
  ['glif'],
  [['glif']],
  null,
  1.5,
  '1.5',
  {},
  [],
  true,
  'UA',
  { 0: 'glif' },
  { tags: ['x'] },
  { tags: 'glif' },
  { list: [{ k: 2 }] },
  [{ k: 1 }],
  "it's",
  1,
];

const keysOf = (rows: readonly Record<string, unknown>[]): string[] => rows.map(({ key }) => String(key)).sort();

/** Operands for a field: values that its rows have, and some that none has. */
async function operandsFor(reads: EntityReads, field: FieldReads): Promise<Operand[]> {
  if (field.values !== undefined) return [...field.values.values];
  const found = await database.owner.query<{ value: Operand }>(
    `SELECT DISTINCT ${field.column} AS value FROM ${reads.table} WHERE ${field.column} IS NOT NULL ORDER BY 1 LIMIT 9`,
  );
  const values = found.rows.map(({ value }) => value);
  return field.kind === 'text' || field.kind === 'id' ? [...values.slice(0, 6), ...TEXT_OPERANDS] : values;
}

/** What each operator is given on the field, with what the database is asked instead. */
async function questionsOn(reads: EntityReads, name: string, field: FieldReads): Promise<Question[]> {
  if (field.kind === 'json') return jsonQuestions(reads, name, field);
  const operands = await operandsFor(reads, field);
  const given = operatorsOf(field).flatMap(({ name: operator, takes }): [string, unknown][] => {
    if (takes === 'flag') return [true, false].map((flag) => [operator, flag]);
    if (takes === 'list') return [[], operands.slice(0, 1), operands.slice(1, 4)].map((list) => [operator, list]);
    if (takes === 'range')
      return operands
        .slice(0, 3)
        .flatMap((from) => operands.slice(0, 2).map((to): [string, unknown] => [operator, { from, to }]));
    const withNull = operator === 'equals' || operator === 'notEquals' ? [...operands, null] : operands;
    // Of many operands each field tries a quarter: which one differs from field to field, so all are tried on every kind.
    const turn = name.length + operator.length;
    return withNull
      .filter((_, index) => withNull.length <= 6 || (index + turn) % 4 === 0)
      .map((operand) => [operator, operand]);
  });
  const answers = given.map(
    ([operator, operand], index) =>
      `SELECT ${index} AS number, ${keyColumn(reads)} AS key FROM ${reads.table} WHERE ${oracleSql(field.column, field.kind, operator, operand)}`,
  );
  const { rows } = await database.owner.query<{ number: number; key: unknown }>(answers.join(' UNION ALL '));
  return given.map(([operator, operand], index) => ({
    where: { [name]: { [operator]: operand } },
    expected: keysOf(rows.filter(({ number }) => number === index)),
  }));
}

async function jsonQuestions(reads: EntityReads, name: string, field: FieldReads): Promise<Question[]> {
  const { rows } = await database.owner.query<{ key: unknown; document: JsonValue }>(
    `SELECT ${keyColumn(reads)} AS key, ${field.column} AS document FROM ${reads.table}`,
  );
  return PATHS.flatMap((path, place) =>
    operatorsOf(field).flatMap(({ name: operator, takes }, turn) =>
      // Every operand meets every operator, at its own sixth of the paths.
      (takes === 'flag'
        ? [true, false]
        : JSON_OPERANDS.filter((_, index) => (index + place + turn + name.length) % 6 === 0)
      ).map((operand) => ({
        where: { [name]: { ...(path.length > 0 && { path }), [operator]: operand } },
        // A column without a document has nothing at any path, not even at the top.
        expected: keysOf(
          rows.filter(({ document }) =>
            document === null
              ? oracleJson([], ['none'], operator, operand)
              : oracleJson(document, path, operator, operand),
          ),
        ),
      })),
    ),
  );
}

/** As a client writes it. */
function asSent(field: FieldReads, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => asSent(field, item));
  if (field.kind === 'json') return value;
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asSent(field, item)]));
  return field.values !== undefined && typeof value === 'string' ? enumName(value) : value;
}

const PER_DOCUMENT = 60;

async function foundByApi(
  reads: EntityReads,
  field: FieldReads,
  wheres: readonly Question['where'][],
): Promise<string[][]> {
  const found: string[][] = [];
  for (let start = 0; start < wheres.length; start += PER_DOCUMENT) {
    const some = wheres.slice(start, start + PER_DOCUMENT);
    const variables = Object.fromEntries(some.map((where, index) => [`w${index}`, sent(field, where)]));
    const names = some.map((_where, index) => `$w${index}: ${reads.type}Filter`).join(', ');
    const lists = some.map(
      (_where, index) => `l${index}: ${reads.plural}(first: 100, where: $w${index}) { nodes { key: ${reads.key} } }`,
    );
    const answer = await ask(`query Q(${names}) { ${lists.join('\n')} }`, variables);
    for (const index of some.keys()) found.push(keysOf(dataAt(answer, `l${index}.nodes`) as Record<string, unknown>[]));
  }
  return found;
}

const sent = (field: FieldReads, where: Question['where']): unknown =>
  Object.fromEntries(
    Object.entries(where).map(([name, inner]) => [
      name,
      name === 'not'
        ? sent(field, inner as Question['where'])
        : Object.fromEntries(
            Object.entries(inner as object).map(([operator, value]) => [operator, asSent(field, value)]),
          ),
    ]),
  );

/** What the type's list shows of its table: of sessions, for one, only those that still run. */
async function shown(reads: EntityReads): Promise<string[]> {
  const answer = await ask(`{ ${reads.plural}(first: 100) { nodes { key: ${reads.key} } } }`);
  return keysOf(dataAt(answer, `${reads.plural}.nodes`) as Record<string, unknown>[]);
}

/** Types whose lists show less than their tables hold are asked as those lists ask them. */
async function foundBySql(reads: EntityReads, wheres: readonly Question['where'][]): Promise<string[][]> {
  return Promise.all(
    wheres.map(async (where) => {
      const params = createParams();
      const condition = whereSql(reads, where, 't', params) ?? 'true';
      const { rows } = await database.owner.query(
        `SELECT t.${keyColumn(reads)} AS key FROM ${reads.table} t WHERE ${condition}`,
        [...params.values],
      );
      return keysOf(rows);
    }),
  );
}

describe.each(types.map((reads) => [reads.type, reads] as const))('%s', (_type, reads) => {
  test.each(Object.entries(reads.fields))('%s', async (name, field) => {
    const { rows } = await database.owner.query(`SELECT ${keyColumn(reads)} AS key FROM ${reads.table}`);
    const all = keysOf(rows);
    const questions = await questionsOn(reads, name, field);
    const wheres = questions.flatMap(({ where }) => [where, { not: where }]);
    const isListed = reads.listed !== false && (await shown(reads)).length === all.length;
    const found = isListed ? await foundByApi(reads, field, wheres) : await foundBySql(reads, wheres);
    questions.forEach(({ where, expected }, index) => {
      expect([where, found[2 * index]]).toEqual([where, expected]);
      expect([{ not: where }, found[2 * index + 1]]).toEqual([
        { not: where },
        all.filter((key) => !expected.includes(key)),
      ]);
    });
  });
});
