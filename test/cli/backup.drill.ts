/** `cairn backup` and `cairn restore` as scripts and people use them. */
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { emptyDatabase, folderForTest } from '../support/backups.ts';
import { runCairn } from '../support/command-line.ts';
import { useTestDatabase } from '../support/database.ts';

const database = await useTestDatabase();
const env = { DATABASE_URL: database.ownerUrl };

test('taken, checked and restored by a script, which reads one JSON object each time', async () => {
  await database.owner.query("INSERT INTO employees (employee_id, name) VALUES ('E1', 'Ada')");
  const folder = await folderForTest();
  const taken = await runCairn(database, ['backup', 'kept', '--keep', '1', '--json'], { folder, env });
  expect(taken.code, taken.err).toBe(0);
  const backup = JSON.parse(taken.out);
  expect(backup).toMatchObject({ kind: 'portable', rows: { employees: 1, change_log: 1 }, removed: [] });
  const again = await runCairn(database, ['backup', 'kept', '--keep', '1', '--json'], { folder, env });
  const { folder: kept, removed } = JSON.parse(again.out);
  expect(removed).toEqual([backup.folder]);

  const checked = await runCairn(database, ['backup', kept, '--verify', '--json'], { folder, env });
  expect(JSON.parse(checked.out)).toMatchObject({ folder: kept, rows: { employees: 1 } });
  const url = await emptyDatabase();
  const path = join('kept', basename(kept));
  const restored = await runCairn(database, ['restore', path, '--json'], { folder, env: { DATABASE_URL: url } });
  expect(restored.code, restored.out + restored.err).toBe(0);
  expect(JSON.parse(restored.out)).toMatchObject({
    kind: 'portable',
    rows: { employees: 1 },
    faults: [],
    leftOut: [],
    endedImports: 0,
  });
  expect(restored.out + restored.err).not.toContain(decodeURIComponent(new URL(url).password));
  const twice = await runCairn(database, ['restore', path], { folder, env: { DATABASE_URL: url } });
  expect(twice).toMatchObject({ code: 2, err: expect.stringMatching(/CONFLICT: .* is not empty(.|\n)*--into/) });
});

test('a person reads what was done, and what to do where nothing could be', async () => {
  const folder = await folderForTest();
  const taken = await runCairn(database, ['backup', folder], { env });
  expect(taken.out).toMatch(
    /cairn-[\dTZ.-]+-portable\nholds \d+ rows? of \d+ tables, as of \S+ \(\d+ files, [\d.]+ (bytes|kB)\)\nRestore it: /,
  );
  const none = await runCairn(database, ['backup', folder], { env: { CAIRN_DATA_DIR: join(folder, 'none') } });
  expect(none).toMatchObject({
    code: 2,
    err: expect.stringMatching(/DATA_DIR_INVALID: There is no database in .*none/),
  });
  const missing = await runCairn(database, ['restore', join(folder, 'gone')], { env });
  expect(missing).toMatchObject({ code: 2, err: expect.stringContaining('FILE_MISSING: There is no ') });
  expect(await runCairn(database, ['backup', folder, '--keep', '0'], { env })).toMatchObject({ code: 2 });
});

test('what waited, ran, or lies outside of the database when it was backed up is told with what to do, and is no fault', async () => {
  await database.owner.query(
    `INSERT INTO jobs (job_id, kind, status, actor, actor_kind, role, not_before, lease_until, attempts)
     SELECT gen_random_uuid(), 'export', status, 'command:test', 'command', 'admin', now() - interval '1 day', lease, attempts
       FROM (VALUES ('queued', NULL, 0), ('running', now() - interval '1 day', 1)) AS j(status, lease, attempts);
     INSERT INTO files (file_id, hash, size, media_type, name, purpose, owner)
     VALUES (gen_random_uuid(), repeat('0', 64), 1, 'text/csv', 'x.csv', 'upload', 'hub');
     INSERT INTO webhook_endpoints (webhook_id, url, sealed_secret, events, owner_id)
     VALUES (gen_random_uuid(), 'https://example.org', 'v1.f0ld.a.b.c', '{}', 'hub')`,
  );
  const folder = await folderForTest();
  const taken = await runCairn(database, ['backup', 'kept', '--tables'], { folder, env });
  const [path = ''] = taken.out.split('\n');
  const counted = /\d+ rows of \d+ tables/.exec(taken.out)?.[0];
  expect(taken.out).toMatch(/^jobs +2$/m);
  const into = { DATABASE_URL: await emptyDatabase(), CAIRN_DATA_DIR: join(folder, 'data') };
  const restored = await runCairn(database, ['restore', path, '--tables'], { folder, env: into });
  expect(restored.code, restored.out + restored.err).toBe(0);
  const lines = restored.out.trimEnd().split('\n');
  expect(lines[0]).toContain(counted);
  expect(lines.slice(-6)).toEqual([
    '2 jobs waited or ran while the backup was taken: the next server runs them.',
    'The next server reads the words of search suggestions from the rows anew.',
    '1 file of uploads and exports: not here, for no backup holds them. Copy files/ of the former data folder to the data folder.',
    'Secrets are sealed with keys that are not here: f0ld. List them in CAIRN_KEYS, or put the file "sealing-keys" of the former data folder into this one.',
    'Checked: rows, changes, imports and references agree with each other.',
    'Serve it: npm start',
  ]);
});
