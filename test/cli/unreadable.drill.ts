/** What the user of the hub may not read: told by name, the rest is taken in. As root nothing is unreadable: another user runs it. */
import { execFile } from 'node:child_process';
import { chmod, chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { PROJECT_ROOT } from '../../src/kernel/config.ts';
import { useTestDatabase } from '../support/database.ts';
import { makeFolder } from '../support/folder.ts';

const run = promisify(execFile);
const database = await useTestDatabase();
/** Of `nobody`, who owns nothing. */
const NOBODY = 65_534;
const asOther = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

const CHANNELS = 'channel_id,name\nCH-1,Kiln Notes\n';

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function setUp(): Promise<{ root: string; cairn: (...argv: string[]) => Promise<Ran> } | undefined> {
  const root = await makeFolder({
    'channels.csv': CHANNELS,
    'employees.csv': 'employee_id,name\nE-1,Ada\n',
    'secret/plan.md': '# Plan\n',
    'notes/note.md': '# Note\n',
    'notes/shut.md': '# Shut\n',
  });
  const dataDir = await makeFolder();
  await chmod(root, 0o755);
  for (const shut of ['employees.csv', 'secret', 'notes/shut.md']) {
    await chmod(join(root, shut), 0);
    onTestFinished(() => chmod(join(root, shut), 0o700));
  }
  if ('uid' in asOther) await chown(dataDir, NOBODY, NOBODY);
  await mkdir(join(root, 'later'));
  const env = {
    ...{ PATH: process.env['PATH'], HOME: dataDir, NODE_DISABLE_COMPILE_CACHE: '1' },
    ...{ DATABASE_URL: database.ownerUrl, CAIRN_DATA_DIR: dataDir, CAIRN_IMPORT_ROOTS: root },
  };
  const options = { ...asOther, cwd: dataDir, env };
  // A checkout below a folder that is root's alone cannot be run by another.
  const isRun = await run(process.execPath, [join(PROJECT_ROOT, 'src/main.ts'), '--help'], options).then(
    () => true,
    () => false,
  );
  const cairn = (...argv: string[]): Promise<Ran> =>
    run(process.execPath, [join(PROJECT_ROOT, 'src/main.ts'), ...argv], options).then(
      ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
      (thrown: { code: number; stdout: string; stderr: string }) => ({
        code: thrown.code,
        out: thrown.stdout,
        err: thrown.stderr,
      }),
    );
  return isRun ? { root, cairn } : undefined;
}

test('an import and a sync of what may not all be read take in the rest, name what is shut, and say that it is not all', {
  timeout: 120_000,
}, async (context) => {
  const set = await setUp();
  if (set === undefined) return context.skip('another user cannot run this checkout');
  const { root, cairn } = set;
  const imported = await cairn('import', root, '--json');
  expect(imported.code).toBe(1);
  const { imports, skipped } = JSON.parse(imported.out);
  expect(imports).toMatchObject([
    { path: 'channels.csv', status: 'imported', inserted: 1 },
    { path: 'employees.csv', status: 'failed' },
  ]);
  expect(skipped).toContainEqual({ path: 'secret', reason: 'the folder cannot be read' });
  const alone = await cairn('import', join(root, 'secret'));
  expect(alone).toMatchObject({ code: 2, err: expect.stringContaining('FILE_UNREADABLE') });
  expect((await cairn('sources', 'add', 'folder', '--name', 'all', '--set', `path=${root}`)).code).toBe(0);
  const synced = await cairn('sync', 'all', '--json');
  expect(synced.code).toBe(1);
  const { rows } = await database.owner.query(
    `SELECT external_path AS path, sync_status AS status, error ->> 'code' AS code, error ->> 'hint' AS hint
       FROM sync_items ORDER BY external_path`,
  );
  const shut = { status: 'failed', code: 'FORBIDDEN', hint: 'Give the user that the hub runs as the right to it.' };
  expect(rows).toMatchObject([
    { path: 'channels.csv', status: 'synced' },
    { path: 'employees.csv', ...shut },
    { path: 'notes/note.md', status: 'synced' },
    { path: 'notes/shut.md', ...shut },
    { path: 'secret', ...shut },
  ]);
  const closed = await cairn('sources', 'add', 'folder', '--name', 'closed', '--set', `path=${join(root, 'secret')}`);
  expect(closed.code).toBe(1);
  expect(closed.out + closed.err).toContain('EACCES');
});
