import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Answered, rootField, useTestApi } from '../support/api.ts';
import { useTestDatabase } from '../support/database.ts';

const database = await useTestDatabase();
const api = await useTestApi(database);

const IMPORT = `mutation ($input: ImportFileInput!) { importFile(input: $input) {
  importId dataset path status dryRun read inserted updated unchanged rejected fileHash startedAt finishedAt
  error { code message hint }
  rejects(first: 20) { totalCount edges { node { id line raw status importId errors { field code message value } } } }
} }`;

interface Imported {
  importId: string;
  path: string;
  status: string;
  dryRun: boolean;
  read: number;
  inserted: number;
  error: { code: string; hint: string } | null;
  rejects: { totalCount: number; edges: { node: { id: string; raw: string; line: number } }[] };
}

const channels = (rows: string): string => `channel_id,name\n${rows}`;
const importFile = (input: object, token?: string): Promise<Answered> => api.ask(IMPORT, { input }, token);
const imported = async (input: object): Promise<Imported> => rootField(await importFile(input), 'importFile');
const count = async (table: string): Promise<number> => {
  const { rows } = await database.owner.query<{ total: bigint }>(`SELECT count(*) AS total FROM ${table}`);
  return Number(rows[0]?.total);
};

beforeAll(async () => {
  await mkdir(join(api.root, 'sub'));
  await writeFile(join(api.root, 'sub', 'channels.csv'), channels('C-1,One\nC-2,Two\n,no key\n'));
  await writeFile(join(api.root, 'notes.txt'), 'nothing');
  await writeFile(join(api.root, 'channels.json'), '[{"channel_id": "C-9", ');
});

describe('an import by path', () => {
  test('is tried without a trace: what a dry run finds is answered with its rejects, and no row is written', async () => {
    const before = await Promise.all(['channels', 'imports', 'rejects', 'change_log'].map(count));
    const found = await imported({ path: 'sub/channels.csv', dryRun: true });
    expect(found).toMatchObject({ status: 'IMPORTED', dryRun: true, read: 3, inserted: 2 });
    expect(found.rejects).toMatchObject({ totalCount: 1, edges: [{ node: { line: 4, raw: ',no key' } }] });
    expect(await Promise.all(['channels', 'imports', 'rejects', 'change_log'].map(count))).toEqual(before);
  });

  test('answers its counts and its rejects, and is kept under its own name', async () => {
    const found = await imported({ path: 'sub/channels.csv' });
    expect(found).toMatchObject({ status: 'IMPORTED', dryRun: false, path: 'channels.csv', read: 3, inserted: 2 });
    expect(found.rejects.edges[0]?.node).toMatchObject({ line: 4, raw: ',no key', importId: found.importId });
  });

  test('is kept relative to the root that is given', async () => {
    expect(await imported({ path: 'sub/channels.csv', root: '.' })).toMatchObject({ path: 'sub/channels.csv' });
  });

  test('of a broken file is answered as failed, with what to do', async () => {
    const found = await imported({ path: 'channels.json' });
    expect(found).toMatchObject({ status: 'FAILED', read: 0, error: { code: 'FILE_MALFORMED' } });
  });

  test.each([
    [{}, 'BAD_USER_INPUT'],
    [{ path: 'notes.txt' }, 'BAD_USER_INPUT'],
    [{ path: 'absent.csv' }, 'NOT_FOUND'],
    [{ path: '../outside.csv' }, 'FORBIDDEN'],
    [{ path: '/etc/passwd' }, 'FORBIDDEN'],
    [{ path: 'link.csv' }, 'FORBIDDEN'],
    [{ path: 'sub' }, 'BAD_USER_INPUT'],
    [{ path: 'sub/channels.csv', root: '/etc' }, 'FORBIDDEN'],
    [{ path: '../channels.json', root: 'sub' }, 'FORBIDDEN'],
    [{ path: 'channels.json', root: 'sub' }, 'FORBIDDEN'],
    [{ path: 'a\0b.csv' }, 'BAD_USER_INPUT'],
    [{ path: 'sub/channels.csv', dataset: 'nonsense' }, 'BAD_USER_INPUT'],
    [{ path: 'sub/channels.csv', dryRun: true, wait: false }, 'BAD_USER_INPUT'],
    [{ file: { name: '../../x', size: 5 } }, 'BAD_USER_INPUT'],
  ])('with %j is refused, and no import is written', async (input, code) => {
    await symlink('/etc/passwd', join(api.root, 'link.csv')).catch(() => undefined);
    const before = await count('imports');
    const answer = await importFile(input);
    expect(answer.errors.map(({ extensions }) => extensions['code'])).toEqual([code]);
    expect(await count('imports')).toBe(before);
  });
});

describe('an upload', () => {
  const upload = (name: string, text: string, input: object = {}): Promise<Answered> =>
    api.upload(IMPORT, { input: { ...input, file: null } }, { 'variables.input.file': new File([text], name) });

  test('is matched by its name and leaves no file behind', async () => {
    const found = rootField<Imported>(await upload('channels.csv', channels('U-1,Uploaded\n')), 'importFile');
    expect(found).toMatchObject({ status: 'IMPORTED', path: 'channels.csv', inserted: 1 });
    expect(await readdir(join(api.root, '..', 'data', 'uploads'))).toEqual([]);
  });

  test('goes into the dataset that is named', async () => {
    const answer = await upload('anything.csv', channels('U-2,Named\n'), { dataset: 'channels' });
    expect(rootField<Imported>(answer, 'importFile')).toMatchObject({ dataset: 'channels', inserted: 1 });
  });

  test.each(['../../etc/channels.csv', 'C:\\data\\channels.csv'])(
    'named %s is kept under the name alone',
    async (name) => {
      const found = rootField<Imported>(await upload(name, channels('U-3,Path\n')), 'importFile');
      expect(found.path).toBe('channels.csv');
    },
  );

  test.each(['..', 'a\u0001b.csv', '\u202egpj.csv', 'x'.repeat(256)])('named %j is refused', async (name) => {
    const answer = await upload(name, channels('U-5,x\n'), { dataset: 'channels' });
    expect(answer.errors[0]?.extensions['code']).toBe('BAD_USER_INPUT');
    expect(await readdir(join(api.root, '..', 'data', 'uploads'))).toEqual([]);
  });

  test('with a path beside it is refused', async () => {
    const answer = await upload('channels.csv', channels('U-4,x\n'), { path: 'sub/channels.csv' });
    expect(answer.errors[0]?.extensions['code']).toBe('BAD_USER_INPUT');
    expect(await readdir(join(api.root, '..', 'data', 'uploads'))).toEqual([]);
  });
});

test('records that are none are rejects; the others of their batch are taken in', async () => {
  const records = [5, { employee_id: 'EMP-801', name: 'Taken' }, 'text', [], true];
  const { errors, data } = await api.ask(
    `mutation ($records: [JSON!]!) { importRecords(dataset: "employees", records: $records) {
       status read inserted rejected rejects { nodes { line raw errors { code } } } } }`,
    { records },
  );
  expect(errors).toEqual([]);
  const malformed = [1, 3, 4, 5].map((line) => {
    return { line, raw: JSON.stringify(records[line - 1]), errors: [{ code: 'MALFORMED' }] };
  });
  const rejects = { nodes: expect.arrayContaining(malformed) };
  expect(data?.['importRecords']).toMatchObject({ status: 'IMPORTED', read: 5, inserted: 1, rejected: 4, rejects });
});

test('a record whose text cannot be kept is one reject, and costs no other', async () => {
  const importRecords =
    'mutation ($records: [JSON!]!) { importRecords(dataset: "employees", records: $records) { status inserted rejected rejects { nodes { line raw errors { code } } } } }';
  const unfit = [{ employee_id: 'EMP-804', name: 'B', notes: ['fine', 'a\0'] }, 'a\0', { '\ud800': 1 }];
  const { errors, data } = await api.ask(importRecords, { records: [{ employee_id: 'EMP-803', name: 'A' }, ...unfit] });
  expect(errors).toEqual([]);
  const nodes = unfit.map((record, at) => ({
    line: at + 2,
    raw: JSON.stringify(record),
    errors: [{ code: 'MALFORMED' }],
  }));
  expect(data?.['importRecords']).toEqual({
    status: 'IMPORTED',
    inserted: 1,
    rejected: 3,
    rejects: { nodes: expect.arrayContaining(nodes) },
  });
  // Anywhere else it is refused, and told by its place.
  const both =
    'mutation ($records: [JSON!]!, $name: String!) { importRecords(dataset: $name, records: $records) { status } }';
  const asked = await api.ask(both, { records: unfit, name: 'a\0' });
  expect(asked.errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'name' });
  const twice =
    'mutation ($records: [JSON!]!) { importRecords(dataset: "employees", records: $records) { rejects(where: { dataset: { in: $records } }) { totalCount } } }';
  expect((await api.ask(twice, { records: ['a\0'] })).errors).not.toEqual([]);
});

describe('roles', () => {
  const MUTATIONS: readonly (readonly [string, string, object])[] = [
    ['importFile', IMPORT, { input: { path: 'sub/channels.csv' } }],
    [
      'importFolder',
      'mutation ($input: ImportFolderInput!) { importFolder(input: $input) { totals { files } } }',
      { input: { path: 'sub' } },
    ],
    [
      'importRecords',
      'mutation ($records: [JSON!]!) { importRecords(dataset: "channels", records: $records) { status } }',
      { records: [{ channel_id: 'R-1', name: 'Role' }] },
    ],
  ];

  test.each(MUTATIONS)('%s needs an editor: a viewer is refused, an editor is not', async (_name, query, variables) => {
    const [viewer, editor] = [await api.tokenFor('viewer'), await api.tokenFor('editor')];
    const before = await count('imports');
    expect((await api.ask(query, variables, viewer)).errors[0]?.extensions['code']).toBe('FORBIDDEN');
    expect(await count('imports')).toBe(before);
    expect((await api.ask(query, variables, editor)).errors).toEqual([]);
    expect(await count('imports')).toBe(before + 1);
  });

  test('a viewer reads imports, rejects and datasets', async () => {
    const query =
      '{ imports { totalCount } rejects { totalCount } datasets { name rows openRejects lastImport { actor } } }';
    expect((await api.ask(query, {}, await api.tokenFor('viewer'))).errors).toEqual([]);
  });
});

describe('rejects', () => {
  test('are found by their import, dataset, status and code', async () => {
    await writeFile(join(api.root, 'two-faults.csv'), channels(`,no key\nC-7,${'x'.repeat(5_000)}\n`));
    const { importId, rejects } = await imported({ path: 'two-faults.csv', dataset: 'channels' });
    expect(rejects.totalCount).toBe(2);
    const where = { importId: { equals: importId }, dataset: { in: ['channels'] }, status: { equals: 'OPEN' } };
    const query = 'query ($where: RejectFilter) { rejects(where: $where) { nodes { line import { importId } } } }';
    const found = async (code: object): Promise<unknown> =>
      rootField(await api.ask(query, { where: { ...where, code } }), 'rejects');
    expect(await found({ equals: 'MISSING' })).toEqual({ nodes: [{ line: 2, import: { importId } }] });
    expect(await found({ in: ['TOO_LONG', 'MALFORMED'] })).toEqual({ nodes: [{ line: 3, import: { importId } }] });
    expect(await found({ in: [] })).toEqual({ nodes: [] });
  });

  test('are shown as far as asked, in the encoding of their file', async () => {
    await writeFile(join(api.root, 'wide.csv'), Buffer.from(`\ufeff${channels(',кириця\n')}`, 'utf16le'));
    const { importId } = await imported({ path: 'wide.csv', dataset: 'channels' });
    const query = `query ($id: String!) { import(importId: $id) {
      rejects { nodes { raw short: raw(maxLength: 3) } } } }`;
    const { rejects } = rootField<Imported & { rejects: { nodes: unknown[] } }>(
      await api.ask(query, { id: importId }),
      'import',
    );
    expect(rejects.nodes).toEqual([{ raw: ',кириця', short: ',ки' }]);
    const tooLong = await api.ask('{ rejects { nodes { raw(maxLength: 2000000) } } }');
    expect(tooLong.errors[0]?.extensions['code']).toBe('BAD_USER_INPUT');
  });
});
