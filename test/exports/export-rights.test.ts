/** What a token may not see it cannot export, by whichever way it asks. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MIGRATIONS } from '../../src/database/migrate.ts';
import { writeSession } from '../../src/database/session.ts';
import { loadCatalogue } from '../../src/exports/catalogue.ts';
import { checkedRequest } from '../../src/exports/request.ts';
import { saveExport } from '../../src/exports/saved.ts';
import { loadRegistry } from '../../src/ingest/registry.ts';
import type { Actor } from '../../src/kernel/actor.ts';
import { ADMIN_TOKEN, useTestApi } from '../support/api.ts';
import { useTestDatabase } from '../support/database.ts';

const database = await useTestDatabase();
const api = await useTestApi(database);

const ask = async (token: string | undefined, path: string, body?: object, method = 'POST'): Promise<number> => {
  const response = await fetch(new URL(path, `${api.url}/api/v1/`), {
    headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    ...(body !== undefined && { method, body: JSON.stringify(body) }),
  });
  await response.arrayBuffer();
  return response.status;
};

test('without a token nothing of exports answers', async () => {
  for (const path of ['exports/videos.csv', 'exports', 'saved-exports', 'saved-exports/video_queue'])
    expect([path, await ask(undefined, path)]).toEqual([path, 401]);
});

test('a token of another context exports no rows of this one: no dataset, list, query, saved export or filter', async () => {
  await ask(ADMIN_TOKEN, 'saved-exports/mine', { source: 'researches', format: 'csv', is_shared: true }, 'PUT');
  const stranger = await api.tokenFor('admin', ['access']);
  const where = encodeURIComponent('{"videoId":{"equals":"x"}}');
  for (const name of ['videos.csv', 'research_videos.csv', 'stats_by_department.json', 'video_queue.csv', 'mine.csv'])
    expect([name, await ask(stranger, `exports/${name}`)]).toEqual([name, 403]);
  for (const filter of [`where=${where}`, 'status=queued', 'sort=-created_date', 'fields=video_id'])
    expect([filter, await ask(stranger, `exports/videos.csv?${filter}`)]).toEqual([filter, 403]);
  for (const body of [{ source: 'videos' }, { source: 'stats_by_department' }, { saved: 'mine' }])
    expect([body, await ask(stranger, 'exports', body)]).toEqual([body, 403]);
  expect(await ask(stranger, 'saved-exports/other', { source: 'videos', format: 'csv' }, 'PUT')).toBe(403);
  for (const input of ['source: "videos"', 'saved: "mine"']) {
    const { errors } = await api.ask(`mutation { startExport(input: { ${input} }) { exportId } }`, {}, stranger);
    expect(errors[0]?.extensions['code']).toBe('FORBIDDEN');
  }
});

test('an export that somebody shares of rows that are not the reader’s to see is in no list of theirs', async () => {
  await ask(ADMIN_TOKEN, 'saved-exports/staff', { source: 'users', format: 'csv', is_shared: true }, 'PUT');
  const names = async (token: string): Promise<string[]> => {
    const { data } = await api.ask('{ savedExports { name } }', {}, token);
    const listed = Object(data)['savedExports'].map(({ name }: { readonly name: string }) => name);
    const { data: same } = await (
      await fetch(new URL('saved-exports', `${api.url}/api/v1/`), { headers: { authorization: `Bearer ${token}` } })
    ).json();
    expect(same.map(({ name }: { readonly name: string }) => name)).toEqual(listed);
    return listed;
  };
  expect(await names(ADMIN_TOKEN)).toContain('staff');
  const viewer = await api.tokenFor('viewer');
  expect(await names(viewer)).toEqual(['mine', 'researches_latest', 'stats_by_department', 'video_queue']);
  expect(await ask(viewer, 'saved-exports/staff')).toBe(403);
  expect(await names(await api.tokenFor('admin', ['access']))).toEqual(['staff']);
  // Nor is it told to who had another one under its name.
  const editor = await api.tokenFor('editor');
  await ask(editor, 'saved-exports/staff', { source: 'videos', format: 'csv' }, 'PUT');
  const deleted = await api.ask('mutation { deleteSavedExport(name: "staff") { source } }', {}, editor);
  expect(deleted).toMatchObject({ data: { deleteSavedExport: null } });
});

test('a viewer exports what viewers read and no tokens or users, and saves nothing for others', async () => {
  const viewer = await api.tokenFor('viewer', ['research']);
  expect(await ask(viewer, 'exports/videos.csv')).toBe(200);
  for (const name of ['tokens', 'users']) expect([name, await ask(viewer, `exports/${name}.csv`)]).toEqual([name, 403]);
  expect(await ask(viewer, 'saved-exports/other', { source: 'videos', format: 'csv' }, 'PUT')).toBe(403);
});

test('what was asked of jobs before that was known to be private is no longer for everybody, nor what it came to', async () => {
  const { owner } = database;
  await owner.query(
    `INSERT INTO saved_exports (name, source, format, owner, owner_id, is_shared)
     VALUES ('runs', 'jobs', 'csv', 'token:a', 'hub', true), ('plain', 'videos', 'csv', 'token:a', 'hub', true);
     INSERT INTO exports (export_id, source, format, path, actor)
     VALUES (gen_random_uuid(), 'jobs', 'csv', 'jobs.csv', 'token:a'), (gen_random_uuid(), 'videos', 'csv', 'v.csv', 'token:a')`,
  );
  await owner.query(
    await readFile(join(MIGRATIONS, '20261122074948_exports_of_jobs_private', 'migration.sql'), 'utf8'),
  );
  const saved = await owner.query(
    "SELECT name, is_shared FROM saved_exports WHERE name IN ('runs', 'plain') ORDER BY 1",
  );
  expect(saved.rows).toEqual([
    { name: 'plain', is_shared: true },
    { name: 'runs', is_shared: false },
  ]);
  const lines = await owner.query("SELECT path, private_to FROM exports WHERE actor = 'token:a' ORDER BY 1");
  expect(lines.rows).toEqual([
    { path: 'jobs.csv', private_to: '' },
    { path: 'v.csv', private_to: null },
  ]);
});

test('of two who share the same new name at once, one keeps it', async () => {
  const catalogue = await loadCatalogue(await loadRegistry());
  const save = (label: string) => {
    const credential = { kind: 'token', id: randomUUID(), userId: null, expiresAt: null } as const;
    const actor: Actor = { kind: 'token', label, role: 'editor', credential };
    const given = { ...checkedRequest('videos', 'csv', {}), name: 'fresh', description: label, isShared: true };
    return writeSession(database.write, actor, ({ query }) => saveExport(query, catalogue, actor, given));
  };
  const saved = await Promise.allSettled([save('token:a'), save('token:b')]);
  expect(saved.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const { rows } = await database.owner.query(
    "SELECT owner = description AS own FROM saved_exports WHERE name = 'fresh'",
  );
  expect(rows).toEqual([{ own: true }]);
});
