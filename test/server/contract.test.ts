import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, print } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { PROJECT_ROOT } from '../../src/kernel/config.ts';
import { rootField, useTestApi } from '../support/api.ts';
import { useTestDatabase } from '../support/database.ts';

const database = await useTestDatabase();
const api = await useTestApi(database);

const documents = new Map<string, string>();
for (const file of ['ingest.graphql', 'research.graphql']) {
  const text = await readFile(join(PROJECT_ROOT, 'test', 'contract-documents', file), 'utf8');
  for (const node of parse(text).definitions)
    if ('name' in node && node.name) documents.set(node.name.value, print(node));
}
const ask = (name: string, variables: object = {}) => api.ask(documents.get(name) ?? '', variables);

beforeAll(() => cp(join(PROJECT_ROOT, 'samples'), api.root, { recursive: true }));

describe('documents that clients already send are answered over HTTP', () => {
  test('ImportFolder imports, and the second time nothing', async () => {
    const first = await ask('ImportFolder', { input: { path: '.' } });
    const { totals, imports, skipped } = rootField<{
      totals: Record<string, number>;
      imports: { totalCount: number };
      skipped: { totalCount: number };
    }>(first, 'importFolder');
    expect(totals['read']).toBeGreaterThan(0);
    expect(totals['read']).toBe(
      ['inserted', 'updated', 'unchanged', 'rejected'].reduce((sum, name) => sum + (totals[name] ?? 0), 0),
    );
    expect(imports.totalCount).toBe(totals['files']);
    expect(skipped.totalCount).toBeGreaterThan(0);
    const second = await ask('ImportFolder', { input: { path: '.' } });
    expect(second.data?.['importFolder']).toMatchObject({ totals: { files: totals['files'], read: 0, inserted: 0 } });
  });

  test.each([
    ['Imports', { first: 10, where: { status: { equals: 'IMPORTED' } } }],
    ['Rejects', { first: 10, where: { status: { equals: 'OPEN' } } }],
    ['Datasets', {}],
    ['History', { table: 'researches', key: 'RSH-VID-001', first: 5 }],
    ['Researches', { first: 100, orderBy: [{ createdDate: 'DESC' }] }],
    ['ResearchById', { researchId: 'RSH-VID-001' }],
    ['Videos', { first: 10 }],
    ['VideoById', { videoId: 'Video_001' }],
    ['Channels', { first: 10 }],
    ['Influencers', { first: 10 }],
    ['SearchTranscripts', { query: 'video', first: 5 }],
    ['Stats', {}],
  ])('%s', async (name, variables) => {
    const answer = await ask(name, variables);
    expect(answer.errors).toEqual([]);
    expect(answer.status).toBe(200);
    expect(answer.data).not.toBeNull();
  });

  test('ImportFile and ImportRecords count and reject', async () => {
    const file = await ask('ImportFile', { input: { path: 'RESEARCHES_Master_List.csv', root: '.' } });
    expect(file.errors).toEqual([]);
    expect(file.data?.['importFile']).toMatchObject({ status: 'UNCHANGED', dryRun: false, read: 0 });
    const records = await ask('ImportRecords', {
      dataset: 'channels',
      records: [{ channel_id: 'UC-contract', name: 'Contract' }, { name: 'no key' }],
    });
    expect(records.errors).toEqual([]);
    expect(records.data?.['importRecords']).toMatchObject({ status: 'IMPORTED', read: 2, inserted: 1, rejected: 1 });
  });
});
