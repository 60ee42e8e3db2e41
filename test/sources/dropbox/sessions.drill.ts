/** An upload session that is not where we left it. */
import { expect, test } from 'vitest';
import { useDropboxes, write } from '../../support/dropbox/places.ts';
import type { DropboxPlace } from '../../support/dropbox/server.ts';
import { contentHash } from '../../support/dropbox/world.ts';

const open = useDropboxes();
const MIB = 1024 * 1024;
const LARGE = Buffer.concat(Array.from({ length: 20 }, (_, block) => Buffer.alloc(MIB, block + 1)));

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

test('where Dropbox holds more of a session than we know, its offset counts', async () => {
  const place = await open();
  const resume = JSON.stringify({ ...(await killed(place)), offset: 3 * MIB });
  expect((await write(place, 'large.bin', LARGE, { resume })).hash?.value).toBe(contentHash(LARGE));
});

test('a session that is gone is begun again from the start', async () => {
  const place = await open();
  const resume = JSON.stringify(await killed(place));
  place.uploads.forget();
  expect((await write(place, 'large.bin', LARGE, { resume })).hash?.value).toBe(contentHash(LARGE));
});
