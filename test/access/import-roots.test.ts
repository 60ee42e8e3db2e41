import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { isInside, resolveImportPath } from '../../src/access/import-roots.ts';

const folder = await mkdtemp(join(tmpdir(), 'cairn-roots-'));
afterAll(() => rm(folder, { recursive: true }));
const [inbox, samples, outside] = ['inbox', 'samples', 'outside'].map((name) => join(folder, name)) as [
  string,
  string,
  string,
];
await Promise.all([mkdir(join(inbox, 'sub'), { recursive: true }), mkdir(samples), mkdir(outside)]);
await writeFile(join(inbox, 'both.csv'), 'inbox');
await writeFile(join(samples, 'both.csv'), 'samples');
await writeFile(join(samples, 'only.csv'), 'samples');
await mkdir(join(inbox, 'folder.csv'));
await writeFile(join(samples, 'folder.csv'), 'samples');
await writeFile(join(outside, 'secret.csv'), 'secret');
await symlink(join(outside, 'secret.csv'), join(inbox, 'link.csv'));
await symlink(outside, join(inbox, 'link'));
await symlink(join(outside, 'absent.csv'), join(inbox, 'dangling.csv'));
await symlink(join(samples, 'only.csv'), join(inbox, 'allowed.csv'));
await symlink('loop', join(inbox, 'loop'));
execFileSync('mkfifo', [join(inbox, 'pipe')]);
const roots = [inbox, samples, join(folder, 'not-yet-there')];

test.each([
  ['both.csv', join(inbox, 'both.csv')],
  ['only.csv', join(samples, 'only.csv')],
  ['./sub/../both.csv', join(inbox, 'both.csv')],
  [join(samples, 'only.csv'), join(samples, 'only.csv')],
  ['allowed.csv', join(samples, 'only.csv')],
  ['folder.csv', join(samples, 'folder.csv')],
])('%s is read as the first file that exists under the roots', async (path, expected) => {
  expect(await resolveImportPath(roots, path, 'file')).toBe(expected);
});

test.each([
  '../outside/secret.csv',
  'sub/../../outside/secret.csv',
  join(outside, 'secret.csv'),
  '/etc/passwd',
  '/etc/there-is-no-such-file',
  'link.csv',
  'link/secret.csv',
  'link/absent.csv',
  `${inbox}-sibling/x.csv`,
  outside,
  'link',
])('%s is not allowed', async (path) => {
  await expect(resolveImportPath([inbox], path, 'file')).rejects.toMatchObject({ code: 'PATH_NOT_ALLOWED' });
});

test.each(['sub', 'pipe', '.', inbox])('%s is inside and no file: what to give instead is told', async (path) => {
  await expect(resolveImportPath([inbox], path, 'file')).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    message: `"${path}" is no file`,
    hint: expect.stringContaining('importFolder'),
  });
});

test.each(['absent.csv', 'sub/absent/absent.csv', 'both.csv/x', 'x'.repeat(5_000)])('%s is missing', async (path) => {
  await expect(resolveImportPath(roots, path, 'file')).rejects.toMatchObject({ code: 'FILE_MISSING' });
});

test('a NUL character is refused', async () => {
  await expect(resolveImportPath(roots, 'a\0b', 'file')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
});

test('a folder is a folder, and the root is one', async () => {
  expect(await resolveImportPath(roots, 'sub', 'folder')).toBe(join(inbox, 'sub'));
  expect(await resolveImportPath(roots, '.', 'folder')).toBe(inbox);
  await expect(resolveImportPath(roots, 'both.csv', 'folder')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
});

test('a root that is itself a link is followed', async () => {
  const link = join(folder, 'linked-root');
  await symlink(samples, link);
  expect(await resolveImportPath([link], 'only.csv', 'file')).toBe(join(samples, 'only.csv'));
});

test('a root that may not be read says so', async () => {
  if (process.getuid?.() === 0) return;
  const closed = join(folder, 'closed');
  await mkdir(closed);
  await chmod(closed, 0);
  await expect(resolveImportPath([closed], 'x/y.csv', 'file')).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  await chmod(closed, 0o700);
});

test.each([
  ['/a', '/a/b', true],
  ['/a', '/a', true],
  ['/a', '/ab', false],
  ['/a', '/', false],
  ['/a', '/a/..b', true],
])('inside %s lies %s: %s', (root, path, inside) => {
  expect(isInside(root, path)).toBe(inside);
});
