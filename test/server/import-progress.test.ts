import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createToken, revokeToken } from '../../src/access/tokens.ts';
import importJob from '../../src/ingest/import.job.ts';
import importFolderJob from '../../src/ingest/import-folder.job.ts';
import { ADMIN_TOKEN, rootField, useTestApi } from '../support/api.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';

const database = await useTestDatabase();
const api = await useTestApi(database, { jobs: [importJob, importFolderJob] });

const PROGRESS =
  'subscription ($importId: ID!) { importProgress(importId: $importId) { importId status bytesRead bytesTotal read rejected } }';
const START = 'mutation ($input: ImportFileInput!) { importFile(input: $input) { importId status } }';

interface Event {
  readonly status: string;
  readonly read: number;
  readonly bytesTotal: number | null;
}

const subscribe = (importId: string, token: string = ADMIN_TOKEN, signal?: AbortSignal): Promise<Response> =>
  fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: PROGRESS, variables: { importId } }),
    ...(signal && { signal }),
  });

/** An import that never gets on by itself. */
async function beginImport(importId: string): Promise<void> {
  await database.owner.query(
    "INSERT INTO imports (import_id, dataset, path, rules_version, actor) VALUES ($1, 'channels', 'x', 1, 'token:x')",
    [importId],
  );
}

/** All events until the stream ends by itself. */
async function eventsOf(response: Response): Promise<Event[]> {
  const text = await response.text();
  expect(text).toContain('event: complete');
  return [...text.matchAll(/^data: (\{.*\})$/gm)].map(
    ([, json]) => (JSON.parse(json ?? '') as { data: { importProgress: Event } }).data.importProgress,
  );
}

async function writeChannels(name: string, rows: number): Promise<void> {
  const lines = Array.from({ length: rows }, (_, row) => `${name}-${row},Channel ${row}\n`);
  await writeFile(join(api.root, `${name}.csv`), `channel_id,name\n${lines.join('')}`);
}

const start = async (name: string): Promise<string> => {
  const answer = await api.ask(START, { input: { path: `${name}.csv`, dataset: 'channels', wait: false } });
  const { importId, status } = rootField<{ importId: string; status: string }>(answer, 'importFile');
  expect(status).toBe('RUNNING');
  return importId;
};

describe('an import that nobody waits for', () => {
  test('is answered at once and followed until it has ended', async () => {
    await writeChannels('many', 30_000);
    const importId = await start('many');
    const events = await eventsOf(await subscribe(importId));
    expect(events.at(-1)).toMatchObject({ importId, status: 'IMPORTED', read: 30_000 });
    expect(events.slice(0, -1).every(({ status }) => status === 'RUNNING')).toBe(true);
    const read = events.map((event) => event.read);
    expect(read).toEqual(read.toSorted((a, b) => a - b));
  });

  test('is told to whoever comes late', async () => {
    await writeChannels('late', 10);
    const importId = await start('late');
    await eventsOf(await subscribe(importId));
    expect(await eventsOf(await subscribe(importId))).toEqual([
      expect.objectContaining({ status: 'IMPORTED', read: 10 }),
    ]);
  });

  test('that fails says so', async () => {
    await writeFile(join(api.root, 'broken.csv'), 'channel_id,channel_id\n1,2\n');
    expect((await eventsOf(await subscribe(await start('broken')))).at(-1)).toMatchObject({ status: 'FAILED' });
  });

  test('of a folder follows each file', async () => {
    const query = `mutation { importFolder(input: { path: ".", wait: false }) {
      totals { files read } imports { nodes { importId status } } skipped { totalCount } } }`;
    await writeFile(join(api.root, 'channels.csv'), 'channel_id,name\nF-1,Folder\n');
    const found = rootField<{ imports: { nodes: { importId: string; status: string }[] } }>(
      await api.ask(query),
      'importFolder',
    );
    expect(found.imports.nodes.length).toBeGreaterThan(0);
    for (const { importId, status } of found.imports.nodes) {
      expect(status).toBe('RUNNING');
      expect((await eventsOf(await subscribe(importId))).at(-1)).toMatchObject({ status: 'IMPORTED' });
    }
  });
});

describe('a subscription', () => {
  test.each(['0198a000-0000-7000-8000-000000000000', 'garbage'])(
    'to an import that is not there (%s) says so',
    async (id) => {
      expect(await (await subscribe(id)).text()).toContain('NOT_FOUND');
    },
  );

  test('ends when its token is revoked', async () => {
    const importId = '0198a000-0000-7000-8000-000000000002';
    await beginImport(importId);
    const { token } = await createToken(database, TESTER, { name: 'watcher', role: 'viewer' });
    const response = await subscribe(importId, token);
    expect(response.headers.get('cache-control')).toBe('no-store');
    await revokeToken(database, TESTER, 'watcher');
    await database.owner.query('UPDATE imports SET read = 1 WHERE import_id = $1', [importId]);
    const text = await response.text();
    expect(text).not.toContain('"read":1');
    expect(text).toMatch(/"code":"UNAUTHENTICATED".*\n\nevent: complete\n/);
  });

  test('is refused beyond five of one actor, and possible again when one has ended', async () => {
    const importId = '0198a000-0000-7000-8000-000000000001';
    await beginImport(importId);
    const token = await api.tokenFor('viewer');
    const leave = Array.from({ length: 5 }, () => new AbortController());
    const open = await Promise.all(leave.map(({ signal }) => subscribe(importId, token, signal)));
    expect(open.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    const sixth = await subscribe(importId, token);
    expect(sixth.status).toBe(429);
    expect(await sixth.text()).toContain('RATE_LIMITED');
    leave[0]?.abort();
    await expect.poll(async () => (await subscribe(importId, token, AbortSignal.timeout(500))).status).toBe(200);
    for (const controller of leave) controller.abort();
  });
});
