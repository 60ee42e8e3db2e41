import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verifyToken } from '../../src/access/tokens.ts';
import { hashBytes } from '../../src/kernel/hash.ts';
import { runCairn } from '../support/command-line.ts';
import { createTestDatabase, type TestDatabase, useTestDatabase } from '../support/database.ts';
import { makeFolder } from '../support/folder.ts';
import { seedSource } from '../support/sources.ts';

const database = await useTestDatabase();
/** One that passes, one that does not. */
const VIDEOS =
  'video_id,title,source_url,status\nV-1,One,https://example.org/1,queued\nV-2,Two,https://example.org/2,nonsense\n';

async function pathsOf(of: TestDatabase): Promise<string[]> {
  const { rows } = await of.owner.query<{ path: string }>('SELECT path FROM imports ORDER BY path');
  return rows.map(({ path }) => path);
}

async function onFresh(work: (fresh: TestDatabase) => Promise<void>): Promise<void> {
  const fresh = await createTestDatabase();
  try {
    await work(fresh);
  } finally {
    await fresh.close();
  }
}

test('paths are kept relative to the folder given, to the file’s own folder, or to --root', () =>
  onFresh(async (fresh) => {
    const folder = await makeFolder({ 'a/channels.csv': 'channel_id,name\nCH-1,One\n' });
    await runCairn(fresh, ['import', folder]);
    await runCairn(fresh, ['import', join(folder, 'a', 'channels.csv')]);
    expect(await pathsOf(fresh)).toEqual(['a/channels.csv', 'channels.csv']);
    const rooted = [
      ['import', 'a', '--root', '.'],
      ['import', 'a/channels.csv', '--root', '.'],
      ['import', '.', '--root', '.'],
    ];
    for (const argv of rooted) {
      const { code, out } = await runCairn(fresh, [...argv, '--json'], { folder });
      expect(code).toBe(0);
      expect(JSON.parse(out).imports).toMatchObject([{ path: 'a/channels.csv', status: 'unchanged' }]);
    }
  }));

test('--dataset takes only that dataset’s files of a folder, below a root too', () =>
  onFresh(async (fresh) => {
    const folder = await makeFolder({
      'x/channels.csv': 'channel_id,name\nCH-1,One\n',
      'x/videos.csv': 'video_id,title\nV-1,One\n',
    });
    await runCairn(fresh, ['import', join(folder, 'x'), '--dataset', 'channels', '--root', folder]);
    expect(await pathsOf(fresh)).toEqual(['x/channels.csv']);
    await runCairn(fresh, ['import', folder, '--dataset', 'videos']);
    expect(await pathsOf(fresh)).toEqual(['x/channels.csv', 'x/videos.csv']);
  }));

test('a dry run tells what would happen and writes no row', () =>
  onFresh(async (fresh) => {
    const folder = await makeFolder({ 'videos.csv': VIDEOS });
    const { code, out } = await runCairn(fresh, ['import', folder, '--dry-run']);
    expect(code).toBe(1);
    expect(out).toContain('Dry run, nothing was written. 1 file: 2 read, 1 inserted');
    expect(out).toContain('videos.csv:3');
    const { rows } = await fresh.owner.query(
      'SELECT (SELECT count(*)::int FROM videos) + (SELECT count(*)::int FROM imports) AS n',
    );
    expect(rows).toEqual([{ n: 0 }]);
  }));

test('exported rejects are the bytes as they stood in their files, with a reason for each', () =>
  onFresh(async (fresh) => {
    const line = Buffer.from('V-2;Zw\xf6lf Fl\xfcsse;https://example.org/2;nonsense\r\n', 'latin1');
    const head = Buffer.from('video_id;title;source_url;status\r\nV-1;One;https://example.org/1;queued\r\n', 'latin1');
    const folder = await makeFolder({ 'deep/videos.csv': Buffer.concat([head, line]) });
    const to = join(await makeFolder(), 'out');
    await runCairn(fresh, ['import', folder]);
    const { code, out } = await runCairn(fresh, ['rejects', 'export', '--to', to, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ folder: to, rejects: 1, files: ['videos/deep/videos.csv.rejected'] });
    const kept = await readFile(join(to, 'videos/deep/videos.csv.rejected'));
    expect(kept.toString('latin1').trimEnd()).toBe(line.toString('latin1').trimEnd());
    expect(await readFile(join(to, 'reasons.csv'), 'utf8')).toMatch(
      /"deep\/videos\.csv","3",.*"status","INVALID_VALUE"/,
    );
    const again = await runCairn(fresh, ['rejects', 'export', '--to', to]);
    expect([again.code, again.err]).toEqual([2, expect.stringContaining('CONFLICT')]);
  }));

test('a path that climbs out of its folder does not lead an export out of its own', () =>
  onFresh(async (fresh) => {
    await fresh.owner.query(
      `WITH made AS (
         INSERT INTO imports (import_id, dataset, path, rules_version, status, actor)
         VALUES (gen_random_uuid(), 'videos', '../../../escaped', 1, 'imported', 'test') RETURNING import_id)
       INSERT INTO rejects (import_id, dataset, line, raw, errors)
       SELECT import_id, 'videos', 1, 'x', '[{"field": "", "code": "MALFORMED", "message": "no", "value": null}]' FROM made`,
    );
    const to = join(await makeFolder(), 'out');
    const { out } = await runCairn(fresh, ['rejects', 'export', '--to', to, '--json']);
    expect(JSON.parse(out).files).toEqual(['videos/_/_/_/escaped.rejected']);
  }));

test('a token is shown once, opens what its role allows, and nothing once revoked', async () => {
  const made = await runCairn(database, ['token', 'create', 'nightly', '--role', 'editor', '--expires', '90d']);
  const token = made.out.trim();
  expect(await verifyToken(database, token)).toMatchObject({ label: 'token:nightly', role: 'editor' });
  const listed = await runCairn(database, ['token', 'list']);
  expect(listed.out).toContain('nightly');
  expect(listed.out + listed.err).not.toContain(token);
  expect((await runCairn(database, ['token', 'revoke', 'nightly'])).out).toBe('revoked nightly\n');
  expect(await verifyToken(database, token)).toBeNull();
});

test('doctor finds rejects and half-run imports, and says what to do about them', () =>
  onFresh(async (fresh) => {
    await fresh.owner.query(
      `INSERT INTO imports (import_id, dataset, path, rules_version, status, actor, started_at)
       VALUES (gen_random_uuid(), 'videos', 'killed.csv', 1, 'running', 'test', now() - interval '1 hour')`,
    );
    const folder = await makeFolder({ 'videos.csv': 'video_id,title,status\nV-2,Two,nonsense\n' });
    const env = { CAIRN_DATA_DIR: folder };
    const { code, out } = await runCairn(fresh, ['doctor', '--json'], { env });
    expect(code).toBe(0);
    const { works, checks } = JSON.parse(out);
    expect(works).toBe(true);
    const states = Object.fromEntries(checks.map((each: { check: string; state: string }) => [each.check, each.state]));
    expect(states).toMatchObject({
      Node: 'ok',
      settings: 'ok',
      rights: 'ok',
      rejects: 'ok',
      'half-run imports': 'warn',
    });
    await runCairn(fresh, ['import', folder]);
    const after = await runCairn(fresh, ['doctor'], { env });
    expect(after.out).toMatch(/warn {2}rejects +1 open\n +See why: npm run -s cairn -- rejects list/);
    expect(after.out).toMatch(/ok {4}half-run imports +none/);
  }));

test('doctor --deep tells each thing under a name of its own; keys that are not as they look are a warning', () =>
  onFresh(async (fresh) => {
    for (const state of [
      { connection_status: 'needs_reauth' },
      { connection_status: 'error' },
      { last_sync_status: 'waiting' },
    ])
      await seedSource(fresh.owner, state);
    await fresh.owner.query("INSERT INTO employees (employee_id, name) VALUES (U&'ann\\200B', 'Ann')");
    const { out } = await runCairn(fresh, ['doctor', '--deep', '--json']);
    const { checks } = JSON.parse(out);
    const names = checks.map(({ check }: { check: string }) => check);
    expect(names).toEqual([...new Set(names)]);
    expect(checks).toContainEqual({
      check: 'keys as seen',
      state: 'warn',
      found: expect.stringContaining('employees ann‹U+200B›: no ann stands beside it'),
      advice: expect.stringContaining('\\u200B'),
    });
  }));

test('doctor tells of jobs that wait where no process runs them', () =>
  onFresh(async (fresh) => {
    await fresh.owner.query(
      `INSERT INTO jobs (job_id, kind, actor, actor_kind, role, not_before)
       VALUES (gen_random_uuid(), 'export', 'token:a', 'token', 'viewer', '2026-01-02T03:04:05Z')`,
    );
    const { code, out } = await runCairn(fresh, ['doctor']);
    expect(code).toBe(0);
    expect(out).toMatch(
      /warn {2}waiting jobs +1 in vain since 2026-01-02T03:04:05.000Z: no process of this hub runs jobs/,
    );
    expect(out).toMatch(/Start a server, or a worker: npm start -- --role worker/);
    await fresh.owner.query(
      `INSERT INTO jobs (job_id, kind, actor, actor_kind, role, status, lease_until)
       VALUES (gen_random_uuid(), 'sync', 'token:b', 'token', 'importer', 'running', now() + interval '1 hour')`,
    );
    expect((await runCairn(fresh, ['doctor'])).out).toMatch(/ok {4}waiting jobs +none in vain/);
  }));

test('doctor tells a faulty setting and does not go on as if it were right', async () => {
  const { code, out } = await runCairn(database, ['doctor'], { env: { PORT: 'x' } });
  expect(code).toBe(2);
  expect(out).toContain('fail  settings');
  expect(out).not.toContain('database');
});

test('datasets lists each with its table, rows and files', async () => {
  const { out } = await runCairn(database, ['datasets', '--json']);
  const { datasets } = JSON.parse(out);
  expect(datasets.map(({ name }: { name: string }) => name)).toContain('researches');
  expect(datasets[0]).toMatchObject({ name: 'analysis_results', table: 'analysis_results', rows: 0, lastImport: null });
});

test('operations lists the documents that a client may name, by the hash of their text', async () => {
  const { code, out } = await runCairn(database, ['operations', '--json']);
  const { operations } = JSON.parse(out);
  expect(code).toBe(0);
  const stats = operations.find(({ name }: { name: string }) => name === 'DashboardOverview');
  expect(stats).toMatchObject({ file: 'operations/dashboard.graphql', hash: hashBytes(stats.text) });
  expect((await runCairn(database, ['operations'])).out).toContain(stats.hash);
});

test('operations tells a faulty document of one’s own with its line', async () => {
  const folder = await makeFolder({ 'mine.graphql': 'query Mine {\n  nothing\n}' });
  const { code, err } = await runCairn(database, ['operations'], { env: { CAIRN_OPERATIONS_DIR: folder } });
  expect(code).toBe(2);
  expect(err).toContain('mine.graphql:2');
});
