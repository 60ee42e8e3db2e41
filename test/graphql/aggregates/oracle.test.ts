/** Every function of every field, over every list and by every key, against all rows taken in hand. */
import { type GraphQLObjectType, isEnumType, isObjectType } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { declaredEntities, entityReads } from '../../../src/graphql/entities.ts';
import type { EntityReads, Row } from '../../../src/graphql/entity.ts';
import { loadSchema } from '../../../src/server/schema.ts';
import { columnOf, groupsOf, labelAt, ORACLE, valueIn } from '../../support/aggregate-oracle.ts';
import { useTestDatabase } from '../../support/database.ts';
import { dataAt, graphqlOver } from '../../support/graphql.ts';
import { seedScattered } from '../../support/scattered-rows.ts';

const database = await useTestDatabase();
const ask = graphqlOver(database);
const schema = await loadSchema();
const ZONE = 'America/New_York';

beforeAll(() => seedScattered(database.owner));

const listed = declaredEntities().filter((reads) => reads.listed !== false);
const aggregated = listed.filter((reads) => reads.aggregated !== false);

function objectType(name: string): GraphQLObjectType | undefined {
  const type = schema.getType(name);
  return isObjectType(type) ? type : undefined;
}

/** Fields that a function's results have in the schema. */
const resultFields = (reads: EntityReads, each: string): string[] =>
  Object.keys(objectType(`${reads.type}${each.charAt(0).toUpperCase()}${each.slice(1)}`)?.getFields() ?? {});

/** All figures that the schema offers, as a document asks for them. */
const figures = (reads: EntityReads): string =>
  Object.keys(ORACLE)
    .map((each) => ({ each, fields: resultFields(reads, each) }))
    .filter(({ fields }) => fields.length > 0)
    .map(({ each, fields }) => `${each} { ${fields.join(' ')} }`)
    .join(' ');

const expected = (reads: EntityReads, rows: readonly Row[]): unknown => ({
  count: rows.length,
  ...Object.fromEntries(
    Object.entries(ORACLE).flatMap(([each, compute]) => {
      const fields = resultFields(reads, each);
      const results = fields.map((name) => [
        name,
        compute(rows, columnOf(reads, name), reads.fields[name]?.kind ?? 'json'),
      ]);
      return fields.length === 0 ? [] : [[each, Object.fromEntries(results)]];
    }),
  ),
});

async function rowsOf(reads: EntityReads): Promise<Row[]> {
  const { rows } = await database.owner.query<Row>(`SELECT * FROM ${reads.table}`);
  return rows;
}

interface Grouping {
  /** What the document asks of the key. */
  readonly selection: string;
  /** The same as one text, from an answered key and from a row. */
  readonly ofKey: (key: Record<string, unknown>) => string;
  readonly ofRow: (row: Row) => readonly string[];
}

const camel = (value: string): string =>
  value.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const text = (value: unknown): string => JSON.stringify(typeof value === 'bigint' ? String(value) : value);
const inner = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : null;

/** What a value of the `by` enum means, read from its name. */
async function groupingOf(reads: EntityReads, value: string): Promise<Grouping> {
  const [, dateName, bucket] = /^(.*)_(DAY|WEEK|MONTH|QUARTER|YEAR)$/.exec(value) ?? [];
  const name = camel(dateName ?? value);
  if (bucket !== undefined) {
    const column = columnOf(reads, name);
    return {
      selection: `${name} { label }`,
      ofKey: (key) => text(inner(key[name], 'label')),
      ofRow: (row) => {
        const at = row[column];
        return [text(at instanceof Date ? labelAt(at, bucket, ZONE) : null)];
      },
    };
  }
  const relation = reads.relations[name];
  if (relation?.kind === 'one') {
    const { key } = entityReads(relation.target);
    return {
      selection: `${name} { ${key} }`,
      ofKey: (each) => text(inner(each[name], key)),
      ofRow: (row) => [text(valueIn(row, relation.column))],
    };
  }
  if (reads.fields[name] !== undefined) {
    const isEnum = reads.fields[name].values !== undefined;
    return {
      selection: name,
      ofKey: (key) => text(key[name]),
      ofRow: (row) => {
        const found = valueIn(row, columnOf(reads, name));
        return [text(isEnum && typeof found === 'string' ? found.toUpperCase() : found)];
      },
    };
  }
  const linked = Object.values(reads.relations).find(
    ({ kind, target }) => kind === 'through' && camel(target.replace(/(?<=.)[A-Z]/g, '_$&')) === name,
  );
  if (linked?.kind !== 'through') throw new Error(`${value} means nothing`);
  const { table, own, other } = linked.link;
  const links = await database.owner.query<{ own: string; other: string }>(
    `SELECT ${own} AS own, ${other} AS other FROM ${table}`,
  );
  const { key } = entityReads(linked.target);
  return {
    selection: `${name} { ${key} }`,
    ofKey: (each) => text(inner(each[name], key)),
    ofRow: (row) => {
      const others = links.rows.filter((link) => link.own === row[columnOf(reads, reads.key)]);
      return others.length === 0 ? [text(null)] : others.map((link) => text(link.other));
    },
  };
}

/** All groups, page by page. */
async function allGroups(reads: EntityReads, by: string, selection: string): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  let after: unknown = null;
  do {
    const answer = await ask(
      `query ($after: String) { list: ${reads.plural}Aggregate { groups(by: [${by}], timeZone: "${ZONE}", first: 7, after: $after) {
         pageInfo { hasNextPage endCursor } nodes { key { ${selection} } count ${figures(reads)} } } } }`,
      { after },
    );
    const nodes = dataAt(answer, 'list.groups.nodes');
    if (Array.isArray(nodes)) found.push(...nodes);
    after =
      dataAt(answer, 'list.groups.pageInfo.hasNextPage') === true
        ? dataAt(answer, 'list.groups.pageInfo.endCursor')
        : null;
  } while (after !== null);
  return found;
}

describe.each(aggregated.map((reads) => [reads.plural, reads] as const))('%s', (_name, reads) => {
  test('as a whole', async () => {
    const answer = await ask(`{ list: ${reads.plural}Aggregate { count ${figures(reads)} } }`);
    const rows = await rowsOf(reads);
    expect(rows.length).toBeGreaterThan(3);
    expect(dataAt(answer, 'list')).toEqual(expected(reads, rows));
  });

  const by = schema.getType(`${reads.type}GroupBy`);
  test.each(isEnumType(by) ? by.getValues().map(({ name }) => name) : [])('by %s', async (value) => {
    const grouping = await groupingOf(reads, value);
    const groups = groupsOf(await rowsOf(reads), grouping.ofRow);
    const answered = await allGroups(reads, value, grouping.selection);
    const byKey = answered.map(({ key, ...rest }) => [grouping.ofKey(key as Record<string, unknown>), rest]);
    expect(answered).toHaveLength(groups.size);
    expect(Object.fromEntries(byKey)).toEqual(
      Object.fromEntries([...groups].map(([key, rows]) => [key, expected(reads, rows)])),
    );
  });
});
