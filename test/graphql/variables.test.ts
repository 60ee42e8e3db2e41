/** Variables mean what graphql says they mean, also where compiled code would have it otherwise. */
import { expect, test } from 'vitest';
import { useTestDatabase } from '../support/database.ts';
import { codesOf, dataAt, graphqlOver } from '../support/graphql.ts';
import { seedResearches } from '../support/research.ts';

const database = await useTestDatabase();
await seedResearches(database.owner, 3);
const ask = graphqlOver(database);

const total = async (document: string, variables: Record<string, unknown>) =>
  dataAt(await ask(document, variables), 'researches.totalCount');

test.each([
  ['query Q($s: ResearchStatus) { researches(where: { status: { equals: $s } }) { totalCount } }'],
  ['query Q($s: ResearchStatusFilter) { researches(where: { status: $s }) { totalCount } }'],
  ['query Q($s: ResearchFilter) { researches(where: $s) { totalCount } }'],
  ['query Q($s: TextFilter) { researches(where: { and: [{ title: $s }] }) { totalCount } }'],
])('a filter whose variable is not sent filters nothing: %s', async (document) => {
  expect(await total(document, {})).toBe(3);
});

test('a variable inside a filter that is sent as null asks for what has no value', async () => {
  const document = 'query Q($k: ID) { researches(where: { researcherId: { equals: $k } }) { totalCount } }';
  expect(await total(document, { k: null })).toBe(0);
});

test('a patch keeps the fields whose variables are not sent', async () => {
  const update = `mutation Update($title: String, $path: String) {
    updateResearch(researchId: "RSH-VID-900", patch: { title: $title, outputPath: $path }) { research { title outputPath } }
  }`;
  await ask(
    'mutation { createResearch(input: { researchId: "RSH-VID-900", title: "Old", department: VID, outputPath: "there" }) { research { id } } }',
  );
  const changed = await ask(update, { title: 'New' });
  expect(dataAt(changed, 'updateResearch.research')).toEqual({ title: 'New', outputPath: 'there' });
  const cleared = await ask(update, { title: 'New', path: null });
  expect(dataAt(cleared, 'updateResearch.research')).toEqual({ title: 'New', outputPath: null });
});

test('a variable inside JSON is its value', async () => {
  const update = `mutation Update($word: JSON) {
    updateResearch(researchId: "RSH-VID-901", patch: { metadata: { word: $word, list: [1, $word] } }) { research { metadata } }
  }`;
  await ask(
    'mutation { createResearch(input: { researchId: "RSH-VID-901", title: "Old", department: VID }) { research { id } } }',
  );
  const changed = await ask(update, { word: { deep: true } });
  expect(dataAt(changed, 'updateResearch.research.metadata')).toEqual({
    word: { deep: true },
    list: [1, { deep: true }],
  });
  expect(codesOf(changed)).toEqual([]);
});
