/** Waiting until a folder changes: no change falls between the listing and the wait. */
import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { listFolder } from '../../../src/sources/folder/listing.ts';
import { waitForFolder } from '../../../src/sources/folder/waiting.ts';
import { makeFolder } from '../../support/folder.ts';
import { folderContext } from '../../support/folder-source.ts';

/** A folder that was listed when nothing in it was new any more. */
async function listed(): Promise<{ root: string; cursor: string }> {
  const root = await makeFolder({ 'a.txt': 'a', 'd/e/b.txt': 'b' });
  await pause(25);
  for await (const event of listFolder(null, folderContext(root))) {
    if (event.type === 'complete') return { root, cursor: event.cursor };
  }
  throw new Error('The listing has no end');
}

/** `undefined` while it still waits. */
async function wait(root: string, cursor: string): Promise<() => boolean | undefined> {
  const control = new AbortController();
  onTestFinished(() => control.abort());
  let changed: boolean | undefined;
  const waiting = waitForFolder(cursor, folderContext(root, { signal: control.signal }));
  waiting.then(
    (found) => {
      changed = found.changed;
    },
    () => undefined,
  );
  // The watches stand after some turns.
  await pause(60);
  return () => changed;
}

test.each([
  ['a file that was written to', (root: string) => appendFile(join(root, 'd/e/b.txt'), 'more')],
  ['a file that is new', (root: string) => writeFile(join(root, 'd/new.txt'), 'new')],
  ['a folder that is new', (root: string) => mkdir(join(root, 'd/e/f'))],
  ['a file that is gone', (root: string) => rm(join(root, 'a.txt'))],
])('%s wakes who waits, and who began to wait only then', async (_what, change) => {
  const { root, cursor } = await listed();
  const changed = await wait(root, cursor);
  expect(changed()).toBeUndefined();
  await change(root);
  await expect.poll(changed, { timeout: 5000, interval: 10 }).toBe(true);
  expect(await waitForFolder(cursor, folderContext(root))).toEqual({ changed: true });
});

test('a hidden file wakes nobody while it is written', async () => {
  const { root, cursor } = await listed();
  const changed = await wait(root, cursor);
  await writeFile(join(root, '.half.part'), 'half');
  await pause(200);
  expect(changed()).toBeUndefined();
});

test('a cursor that is none is as good as a change, and a folder that is gone is an error', async () => {
  const { root, cursor } = await listed();
  expect(await waitForFolder('nobody’s', folderContext(root))).toEqual({ changed: true });
  await rm(root, { recursive: true });
  await expect(waitForFolder(cursor, folderContext(root))).rejects.toMatchObject({ kind: 'config' });
});
