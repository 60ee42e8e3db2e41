import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, expect, test } from 'vitest';
import { folderStore } from '../../src/files/folder-store.ts';
import { hashBytes } from '../../src/kernel/hash.ts';

const root = await mkdtemp(join(tmpdir(), 'cairn-files-'));
afterAll(() => rm(root, { recursive: true }));
const store = folderStore(root);

async function* stream(...chunks: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

const all = async (): Promise<string[]> => {
  const found: string[] = [];
  for await (const { hash } of store.list()) found.push(hash);
  return found.sort();
};
const unfinished = () => readdir(join(root, 'unfinished'));
const MOST = { most: 1_000 };
const hour = 3_600_000;
const age = (hash: string, milliseconds: number): Promise<void> => {
  const then = new Date(Date.now() - milliseconds);
  return utimes(join(root, hash.slice(0, 2), hash), then, then);
};

test('what is put comes back whole and in parts, under its hash, and once', async () => {
  expect(await store.put(stream('ab', 'cdef'), MOST)).toEqual({ hash: hashBytes('abcdef'), size: 6 });
  await store.put(stream('abcdef'), MOST);
  const hash = hashBytes('abcdef');
  expect(await all()).toEqual([hash]);
  expect((await buffer(await store.open(hash))).toString()).toBe('abcdef');
  expect((await buffer(await store.open(hash, { start: 2, end: 3 }))).toString()).toBe('cd');
  expect(await store.find(hash)).toMatchObject({ hash, size: 6 });
});

test('what is too large, or ends in a fault, leaves nothing', async () => {
  const before = await all();
  await expect(store.put(stream('12345', '678901'), { most: 10 })).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' });
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('half');
    throw new Error('the client left');
  }
  await expect(store.put(broken(), MOST)).rejects.toThrow('the client left');
  const ended = AbortSignal.abort();
  await expect(store.put(stream('x'), { ...MOST, signal: ended })).rejects.toMatchObject({ code: 'INTERRUPTED' });
  expect([await all(), await unfinished()]).toEqual([before, []]);
});

test('what is not there is not found, and no name leads out of the store', async () => {
  const none = 'f'.repeat(64);
  await expect(store.open(none)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await store.find(none)).toBeUndefined();
  for (const name of ['../../etc/passwd', 'ab/../..', '', `${none}\0`, none.toUpperCase()])
    await expect(async () => store.open(name)).rejects.toThrow('no hash');
});

test('an old blob is removed, and one that was put since is kept', async () => {
  const { hash: old } = await store.put(stream('old'), MOST);
  const { hash: again } = await store.put(stream('again'), MOST);
  await age(old, 2 * hour);
  await age(again, 2 * hour);
  await store.put(stream('again'), MOST);
  const before = new Date(Date.now() - hour);
  expect(await store.removeOlder(old, before)).toBe(true);
  expect(await store.removeOlder(again, before)).toBe(false);
  expect(await all()).not.toContain(old);
  expect(await all()).toContain(again);
  expect(await store.removeOlder(old, before)).toBe(true);
  expect(await unfinished()).toEqual([]);
});

test('whoever puts bytes while others remove the same ones keeps them', async () => {
  const hash = hashBytes('wanted');
  const other = folderStore(root);
  for (let round = 0; round < 20; round += 1) {
    await store.put(stream('wanted'), MOST);
    await age(hash, 2 * hour);
    const before = new Date(Date.now() - hour);
    await Promise.all([
      store.put(stream('wanted'), MOST),
      ...Array.from({ length: 4 }, () => other.removeOlder(hash, before)),
    ]);
    expect((await buffer(await store.open(hash))).toString()).toBe('wanted');
  }
  expect(await unfinished()).toEqual([]);
});

test('what a killed process began is removed once nobody writes to it', async () => {
  const folder = join(root, 'unfinished');
  await mkdir(folder, { recursive: true });
  const [left, fresh] = [join(folder, 'left.part'), join(folder, 'fresh.part')];
  await Promise.all([writeFile(left, 'x'), writeFile(fresh, 'x')]);
  const then = new Date(Date.now() - 2 * hour);
  await utimes(left, then, then);
  expect(await store.removeUnfinished(new Date(Date.now() - hour))).toBe(1);
  expect(await unfinished()).toEqual(['fresh.part']);
});
