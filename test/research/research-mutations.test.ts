import { beforeEach, expect, test } from 'vitest';
import { silentLog } from '../../src/kernel/log.ts';
import { clearTables } from '../support/clear-tables.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { codesOf, dataAt, graphqlOver } from '../support/graphql.ts';
import { insertRows } from '../support/research.ts';

const database = await useTestDatabase();
const ask = graphqlOver(database, { log: silentLog() });

const CREATE =
  'mutation C($input: CreateResearchInput!) { createResearch(input: $input) { research { researchId title status metadata outputPath researcher { name } } } }';
const UPDATE =
  'mutation U($id: String!, $patch: ResearchPatch!) { updateResearch(researchId: $id, patch: $patch) { research { researchId title status metadata outputPath updatedDate researcher { name } } } }';
const DELETE = 'mutation D($id: String!) { deleteResearch(researchId: $id) { deletedId researchId } }';

beforeEach(async () => {
  await clearTables(database.owner, [
    'researches',
    'research_videos',
    'reports',
    'employees',
    'tombstones',
    'references',
  ]);
  await insertRows(database.owner, 'employees', [
    { employee_id: 'anna', name: 'Anna', metadata: {}, created_at: 'now', updated_at: 'now' },
  ]);
});

const create = (input: Record<string, unknown>) => ask(CREATE, { input: { title: 'T', department: 'VID', ...input } });
const idOf = async (input = {}) => dataAt(await create(input), 'createResearch.research.researchId');
const editedValues = async () =>
  (await database.owner.query<{ edited_values: unknown }>('SELECT edited_values FROM researches')).rows[0]
    ?.edited_values;

test('everything given is kept, and what is not has its default', async () => {
  const input = {
    researchId: 'RSR-001',
    status: 'REVIEW',
    researcherId: 'anna',
    outputPath: 'out',
    metadata: { a: [1] },
  };
  expect(dataAt(await create(input), 'createResearch.research')).toEqual({
    researchId: 'RSR-001',
    title: 'T',
    status: 'REVIEW',
    metadata: { a: [1] },
    outputPath: 'out',
    researcher: { name: 'Anna' },
  });
  expect(dataAt(await create({}), 'createResearch.research')).toMatchObject({
    status: 'PLANNING',
    metadata: {},
    researcher: null,
  });
});

test('the next free number of the department is taken, never one that was used or is mentioned', async () => {
  expect(await idOf()).toBe('RSH-VID-001');
  await create({ researchId: 'RSH-VID-041' });
  expect(await idOf()).toBe('RSH-VID-042');
  await ask(DELETE, { id: 'RSH-VID-042' });
  expect(await idOf()).toBe('RSH-VID-043');
  expect(await idOf({ department: 'AI' })).toBe('RSH-AI-001');
  await database.owner.query(
    `INSERT INTO "references" (relation, owner_key, target, record_id, dataset, path, authority, modified_at, import_id)
     VALUES ('research_videos', 'RSH-AI-050', 'V', 'RSH-AI-050', 'researches', 'x', 100, now(), gen_random_uuid())`,
  );
  expect(await idOf({ department: 'AI' })).toBe('RSH-AI-051');
  await create({ researchId: 'RSH-AI-9999' });
  expect(await idOf({ department: 'AI' })).toBe('RSH-AI-10000');
});

test('many at once take numbers of their own', async () => {
  const ids = await Promise.all(Array.from({ length: 12 }, () => idOf()));
  expect(new Set(ids).size).toBe(12);
  expect(ids.toSorted().at(-1)).toBe('RSH-VID-012');
});

test.each([
  ['a key of another form', { researchId: 'TSM-008' }, 'BAD_USER_INPUT'],
  ['an empty title', { title: '  ' }, 'BAD_USER_INPUT'],
  ['a long title', { title: 'x'.repeat(2_001) }, 'BAD_USER_INPUT'],
  ['a researcher who is not there', { researcherId: 'nobody' }, 'BAD_USER_INPUT'],
  ['metadata that are no object', { metadata: [1] }, 'BAD_USER_INPUT'],
  ['a field that does not exist', { updatedDate: '2025-01-01' }, 'BAD_USER_INPUT'],
  ['a department that does not exist', { department: 'ALL' }, 'BAD_USER_INPUT'],
])('%s is refused and nothing is written', async (_what, input, code) => {
  expect(new Set(codesOf(await create(input)))).toEqual(new Set([code]));
  expect((await database.owner.query('SELECT FROM researches')).rowCount).toBe(0);
});

test('a key that exists is a conflict', async () => {
  await create({ researchId: 'RSR-001' });
  const answer = await create({ researchId: 'RSR-001' });
  expect(codesOf(answer)).toEqual(['CONFLICT']);
  expect(JSON.stringify(answer)).not.toContain('researches_');
});

test('in a patch what is absent is kept and null clears; the answer shows what was written', async () => {
  await create({ researchId: 'RSR-001', researcherId: 'anna', outputPath: 'out', metadata: { a: 1 } });
  const kept = await ask(UPDATE, { id: 'RSR-001', patch: { title: 'New' } });
  expect(dataAt(kept, 'updateResearch.research')).toMatchObject({
    title: 'New',
    outputPath: 'out',
    researcher: { name: 'Anna' },
  });
  const cleared = await ask(UPDATE, { id: 'RSR-001', patch: { outputPath: null, researcherId: null, metadata: null } });
  expect(dataAt(cleared, 'updateResearch.research')).toMatchObject({
    title: 'New',
    outputPath: null,
    researcher: null,
    metadata: {},
  });
});

test.each(['title', 'department', 'status'])('%s cannot be cleared', async (field) => {
  await create({ researchId: 'RSR-001' });
  expect(codesOf(await ask(UPDATE, { id: 'RSR-001', patch: { [field]: null } }))).toEqual(['BAD_USER_INPUT']);
});

test('a patch that changes nothing writes nothing', async () => {
  await create({ researchId: 'RSR-001' });
  const before = await database.owner.query('SELECT xmin, updated_date FROM researches');
  await ask(UPDATE, { id: 'RSR-001', patch: { title: 'T', status: 'PLANNING' } });
  await ask(UPDATE, { id: 'RSR-001', patch: {} });
  expect((await database.owner.query('SELECT xmin, updated_date FROM researches')).rows).toEqual(before.rows);
});

test('of a row that a file brought, an edit keeps what the file said, once', async () => {
  await create({ researchId: 'RSR-001', title: 'From the file' });
  await ask(UPDATE, { id: 'RSR-001', patch: { title: 'By hand' } });
  expect(await editedValues()).toBeNull();
  await database.owner.query(`UPDATE researches SET title = 'From the file', origin_import_id = gen_random_uuid()`);
  await ask(UPDATE, { id: 'RSR-001', patch: { title: 'One', status: 'PLANNING', outputPath: 'x' } });
  await ask(UPDATE, { id: 'RSR-001', patch: { title: 'Two', metadata: { b: 2 } } });
  expect(await editedValues()).toEqual({ title: 'From the file', output_path: null, metadata: {} });
});

test('what is deleted is gone with its links, and is marked so that no file brings it back; making it again lifts the mark', async () => {
  await create({ researchId: 'RSR-001' });
  const answer = await ask(DELETE, { id: 'RSR-001' });
  expect(dataAt(answer, 'deleteResearch.researchId')).toBe('RSR-001');
  const marks = () => database.owner.query('SELECT table_name, record_id, deleted_by FROM tombstones');
  expect((await marks()).rows).toEqual([{ table_name: 'researches', record_id: 'RSR-001', deleted_by: TESTER.label }]);
  await create({ researchId: 'RSR-001' });
  expect((await marks()).rows).toEqual([]);
});

test('what is not there can be neither changed nor deleted', async () => {
  expect(codesOf(await ask(UPDATE, { id: 'RSR-404', patch: { title: 'x' } }))).toEqual(['NOT_FOUND']);
  expect(codesOf(await ask(DELETE, { id: 'RSR-404' }))).toEqual(['NOT_FOUND']);
});

test('a viewer may do none of it; an editor may', async () => {
  const as = (role: 'viewer' | 'editor') => graphqlOver(database, { actor: { ...TESTER, role } });
  const input = { title: 'T', department: 'VID' };
  expect(codesOf(await as('viewer')(CREATE, { input }))).toEqual(['FORBIDDEN']);
  expect(codesOf(await as('editor')(CREATE, { input }))).toEqual([]);
  expect(codesOf(await as('viewer')(UPDATE, { id: 'RSH-VID-001', patch: { title: 'x' } }))).toEqual(['FORBIDDEN']);
  expect(codesOf(await as('viewer')(DELETE, { id: 'RSH-VID-001' }))).toEqual(['FORBIDDEN']);
  expect(codesOf(await as('editor')(DELETE, { id: 'RSH-VID-001' }))).toEqual([]);
});

test('two mutations in one document are two transactions, one after the other', async () => {
  const answer = await ask(`mutation {
    a: createResearch(input: { title: "A", department: VID }) { research { researchId } }
    b: createResearch(input: { title: "", department: VID }) { research { researchId } }
    c: updateResearch(researchId: "RSH-VID-001", patch: { title: "C" }) { research { title } }
  }`);
  expect(codesOf(answer)).toEqual(['BAD_USER_INPUT']);
  expect((await database.owner.query('SELECT title FROM researches')).rows).toEqual([{ title: 'C' }]);
});
