/** Operations are priced by what they really ask for, and refused before the database hears of them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getNamedType, isCompositeType, isInterfaceType, isObjectType, parse } from 'graphql';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { MOST_COST, operationCost } from '../../src/graphql/cost.ts';
import { PROJECT_ROOT } from '../../src/kernel/config.ts';
import { loadSchema } from '../../src/server/schema.ts';
import { useTestDatabase } from '../support/database.ts';
import { codesOf, graphqlOver } from '../support/graphql.ts';
import { recordQueries } from '../support/queries.ts';
import { seedResearches } from '../support/research.ts';

const database = await useTestDatabase();
const schema = await loadSchema();
const ask = graphqlOver(database);
const recording = recordQueries(database.read, database.write);

beforeAll(() => seedResearches(database.owner, 3));
beforeEach(recording.clear);
afterAll(recording.stop);

const costOf = (document: string, variables: Record<string, unknown> = {}, operationName?: string) =>
  operationCost({ schema, document: parse(document), variableValues: variables, operationName: operationName ?? null });

const INNER = 'nodes { researches(first: $c) { nodes { title } } }';
const RESEARCHES = await readFile(join(PROJECT_ROOT, 'test', 'contract-documents', 'research.graphql'), 'utf8');

test('a full page of researches with all that clients ask of each is answered', async () => {
  const answer = await ask(RESEARCHES, { first: 100 }, 'Researches');
  expect(answer.errors).toBeUndefined();
  expect(recording.statements().length).toBeGreaterThan(0);
  expect(costOf(RESEARCHES, { first: 100 }, 'Researches')).toBeLessThan(MOST_COST / 2);
});

test.each<[string, string, Record<string, unknown>]>([
  [
    'literals',
    '{ researches(first: 100) { nodes { videos(first: 100) { nodes { researches(first: 100) { nodes { title } } } } } } }',
    {},
  ],
  [
    'the other end',
    '{ researches(last: 100) { nodes { videos(last: 100) { nodes { researches(last: 100) { nodes { title } } } } } } }',
    {},
  ],
  [
    'variables',
    `query ($a: Int, $b: Int, $c: Int) { researches(first: $a) { nodes { videos(first: $b) { ${INNER} } } } }`,
    { a: 100, b: 100, c: 100 },
  ],
  [
    'variables’ defaults',
    `query ($a: Int = 100, $b: Int = 100, $c: Int = 100) { researches(first: $a) { nodes { videos(first: $b) { ${INNER} } } } }`,
    {},
  ],
  [
    'named fragments',
    `query ($c: Int) { researches(first: 100) { nodes { ...R } } } fragment R on Research { videos(first: 100) { ...V } } fragment V on ResearchVideosConnection { ${INNER} }`,
    { c: 100 },
  ],
  [
    'fragments in place',
    `query ($c: Int) { researches(first: 100) { nodes { ... on Research { ... { videos(first: 100) { ... { ${INNER} } } } } } } }`,
    { c: 100 },
  ],
  [
    'other names',
    `query ($c: Int) { mine: researches(first: 100) { all: nodes { a: videos(first: 50) { ${INNER} } b: videos(first: 50) { ${INNER} } } } }`,
    { c: 100 },
  ],
  [
    'edges',
    '{ researches(first: 100) { edges { node { videos(first: 100) { edges { node { researches(first: 100) { edges { node { title } } } } } } } } } }',
    {},
  ],
])('three nested lists of 100 by %s are refused without a statement', async (_what, document, variables) => {
  const answer = await ask(document, variables);
  expect(codesOf(answer)).toEqual(['LIMIT_EXCEEDED']);
  expect(answer.errors?.[0]?.message).toMatch(/costs \d+ points, and 250000 is the most/);
  expect(answer.errors?.[0]?.extensions['hint']).toContain('`first`');
  expect(recording.all()).toEqual([]);
});

test('the other operations of a document cost nothing', () => {
  const both =
    'query A { researches(first: 100) { nodes { title } } } query B { researches(first: 2) { nodes { title } } }';
  expect(costOf(both, {}, 'B')).toBe(1 + 2 * 2);
});

test('a text that may be a book costs as much as a hundred fields, and a tree with all that is said in it is answered', () => {
  const page = (field: string): number => costOf(`{ videos(first: 100) { nodes { ${field} } } }`) ?? 0;
  expect(page('transcriptContent') - page('title')).toBe(99 * 100);
  const tree = '{ research(researchId: "R") { videos(first: 100) { nodes { transcriptContent } } } }';
  expect(costOf(tree)).toBeLessThan(MOST_COST / 10);
  const books = '{ researches(first: 100) { nodes { videos(first: 100) { nodes { transcriptContent } } } } }';
  expect(costOf(books)).toBeGreaterThan(MOST_COST);
});

test('what a directive leaves out costs nothing', () => {
  const document =
    'query ($all: Boolean!) { researches(first: 2) { totalCount nodes @include(if: $all) { title } edges @skip(if: true) { cursor } } }';
  expect([costOf(document, { all: false }), costOf(document, { all: true })]).toEqual([3, 7]);
});

test('every list is priced by the number of rows that it is asked for', () => {
  /** Lists with a price of their own, whose few rows hold nothing that costs more. */
  const flat = new Set(['suggestions']);
  const priced = (first: number) =>
    Object.values(schema.getTypeMap())
      .filter((type) => (isObjectType(type) || isInterfaceType(type)) && !type.name.startsWith('__'))
      .flatMap((type) => (isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : []))
      .filter(({ args, type }) => args.some(({ name }) => name === 'first') && isCompositeType(getNamedType(type)))
      .map((field) => {
        if (flat.has(field.name)) return [field.name, 'flat'];
        const price: unknown = field.extensions['complexity'];
        const value: unknown = typeof price === 'function' ? Reflect.apply(price, undefined, [{ first }, {}]) : price;
        return [field.name, typeof value === 'object' && value !== null ? Reflect.get(value, 'multiplier') : value];
      });
  expect(priced(70).length).toBeGreaterThan(10);
  expect(priced(70).filter(([, multiplier]) => multiplier !== 70 && multiplier !== 'flat')).toEqual([]);
});
