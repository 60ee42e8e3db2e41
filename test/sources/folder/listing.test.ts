/** What disks hold that a listing must get past. */

import { execFileSync } from 'node:child_process';
import { mkdir, rename, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SyncEvent } from '../../../src/sources/connector.ts';
import { listFolder } from '../../../src/sources/folder/listing.ts';
import { diskPath, idOfName, isSoundId, shownName } from '../../../src/sources/folder/names.ts';
import { openFile } from '../../../src/sources/folder/opening.ts';
import { makeFolder } from '../../support/folder.ts';
import { folderContext } from '../../support/folder-source.ts';

async function list(root: string, cursor: string | null = null, checkpoint?: number): Promise<SyncEvent[]> {
  const events: SyncEvent[] = [];
  for await (const event of listFolder(cursor, folderContext(root), checkpoint)) events.push(event);
  return events;
}

const told = (events: readonly SyncEvent[]): string[] =>
  events.flatMap((event) =>
    event.type === 'upsert' ? [`${event.item.path}${event.item.hasContent ? '' : ' →'}`] : [],
  );
const errors = (events: readonly SyncEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'item-error' ? [`${event.ref.path}: ${event.error.kind}`] : []));

test('links inside are told, their loops are none, and what leads out or nowhere is an error of that link alone', async () => {
  const outside = await makeFolder({ 'secret.txt': 'not ours' });
  const root = await makeFolder({ 'data/a.txt': 'a', 'data/b.txt': 'b' });
  await symlink('data/a.txt', join(root, 'latest.txt'));
  await symlink('..', join(root, 'data/up'));
  await symlink('self', join(root, 'self'));
  await symlink(join(outside, 'secret.txt'), join(root, 'out.txt'));
  await symlink(outside, join(root, 'out'));
  await symlink('gone.txt', join(root, 'nowhere.txt'));
  const events = await list(root);
  expect(told(events)).toEqual(['data/a.txt', 'data/b.txt', 'data/up →', 'latest.txt']);
  expect(errors(events)).toEqual(['nowhere.txt: not-found', 'out: forbidden', 'out.txt: forbidden', 'self: not-found']);
  expect(events.at(-1)).toMatchObject({ type: 'complete', coverage: 'full' });
});

test('a folder that cannot be read makes the listing partial, so that nothing of it is taken as gone', async () => {
  const root = await makeFolder({ 'a.txt': 'a', 'z.txt': 'z' });
  // A path longer than the system takes: no right of any user opens it.
  const long = 'n'.repeat(200);
  const halves = await Promise.all([makeFolder(), makeFolder()]);
  for (const half of halves) await mkdir(join(half, ...Array.from({ length: 15 }, () => long)), { recursive: true });
  const deep = (half: string): string => join(half, ...Array.from({ length: 15 }, () => long));
  await rename(join(halves[1], long), join(deep(halves[0]), 'more'));
  await rename(join(halves[0], long), join(root, 'm'));
  const events = await list(root);
  expect(told(events)).toEqual(['a.txt', 'z.txt']);
  expect(errors(events)).toHaveLength(1);
  expect(events.at(-1)).toMatchObject({ type: 'complete', coverage: 'partial' });
  execFileSync('rm', ['-rf', join(root, 'm')]);
});

test('a name that is not UTF-8 has an id of its own, a readable path, and is read', async () => {
  const root = await makeFolder({ 'good.txt': 'good' });
  const names = [Buffer.from([0xff, 0x2e, 0x74]), Buffer.from([0xfe, 0x2e, 0x74]), Buffer.from('\uf7ff.t')];
  for (const name of names) await writeFile(Buffer.concat([Buffer.from(`${root}/`), name]), name);
  const events = await list(root);
  const items = events.flatMap((event) => (event.type === 'upsert' ? [event.item] : []));
  expect(items.map(({ path }) => path).toSorted()).toEqual(['%EF%9F%BF.t', '%FE.t', '%FF.t', 'good.txt']);
  for (const { id, path } of items.filter((item) => item.path !== 'good.txt')) {
    const { body } = await openFile({ id, path }, 0, folderContext(root));
    const bytes = Buffer.from(await new Response(body).arrayBuffer());
    expect(
      names.some((name) => name.equals(bytes)),
      path,
    ).toBe(true);
  }
});

test('an id leads back to the very bytes of its name, whatever they are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (bytes) => {
      const name = Buffer.from(bytes);
      const id = idOfName(name);
      const path = diskPath('/root', id);
      expect(Buffer.from(path).equals(Buffer.concat([Buffer.from('/root/'), name]))).toBe(true);
      expect(id).toBe(id.toWellFormed());
      // No disk has such names, and ids hold them nowhere.
      if (isSoundId(id)) expect(shownName(id)).not.toMatch(/[\0/]|^\.{1,2}$/);
    }),
  );
  expect(idOfName(Buffer.from('звіт 1.md'))).toBe('звіт 1.md');
  for (const id of ['', '..', 'a/../b', 'a//b', '/a', 'a/', 'a\0', '.']) expect(isSoundId(id), id).toBe(false);
});

test('of two names that look the same, one is told and the other is an error', async () => {
  const root = await makeFolder({ 'caf\u00e9.txt': '1', 'cafe\u0301.txt': '2' });
  const events = await list(root);
  expect(told(events)).toEqual(['caf\u00e9.txt']);
  expect(errors(events)).toEqual(['caf\u00e9.txt: conflict']);
});

test('hidden files and what is no file are no data; a time in 2099 and one before 1970 are kept', async () => {
  const root = await makeFolder({
    '.git/config': 'x',
    '.env': 'x',
    'future.txt': 'f',
    'past.txt': 'p',
    'new\nline.txt': 'n',
  });
  execFileSync('mkfifo', [join(root, 'pipe')]);
  await utimes(join(root, 'future.txt'), new Date('2099-12-31'), new Date('2099-12-31'));
  await utimes(join(root, 'past.txt'), new Date('1969-12-31'), new Date('1969-12-31'));
  const events = await list(root);
  expect(told(events)).toEqual(['future.txt', 'new␊line.txt', 'past.txt']);
  const times = events.flatMap((event) => (event.type === 'upsert' ? [event.item.modifiedAt?.getUTCFullYear()] : []));
  expect(times).toEqual([2099, expect.any(Number), 1969]);
});

test('a pass broken off at any of its checkpoints goes on with the rest, in the same order', async () => {
  const root = await makeFolder(
    Object.fromEntries(
      ['a.txt', 'a/1.txt', 'a/b/c/d.txt', 'a/b/e.txt', 'a-b.txt', 'b/x', 'b.txt', 'c/é/1', 'c/é/2', 'z'].map((path) => [
        path,
        path,
      ]),
    ),
  );
  const whole = await list(root, null, 1);
  const paths = told(whole);
  expect(paths).toHaveLength(10);
  const cursors = whole.flatMap((event) => (event.type === 'checkpoint' ? [event.cursor] : []));
  for (const [index, cursor] of cursors.entries())
    expect(told(await list(root, cursor))).toEqual(paths.slice(index + 1));
  const end = whole.at(-1);
  expect(told(await list(root, end?.type === 'complete' ? end.cursor : null))).toEqual(paths);
});

test('a folder that is gone, is none, or lies outside the roots is the settings’ fault, and nothing is taken as gone', async () => {
  const root = await makeFolder({ 'a.txt': 'a' });
  const other = await makeFolder();
  for (const path of [join(root, 'gone'), join(root, 'a.txt'), other, '/etc', join(root, '..')]) {
    await expect(listFolder(null, folderContext(root, { path })).next(), path).rejects.toMatchObject({
      kind: 'config',
    });
  }
  await expect(listFolder(null, folderContext(root, { roots: [] })).next()).rejects.toMatchObject({ kind: 'config' });
});
