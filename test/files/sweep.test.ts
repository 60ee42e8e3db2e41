import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { writeSession } from '../../src/database/session.ts';
import { checkFiles } from '../../src/files/check-files.ts';
import { type KeptFile, keepFile, receive } from '../../src/files/files.ts';
import { folderStore } from '../../src/files/folder-store.ts';
import { sweepFiles } from '../../src/files/sweep.ts';
import { createTestDatabase, TESTER, useTestDatabase } from '../support/database.ts';

const database = await useTestDatabase();
const root = await mkdtemp(join(tmpdir(), 'cairn-sweep-'));
afterAll(() => rm(root, { recursive: true }));
const store = folderStore(root);

async function* stream(...chunks: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

const HOUR = 3_600_000;

async function keep(text: string, expiresAt: Date | null): Promise<KeptFile> {
  const blob = await store.put(stream(text), { most: 100 });
  const path = join(root, blob.hash.slice(0, 2), blob.hash);
  const then = new Date(Date.now() - 2 * HOUR);
  await utimes(path, then, then);
  const made = { blob, name: 'a.csv', mediaType: 'text/csv', purpose: 'test', owner: TESTER, expiresAt };
  return writeSession(database.write, TESTER, ({ query }) => keepFile(query, made));
}

test('files whose time is over go, with their bytes unless another file has the same; what is needed stays', async () => {
  const past = new Date(Date.now() - 1_000);
  const late = await keep('late', past);
  const shared = await keep('shared', past);
  await keep('shared', new Date(Date.now() + HOUR));
  const kept = await keep('kept', null);
  const { hash: fresh } = await store.put(stream('fresh'), { most: 100 });
  const { hash: orphan } = await store.put(stream('orphan'), { most: 100 });
  const then = new Date(Date.now() - 2 * HOUR);
  await utimes(join(root, orphan.slice(0, 2), orphan), then, then);
  const [one, other] = await Promise.all([sweepFiles(database.write, store), sweepFiles(database.write, store)]);
  expect(one.expired + other.expired).toBe(2);
  const left = new Set<string>();
  for await (const { hash } of store.list()) left.add(hash);
  expect(left).toEqual(new Set([shared.hash, kept.hash, fresh]));
  expect(left).not.toContain(late.hash);
  expect(left).not.toContain(orphan);
});

test('files of another database are not taken for left behind', async () => {
  const { hash } = await store.put(stream('theirs'), { most: 100 });
  const then = new Date(Date.now() - 2 * HOUR);
  await utimes(join(root, hash.slice(0, 2), hash), then, then);
  const other = await createTestDatabase();
  expect(await sweepFiles(other.write, store)).toMatchObject({ blobs: 0 });
  await other.close();
  expect(await store.find(hash)).toBeDefined();
  expect(await sweepFiles(database.write, store)).toMatchObject({ blobs: 1 });
});

test('what a client sends is kept as what it is, not as what it is called', async () => {
  const options = { most: 100 };
  expect((await receive(store, stream('[', '1', ']'), options)).mediaType).toBe('application/json');
  await expect(receive(store, stream('\x7fELF\0'), options)).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  await expect(receive(store, stream(), options)).rejects.toMatchObject({ code: 'FILE_EMPTY' });
  await expect(receive(store, stream('a'.repeat(101)), options)).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' });
});

test('bytes that are gone or altered are found', async () => {
  const [sound, gone, altered] = [await keep('sound', null), await keep('gone', null), await keep('altered', null)];
  const pathOf = ({ hash }: KeptFile) => join(root, hash.slice(0, 2), hash);
  await rm(pathOf(gone));
  await writeFile(pathOf(altered), 'ALTERED');
  const shallow = await checkFiles(database.write, store, false);
  expect(shallow.faults).toEqual([`${gone.fileId} (a.csv): its bytes are gone`]);
  const deep = await checkFiles(database.write, store, true);
  expect(deep.faults).toEqual([
    `${gone.fileId} (a.csv): its bytes are gone`,
    `${altered.fileId} (a.csv): its bytes were altered`,
  ]);
  expect(deep.faults.join()).not.toContain(sound.fileId);
});
