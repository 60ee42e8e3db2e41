import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Answered, rootField, useTestApi } from '../support/api.ts';
import { useTestDatabase } from '../support/database.ts';

const database = await useTestDatabase();
const api = await useTestApi(database);

/** A token of the context whose rows are asked for, and one of another. */
let own: string;
let foreign: string;
let importId: string;
let rejectId: string;
const nodeIds: Record<string, string> = {};

const RECORDS = [
  { research_id: 'RSH-VID-001', title: 'Tides', department: 'VID' },
  { research_id: 'RSH-VID-002', title: '', department: 'VID' },
];
const IMPORT = `mutation ($records: [JSON!]!) {
  importRecords(dataset: "researches", records: $records) { id importId rejected rejects { nodes { id rejectId } } }
}`;

interface Imported {
  readonly id: string;
  readonly importId: string;
  readonly rejected: number;
  readonly rejects: { readonly nodes: readonly { readonly id: string; readonly rejectId: string }[] };
}

beforeAll(async () => {
  own = await api.tokenFor('importer', ['research']);
  foreign = await api.tokenFor('importer', ['access']);
  const imported = rootField<Imported>(await api.ask(IMPORT, { records: RECORDS }, own), 'importRecords');
  importId = imported.importId;
  rejectId = imported.rejects.nodes[0]?.rejectId ?? '';
  const changed = await api.ask(
    '{ changes(table: "researches", key: "RSH-VID-001") { nodes { id } } researches { nodes { id } } }',
  );
  Object.assign(nodeIds, {
    import: imported.id,
    reject: imported.rejects.nodes[0]?.id,
    change: rootField<{ nodes: { id: string }[] }>(changed, 'changes').nodes[0]?.id,
    research: rootField<{ nodes: { id: string }[] }>(changed, 'researches').nodes[0]?.id,
  });
  await writeFile(
    join(api.root, 'RESEARCHES_Master_List.csv'),
    'research_id,title,department\nRSH-VID-003,Moons,VID\n',
  );
});

const codeOf = (answer: Answered): unknown => answer.errors[0]?.extensions['code'];
/** Every row's worth of an answer. */
const shown = (answer: Answered): string => JSON.stringify(answer.data);

describe('rows of a context', () => {
  test.each([
    '{ researches { totalCount nodes { title } } }',
    '{ research(researchId: "RSH-VID-001") { title } }',
    '{ research(researchId: "RSH-VID-999") { title } }',
    '{ researchesAggregate { count } }',
    '{ dashboardStats { researchesLast7Days } }',
    '{ changes(table: "researches", key: "RSH-VID-001") { nodes { newValues } } }',
  ])('are for who has its scope: %s', async (query) => {
    expect((await api.ask(query, {}, own)).errors).toEqual([]);
    const refused = await api.ask(query, {}, foreign);
    expect(codeOf(refused)).toBe('FORBIDDEN');
    expect(shown(refused)).not.toContain('Tides');
  });

  test('are not told by their ids, whether they exist or not', async () => {
    const query = 'query ($id: ID!) { node(id: $id) { id } nodes(ids: [$id]) { id } }';
    expect((await api.ask(query, { id: nodeIds['research'] }, own)).errors).toEqual([]);
    const absent = Buffer.from('Research:none').toString('base64url');
    const answers = await Promise.all([nodeIds['research'], absent].map((id) => api.ask(query, { id }, foreign)));
    for (const { errors } of answers) expect(errors.map(({ extensions }) => extensions['code'])).toContain('FORBIDDEN');
    expect(answers[0]?.errors.map(({ message }) => message)).toEqual(answers[1]?.errors.map(({ message }) => message));
  });

  test('are neither found by the search nor counted', async () => {
    const query = '{ search(query: "tides") { totalCount edges { headline } } }';
    expect((await api.ask(query, {}, own)).data).toMatchObject({ search: { totalCount: 1 } });
    expect((await api.ask(query, {}, foreign)).data).toMatchObject({ search: { totalCount: 0, edges: [] } });
  });
});

describe('imports and rejects', () => {
  test.each([
    ['import', () => `{ import(importId: "${importId}") { path } }`],
    ['reject', () => `{ reject(rejectId: "${rejectId}") { raw } }`],
    ['node', () => `{ node(id: "${nodeIds['import']}") { id } }`],
    ['node', () => `{ node(id: "${nodeIds['reject']}") { id } }`],
    ['node', () => `{ node(id: "${nodeIds['change']}") { id } }`],
    ['dataset', () => '{ dataset(name: "researches") { rows } }'],
  ])('of another context are as if they were not: %s', async (name, query) => {
    expect((await api.ask(query(), {}, own)).data?.[name]).not.toBeNull();
    expect(await api.ask(query(), {}, foreign)).toMatchObject({ data: { [name]: null }, errors: [] });
  });

  test('of another context are neither listed nor counted, nor are their datasets', async () => {
    const query =
      '{ imports { totalCount nodes { path } } rejects { totalCount } importsAggregate { count } datasets { name } }';
    const all = await api.ask(query, {}, own);
    expect(all.data).toMatchObject({
      imports: { totalCount: 1 },
      rejects: { totalCount: 1 },
      importsAggregate: { count: 1 },
    });
    expect(all.data?.['datasets']).toContainEqual({ name: 'researches' });
    expect(await api.ask(query, {}, foreign)).toMatchObject({
      data: {
        imports: { totalCount: 0, nodes: [] },
        rejects: { totalCount: 0 },
        importsAggregate: { count: 0 },
        datasets: [],
      },
      errors: [],
    });
  });
});

describe('into datasets of another context', () => {
  test('no records are imported', async () => {
    expect(codeOf(await api.ask(IMPORT, { records: RECORDS }, foreign))).toBe('FORBIDDEN');
  });

  test('no file is, named or not, nor a folder’s files', async () => {
    const file = 'mutation ($input: ImportFileInput!) { importFile(input: $input) { status } }';
    const path = 'RESEARCHES_Master_List.csv';
    expect(codeOf(await api.ask(file, { input: { path, dataset: 'researches' } }, foreign))).toBe('FORBIDDEN');
    const unnamed = await api.ask(file, { input: { path } }, foreign);
    expect(unnamed.errors[0]?.message).toContain('needs the scope research');
    const folder =
      'mutation ($input: ImportFolderInput!) { importFolder(input: $input) { totals { files } skipped { nodes { reason } } } }';
    const answer = await api.ask(folder, { input: { path: api.root } }, foreign);
    expect(rootField(answer, 'importFolder')).toMatchObject({
      totals: { files: 0 },
      skipped: { nodes: [{ reason: expect.stringContaining('needs the scope research') }] },
    });
    const { rows } = await database.owner.query('SELECT count(*)::int AS imports FROM imports WHERE actor <> $1', ['']);
    expect(rows).toEqual([{ imports: 1 }]);
    expect((await api.ask(file, { input: { path } }, own)).data).toMatchObject({ importFile: { status: 'IMPORTED' } });
  });
});
