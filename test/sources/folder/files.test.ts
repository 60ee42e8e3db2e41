/** Files that are written to while they are read, and files that we write. */
import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, readdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RemoteItem, UploadRequest } from '../../../src/sources/connector.ts';
import { listFolder } from '../../../src/sources/folder/listing.ts';
import { openFile } from '../../../src/sources/folder/opening.ts';
import { removeFile, uploadFile } from '../../../src/sources/folder/writing.ts';
import { makeFolder } from '../../support/folder.ts';
import { folderContext } from '../../support/folder-source.ts';

async function itemOf(root: string, path: string): Promise<RemoteItem> {
  for await (const event of listFolder(null, folderContext(root))) {
    if (event.type === 'upsert' && event.item.path === path) return event.item;
  }
  throw new Error(`${path} is not told of`);
}

const BIG = Buffer.alloc(2_000_000, 'cairn');

test.each([
  ['grows', (path: string) => appendFile(path, 'more')],
  ['shrinks', (path: string) => truncate(path, 1_000_000)],
  ['is written to in its middle', (path: string) => writeFile(path, Buffer.alloc(BIG.length, 'other'))],
])('a file that %s while it is read is a conflict, never a mixture', async (_how, change) => {
  const root = await makeFolder({ 'log.txt': BIG });
  const { id, version } = await itemOf(root, 'log.txt');
  const { body } = await openFile({ id, version }, 0, folderContext(root));
  const reader = body.getReader();
  await reader.read();
  await change(join(root, 'log.txt'));
  const rest = (async () => {
    while (!(await reader.read()).done);
  })();
  await expect(rest).rejects.toMatchObject({ kind: 'conflict' });
});

test('reading goes on at an offset; another version, a pipe and a way out are refused', async () => {
  const outside = await makeFolder({ 'secret.txt': 'not ours' });
  const root = await makeFolder({ 'a.txt': 'abcdef', 'd/b.txt': 'b' });
  const { id, version } = await itemOf(root, 'a.txt');
  const context = folderContext(root);
  const open = (ref: { id: string; version?: string | undefined }) => openFile(ref, 0, context);
  expect(await new Response((await openFile({ id, version }, 4, context)).body).text()).toBe('ef');
  await expect(open({ id, version: '1-2-3' })).rejects.toMatchObject({ kind: 'conflict' });
  await expect(open({ id: '../a.txt' })).rejects.toMatchObject({ kind: 'not-found' });
  await expect(open({ id: 'gone.txt' })).rejects.toMatchObject({ kind: 'not-found' });
  await expect(open({ id: 'd' })).rejects.toMatchObject({ kind: 'not-found' });
  execFileSync('mkfifo', [join(root, 'pipe')]);
  await expect(open({ id: 'pipe' })).rejects.toMatchObject({ kind: 'not-found' });
  await rm(join(root, 'd'), { recursive: true });
  await symlink(outside, join(root, 'd'));
  await expect(open({ id: 'd/secret.txt' })).rejects.toMatchObject({ kind: 'forbidden' });
});

function upload(
  root: string,
  path: string,
  content: Buffer<ArrayBuffer>,
  rest: Partial<UploadRequest> = {},
): Promise<RemoteItem> {
  const open = (offset: number): ReadableStream<Uint8Array> => new Blob([content.subarray(offset)]).stream();
  return uploadFile({ path, size: content.length, open, replaces: null, ...rest }, folderContext(root));
}

test('a file is written whole or not at all, and only over the version that was meant', async () => {
  const root = await makeFolder({ 'a.txt': 'old' });
  const made = await upload(root, 'x/y/new.txt', Buffer.from('new'));
  expect(made).toEqual(await itemOf(root, 'x/y/new.txt'));
  await expect(upload(root, 'a.txt', Buffer.from('new'))).rejects.toMatchObject({ kind: 'conflict' });
  const { version } = await itemOf(root, 'a.txt');
  expect((await upload(root, 'a.txt', BIG, { replaces: version })).size).toBe(BIG.length);
  await expect(upload(root, 'a.txt', Buffer.from('x'), { replaces: version })).rejects.toMatchObject({
    kind: 'conflict',
  });
  await expect(upload(root, 'gone.txt', BIG, { replaces: version })).rejects.toMatchObject({ kind: 'conflict' });
  await expect(upload(root, 'x', BIG, { replaces: 'any' })).rejects.toMatchObject({ kind: 'conflict' });
  // The source of the bytes ends early.
  await expect(upload(root, 'short.txt', BIG, { size: BIG.length + 1 })).rejects.toMatchObject({ kind: 'conflict' });
  expect((await readdir(root)).toSorted()).toEqual(['a.txt', 'x']);
});

test.each([
  '../x.txt',
  '/x.txt',
  'a//x.txt',
  '.hidden',
  'a/.git/x',
  'x\0.txt',
  `${'n'.repeat(300)}.txt`,
  'out/x.txt',
  'a/../../x',
])('nothing is written to %j', async (path) => {
  const outside = await makeFolder();
  const root = await makeFolder();
  await symlink(outside, join(root, 'out'));
  await expect(upload(root, path, Buffer.from('x'))).rejects.toMatchObject({ kind: 'forbidden' });
  expect(await readdir(outside)).toEqual([]);
  expect(await readdir(root)).toEqual(['out']);
});

test('only the version that was meant is removed, and what is gone stays gone', async () => {
  const root = await makeFolder({ 'a.txt': 'a' });
  const outside = await makeFolder({ 'b.txt': 'b' });
  await symlink(outside, join(root, 'out'));
  await mkdir(join(root, 'd'));
  const { id, version } = await itemOf(root, 'a.txt');
  await writeFile(join(root, 'a.txt'), 'written anew');
  await expect(removeFile({ id, version }, folderContext(root))).rejects.toMatchObject({ kind: 'conflict' });
  await expect(removeFile({ id: 'out/b.txt' }, folderContext(root))).rejects.toMatchObject({ kind: 'forbidden' });
  await removeFile(await itemOf(root, 'a.txt'), folderContext(root));
  await removeFile({ id, version }, folderContext(root));
  expect((await readdir(root)).toSorted()).toEqual(['d', 'out']);
});
