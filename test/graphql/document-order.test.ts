/** Fields are answered in the order of the document, whichever way it is executed. */
import { expect, test } from 'vitest';
import { useTestDatabase } from '../support/database.ts';
import { graphqlOver } from '../support/graphql.ts';
import { seedResearches } from '../support/research.ts';

const database = await useTestDatabase();
await seedResearches(database.owner, 1);
const compiled = graphqlOver(database);
const plain = graphqlOver(database, { compiled: false });

test.each([
  '{ researches { nodes { __typename ... on Node { id a1: id } ... on Research { b: id c: id } a2: id d: title } } }',
  '{ researches { nodes { ... on Research { b: id ... on Node { c: id } } ...F } } } fragment F on Research { e: id f: title }',
  '{ researches { nodes { ... on Node { b: id a: id } ... on Node { d: id c: id } title } } }',
  '{ researches { nodes { ...F title ...G } } } fragment F on Node { e: id f: id } fragment G on Node { h: id g: id }',
  '{ researches { nodes { ... on Node @include(if: true) { b: id a: id } ...  { d: id c: id } title } } }',
])('%s', async (query) => {
  expect(JSON.stringify(await compiled(query))).toBe(JSON.stringify(await plain(query)));
});

test('a fragment that is left out at one place is not missing at another', async () => {
  const query = `query ($no: Boolean!) { researches { nodes { ...F @include(if: $no) title ...F } } }
    fragment F on Research { status }`;
  const answer = await compiled(query, { no: false });
  expect(answer).toMatchObject({ data: { researches: { nodes: [{ title: 'Research 1', status: 'PLANNING' }] } } });
});
