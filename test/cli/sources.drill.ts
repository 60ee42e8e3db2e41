import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runCairn } from '../support/command-line.ts';
import { useTestDatabase } from '../support/database.ts';

const database = await useTestDatabase();
const folder = await mkdtemp(join(tmpdir(), 'cairn-sources-'));
afterAll(() => rm(folder, { recursive: true }));
const data = join(folder, 'data');
const env = { CAIRN_DATA_DIR: join(folder, 'home'), CAIRN_IMPORT_ROOTS: data };
const cairn = (argv: string[], input?: string) =>
  runCairn(database, argv, { env, folder, ...(input !== undefined && { input }) });
const json = async (argv: string[]) => JSON.parse((await cairn([...argv, '--json'])).out);

await mkdir(data);
await writeFile(join(data, 'note.md'), '---\ntitle: A note\n---\nStones on a hill.\n');
await writeFile(join(data, 'employees.csv'), 'employee_id,name\nEMP-1,Ann\n');

test('who has no source is told how to add one, and what they then add is synced to the end', async () => {
  const none = await cairn(['sync']);
  expect(none.code).toBe(2);
  expect(none.err).toContain('sources add folder');
  // Relative to where the user stands.
  const added = await cairn([
    'sources',
    'add',
    'folder',
    '--name',
    'Research',
    '--set',
    'path=data',
    '--frequency',
    'hourly',
  ]);
  expect(added).toMatchObject({ code: 0, out: expect.stringContaining('added Research') });
  const first = await cairn(['sync']);
  expect(first.code).toBe(0);
  expect(first.err).toContain('Research: completed, 2 found');
  expect(await json(['sync', 'research'])).toMatchObject({
    syncs: [{ source: 'Research', status: 'completed', itemsFound: 2, itemsProcessed: 0, error: null }],
  });
  expect((await database.owner.query('SELECT title FROM documents')).rows).toEqual([{ title: 'A note' }]);
  const { rows } = await database.owner.query('SELECT name FROM employees');
  expect(rows).toEqual([{ name: 'Ann' }]);
});

test('a suddenly empty folder deletes nothing before somebody says yes', async () => {
  for (let n = 0; n < 12; n += 1) await writeFile(join(data, `more-${n}.md`), `# ${n}\n`);
  expect((await cairn(['sync'])).code).toBe(0);
  for (let n = 0; n < 12; n += 1) await rm(join(data, `more-${n}.md`));
  const asked = await cairn(['sync', '--full']);
  expect(asked.code).toBe(1);
  expect(asked.err).toContain('--approve-deletes');
  expect(await json(['doctor'])).toMatchObject({
    checks: expect.arrayContaining([
      expect.objectContaining({ check: 'source deletes', found: 'Research: deletes wait for a yes' }),
    ]),
  });
  const approved = await json(['sync', 'Research', '--approve-deletes', '--full']);
  expect(approved).toMatchObject({ syncs: [{ status: 'completed', itemsDeleted: 12 }] });
});

test('what failed is tried again when somebody asks; settings change later, and secrets come by file or input alone', async () => {
  expect(await json(['sources', 'retry', 'Research'])).toEqual({ retried: 0, sync: null });
  await database.owner.query(
    "UPDATE sync_items SET sync_status = 'failed', retry_at = now() + interval '1 day' WHERE name = 'note.md'",
  );
  expect(await json(['sources', 'retry', 'Research'])).toMatchObject({ retried: 1, sync: { status: 'completed' } });
  expect(await cairn(['sources', 'set', 'Research', '--frequency', 'daily', '--guard', '30'])).toMatchObject({
    code: 0,
    out: 'set Research\n',
  });
  const { rows } = await database.owner.query('SELECT sync_frequency, delete_guard, config FROM data_sources');
  expect(rows).toMatchObject([{ sync_frequency: 'daily', delete_guard: 30, config: { path: data } }]);
  await cairn(['sources', 'set', 'Research', '--frequency', 'hourly']);
  expect((await cairn(['sources', 'set', 'Research'])).err).toContain('nothing to set');
  const keys = join(folder, 'keys.json');
  await writeFile(keys, '{"secretAccessKey": "hunter2"}');
  const refused = await cairn(['sources', 'set', 'Research', '--secret-file', 'keys.json']);
  expect(refused.code).not.toBe(0);
  expect(refused.err + refused.out).not.toContain('hunter2');
  expect((await cairn(['sources', 'set', 'Research', '--secret-file', 'none.json'])).code).toBe(2);
});

test('what is wrong is told in words with what to do, and no secret is taken from the command line', async () => {
  const outside = await cairn(['sources', 'add', 'folder', '--name', 'Outside', '--set', 'path=/etc']);
  expect(outside.code).toBe(1);
  expect(outside.err).toContain('CAIRN_IMPORT_ROOTS');
  for (const [argv, words] of [
    [['sources', 'add', 'floppy', '--name', 'x'], /There is no connector "floppy"[\s\S]*folder/],
    [['sources', 'add', 'folder', '--name', 'x'], /path/],
    [['sources', 'add', 'folder', '--name', 'x', '--set', 'colour=red'], /one of: path/],
    [['sources', 'add', 's3', '--name', 'x', '--set', 'secretAccessKey=abc'], /Secrets are never given so/],
    [['sources', 'test', 'nobody'], /There are: Outside, Research/],
  ] as const) {
    const ran = await cairn([...argv]);
    expect(ran.code, argv.join(' ')).toBe(2);
    expect(ran.err, argv.join(' ')).toMatch(words);
  }
  const unread = await cairn(
    ['sources', 'add', 's3', '--name', 'x', '--set', 'bucket=b', '--secrets-from-stdin'],
    '{"accessKeyId": "hunter2"',
  );
  expect(unread.code).toBe(2);
  expect(unread.err + unread.out).not.toContain('hunter2');
});

test('sources are listed, paused, scheduled and removed; rows that datasets took stay', async () => {
  expect((await cairn(['sources', 'kinds'])).out).toContain('--set path=');
  expect((await cairn(['sources', 'pause', 'Research'])).out).toBe('paused Research\n');
  expect((await cairn(['sources', 'list'])).out).toMatch(/Research +folder +connected, paused +shared +hourly/);
  const made = await json(['sources', 'schedules', '--ready-made', '--time-zone', 'Europe/Vienna']);
  expect(made.made).toHaveLength(4);
  expect((await json(['sources', 'schedules', '--ready-made'])).made).toEqual([]);
  expect((await cairn(['sources', 'test', 'Research'])).code).toBe(0);
  expect(await json(['sources', 'remove', 'Research'])).toMatchObject({ documents: 1, rowsKept: 1 });
  expect((await database.owner.query('SELECT count(*)::int AS n FROM employees')).rows).toEqual([{ n: 1 }]);
  // The folder is as it was.
  expect(await readFile(join(data, 'note.md'), 'utf8')).toContain('Stones');
});
