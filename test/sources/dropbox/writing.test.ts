import { expect, test } from 'vitest';
import { dropbox, useDropboxes, write } from '../../support/dropbox/places.ts';
import type { DropboxPlace } from '../../support/dropbox/server.ts';
import { contentHash } from '../../support/dropbox/world.ts';

const open = useDropboxes();
const MIB = 1024 * 1024;
/** Blocks that differ, so that a part at the wrong place shows. */
const LARGE = Buffer.concat(Array.from({ length: 9 }, (_, block) => Buffer.alloc(MIB, block + 1)));

test('a file is written anew only where there is none, and over the version that we read', async () => {
  const place = await open();
  const first = await write(place, 'exports/people.csv', 'a\n');
  expect(first).toMatchObject({ path: 'exports/people.csv', hash: { value: contentHash(Buffer.from('a\n')) } });
  await expect(write(place, 'exports/people.csv', 'b\n')).rejects.toMatchObject({ kind: 'conflict', status: 409 });
  const second = await write(place, 'exports/people.csv', 'b\n', { replaces: first.version });
  expect(second.id).toBe(first.id);
  await expect(write(place, 'exports/people.csv', 'c\n', { replaces: first.version })).rejects.toMatchObject({
    kind: 'conflict',
  });
  expect(place.world.find('/exports/people.csv')?.content.toString()).toBe('b\n');
  expect((await write(place, 'exports/people.csv', 'd\n', { replaces: 'any' })).id).toBe(first.id);
});

test('a version that has been deleted meanwhile is a conflict, not a file come back', async () => {
  const place = await open();
  const { version } = await write(place, 'a.csv', 'a\n');
  await place.remove('a.csv');
  await expect(write(place, 'a.csv', 'b\n', { replaces: version })).rejects.toMatchObject({ kind: 'conflict' });
  expect(place.world.find('/a.csv')).toBeUndefined();
});

/** Sends the first part of the large file and dies; returns where it stood. */
async function killed(place: DropboxPlace): Promise<{ readonly id: string; readonly offset: number }> {
  let told = '';
  const onProgress = async (resume: string, bytes: number): Promise<void> => {
    told = resume;
    if (bytes >= 8 * MIB) throw new Error('killed');
  };
  await expect(write(place, 'large.bin', LARGE, { onProgress })).rejects.toThrow();
  return JSON.parse(told);
}

test('a large file goes in parts, and an upload that was cut goes on where it stopped', async () => {
  const place = await open();
  const resume = JSON.stringify(await killed(place));
  const offsets: number[] = [];
  const done = await write(place, 'large.bin', LARGE, {
    resume,
    open: (offset) => {
      offsets.push(offset);
      return new Blob([LARGE.subarray(offset)]).stream();
    },
  });
  expect(offsets).toEqual([8 * MIB]);
  expect(done.hash?.value).toBe(contentHash(LARGE));
  expect(place.world.find('/large.bin')?.content.equals(LARGE)).toBe(true);
});

test('content that is not as long as was told is never written', async () => {
  const place = await open();
  await expect(write(place, 'a.csv', 'abc', { size: 2 })).rejects.toMatchObject({ kind: 'conflict' });
  await expect(write(place, 'a.csv', 'abc', { size: 4 })).rejects.toMatchObject({ kind: 'conflict' });
  expect(place.world.find('/a.csv')).toBeUndefined();
});

test('bytes that are damaged on the way are refused there, since their hash was told', async () => {
  const place = await open();
  const context = place.context();
  const damaging: typeof fetch = (url, init) =>
    context.fetch(url, String(url).endsWith('/files/upload') ? { ...init, body: 'damaged' } : init);
  const request = { path: 'a.csv', size: 3, open: () => new Blob(['abc']).stream(), replaces: null };
  await expect(dropbox.upload?.(request, { ...context, fetch: damaging })).rejects.toMatchObject({ kind: 'transient' });
  expect(place.world.find('/a.csv')).toBeUndefined();
});

test('only the version that is meant is removed', async () => {
  const place = await open();
  const first = await write(place, 'a.csv', 'a\n');
  const second = await write(place, 'a.csv', 'b\n', { replaces: first.version });
  await expect(dropbox.remove?.(first, place.context())).rejects.toMatchObject({ kind: 'conflict' });
  await dropbox.remove?.(second, place.context());
  await expect(dropbox.remove?.(second, place.context())).rejects.toMatchObject({ kind: 'not-found' });
});

test('names that Dropbox cannot hold, and a limit, are told as what they are', async () => {
  const place = await open();
  await expect(write(place, 'a\\b.csv', 'x')).rejects.toMatchObject({ kind: 'forbidden' });
  place.fault('upload', { kind: 'rate-limit', retryAfter: 7 });
  await expect(write(place, 'a.csv', 'x')).rejects.toMatchObject({ kind: 'rate-limit', retryAfterMs: 7000 });
});
