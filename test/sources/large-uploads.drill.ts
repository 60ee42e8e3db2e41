/** Uploads that take more than one request: what breaks off, what goes on, what is cleared away. */
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { UploadRequest } from '../../src/sources/connector.ts';
import gcs from '../../src/sources/connectors/gcs.ts';
import s3 from '../../src/sources/connectors/s3.ts';
import { uploadFile } from '../../src/sources/folder/writing.ts';
import { usePlaces } from '../conformance/connector-fakes.ts';
import { write } from '../conformance/upload-text.ts';
import { makeFolder } from '../support/folder.ts';
import { folderContext } from '../support/folder-source.ts';
import { failure } from '../support/follower.ts';
import gcsFake from '../support/providers/gcs.ts';
import s3Fake from '../support/providers/s3.ts';

const open = usePlaces();
const NINE_MIB = Buffer.alloc(9 * 1024 * 1024, 'x');

test('a file in a folder goes on where it broke off; what nobody goes on with is cleared away after a day', async () => {
  const root = await makeFolder();
  const content = Buffer.alloc(40 * 1024 * 1024, 'cairn');
  const from: number[] = [];
  const opened = (offset: number): ReadableStream<Uint8Array> => {
    from.push(offset);
    return new Blob([content.subarray(offset)]).stream();
  };
  const request: UploadRequest = { path: 'big.bin', size: content.length, open: opened, replaces: null };
  let resume = '';
  let reached = 0;
  const onProgress = async (state: string, bytes: number): Promise<void> => {
    resume = state;
    reached = bytes;
    throw new Error('the process ends here');
  };
  await expect(uploadFile({ ...request, onProgress }, folderContext(root))).rejects.toThrow('ends here');
  const old = join(root, `.cairn-${crypto.randomUUID()}.part`);
  await writeFile(old, 'left over');
  await utimes(old, 1, 1);
  await uploadFile({ ...request, resume }, folderContext(root));
  expect(from).toEqual([0, reached]);
  expect(reached).toBeGreaterThan(16 * 1024 * 1024 - 1);
  expect((await readFile(join(root, 'big.bin'))).equals(content)).toBe(true);
  expect(await readdir(root)).toEqual(['big.bin']);
});

test('parts at S3 that nobody goes on with are given up', async () => {
  const place = await open(s3Fake);
  place.fault('upload', { kind: 'cut', afterBytes: 3 }, 1);
  expect(await failure(write(s3, place, 'large.bin', NINE_MIB, 'any'))).toMatchObject({ kind: 'transient' });
  await place.put('large.bin', 'theirs');
  const before = place.requests('upload');
  expect(await failure(write(s3, place, 'large.bin', NINE_MIB, null))).toMatchObject({ kind: 'conflict' });
  // Begun, two parts, the refused end, and the giving up.
  expect(place.requests('upload') - before).toBe(5);
});

test('a session that Cloud Storage gave up is a conflict, and the upload begins anew', async () => {
  const place = await open(gcsFake);
  const resume = JSON.stringify({ v: 1, at: { uploadId: 'session-99' } });
  expect(await failure(write(gcs, place, 'big.bin', NINE_MIB, null, { resume }))).toMatchObject({ kind: 'conflict' });
  expect(await write(gcs, place, 'big.bin', NINE_MIB, null)).toMatchObject({ size: NINE_MIB.length });
});
