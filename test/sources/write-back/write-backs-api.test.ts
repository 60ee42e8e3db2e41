/** Write-backs as people make, run and forget them, over a folder of the machine. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { ADMIN_TOKEN, rootField, useTestApi } from '../../support/api.ts';
import { useTestDatabase } from '../../support/database.ts';

const database = await useTestDatabase();
const api = await useTestApi(database, { jobs: 'all' });
const place = join(api.root, 'team');
await mkdir(place);

const CREATE = `mutation ($input: CreateWriteBackInput!) {
  createWriteBack(input: $input) { writeBackId content timing path format nextRunAt lastStatus source { name } } }`;
const RUN = 'mutation ($source: ID!, $key: ID) { writeBack(sourceId: $source, writeBackId: $key) { lastJobId } }';
const READ =
  '{ writeBacks { nodes { writeBackId name lastStatus writtenVersion conflictPath error { code message } } } }';

interface Shown {
  readonly writeBackId: string;
  readonly lastStatus: string | null;
}

const sourceId = await addFolder();
await database.owner.query("INSERT INTO channels (channel_id, name, platform) VALUES ('c1', 'One', 'youtube')");

async function addFolder(token = ADMIN_TOKEN): Promise<string> {
  const input = { name: `team of ${token.length}`, sourceType: 'folder', isShared: true, config: { path: place } };
  const made = await api.ask(
    'mutation ($input: CreateDataSourceInput!) { createDataSource(input: $input) { sourceId connectionStatus } }',
    { input },
    token,
  );
  return rootField<{ readonly sourceId: string }>(made, 'createDataSource').sourceId;
}

const list = async () => rootField<{ nodes: readonly Shown[] }>(await api.ask(READ), 'writeBacks').nodes;
const shown = async (key: string) => (await list()).find(({ writeBackId }) => writeBackId === key);
const ended = (key: string, status: string) =>
  vi.waitFor(async () => expect((await shown(key))?.lastStatus).toBe(status), { timeout: 10_000, interval: 50 });

test('made by a mutation, run by a job, seen by its status', async () => {
  const input = {
    sourceId,
    name: 'channels',
    content: 'EXPORT',
    dataset: 'channels',
    path: 'out/list of channels.csv',
  };
  const made = rootField<Shown>(await api.ask(CREATE, { input }), 'createWriteBack');
  expect(made).toMatchObject({ content: 'EXPORT', timing: 'MANUAL', format: 'csv', lastStatus: null });
  rootField(await api.ask(RUN, { source: sourceId, key: made.writeBackId }), 'writeBack');
  await ended(made.writeBackId, 'WRITTEN');
  expect(await readFile(join(place, 'out/list of channels.csv'), 'utf8')).toMatch(/^channel_id,.*\nc1,One,/);
  await writeFile(join(place, 'out/list of channels.csv'), 'theirs, and longer');
  await database.owner.query("INSERT INTO channels (channel_id, name, platform) VALUES ('c2', 'Two', 'youtube')");
  rootField(await api.ask(RUN, { source: sourceId }), 'writeBack');
  await ended(made.writeBackId, 'CONFLICT');
  expect(await readFile(join(place, 'out/list of channels.csv'), 'utf8')).toBe('theirs, and longer');
  expect((await readdir(join(place, 'out'))).filter((name) => name.includes('conflicted copy'))).toHaveLength(1);
  const again = await api.ask(CREATE, { input: { ...input, path: 'OUT/List of channels.csv' } });
  expect(again.errors[0]?.extensions['code']).toBe('CONFLICT');
});

test('what cannot be written is refused before it is kept', async () => {
  const input = { sourceId, name: 'x', content: 'EXPORT', dataset: 'channels', path: 'a.csv' };
  const refused = async (more: object, token?: string) =>
    (await api.ask(CREATE, { input: { ...input, ...more } }, token)).errors[0]?.extensions['code'];
  const before = (await list()).length;
  for (const path of [
    '',
    '/a.csv',
    '../a.csv',
    'a/../b.csv',
    'a\\b.csv',
    'a\u0000.csv',
    `${'n'.repeat(300)}.csv`,
    'a. /b',
  ])
    expect(await refused({ path }), path).toBe('BAD_USER_INPUT');
  expect(await refused({ path: "a (Ada's conflicted copy 2026-11-21).csv" })).toBe('BAD_USER_INPUT');
  expect(await refused({ dataset: 'nothing' })).toBe('BAD_USER_INPUT');
  expect(await refused({ export: { fields: ['nothing'] } })).toBe('BAD_USER_INPUT');
  expect(await refused({ timing: 'INTERVAL' })).toBe('BAD_USER_INPUT');
  expect(await refused({ timing: 'INTERVAL', intervalSeconds: 5 })).toBe('BAD_USER_INPUT');
  expect(await refused({ content: 'ROWS', format: 'CSV' })).toBe('BAD_USER_INPUT');
  expect(await refused({ sourceId: '019a0b1c-2d3e-7f40-8a51-62738495a6b8' })).toBe('NOT_FOUND');
  // A shared source is seen by everybody; what is written into it is for its owner and administrators to say.
  expect(await refused({}, await api.tokenFor('editor', ['sources', 'research']))).toBe('FORBIDDEN');
  expect(await refused({}, await api.tokenFor('viewer'))).toBe('FORBIDDEN');
  expect(await list()).toHaveLength(before);
});

test('over REST it is made, changed, run and forgotten', async () => {
  const send = (method: string, path: string, body?: object) =>
    fetch(`${api.url}/api/v1/write-backs${path}`, {
      method,
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
  const given = {
    source_id: sourceId,
    name: 'rest',
    content: 'export',
    dataset: 'channels',
    path: 'r.json',
    format: 'json',
  };
  const made = await send('POST', '', given);
  expect(made.status).toBe(201);
  const { write_back_id: key } = (await made.json()) as { readonly write_back_id: string };
  const changed = await send('PATCH', `/${key}`, { timing: 'interval', interval_seconds: 3600 });
  expect(await changed.json()).toMatchObject({ timing: 'interval', interval_seconds: 3600 });
  expect((await send('POST', `/${key}/run`)).status).toBe(202);
  await ended(key, 'WRITTEN');
  expect(JSON.parse(await readFile(join(place, 'r.json'), 'utf8'))).toHaveLength(2);
  expect((await send('DELETE', `/${key}`)).status).toBe(204);
  expect((await send('GET', `/${key}`)).status).toBe(404);
  expect(await readdir(place)).toContain('r.json');
});
