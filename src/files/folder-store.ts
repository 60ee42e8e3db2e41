/**
 * Blobs in a folder: `ab/abcdef…`, and `unfinished/` for what is being written. Several processes may share it. A blob gets its
 * name by a rename, every time it is put: so its name leads to whole bytes or to nothing, and its age is that of the last put.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, mkdir, open, opendir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crashPoint } from '../kernel/crash-point.ts';
import { asDiskFull } from '../kernel/disk-full.ts';
import { syncFolder, writeAll } from '../kernel/durable.ts';
import { AppError } from '../kernel/errors.ts';
import { type Blob, type BlobStore, type ByteRange, isHash, type PutOptions, type StoredBlob } from './blob-store.ts';

const UNFINISHED = 'unfinished';
/** The file that names the database whose files these are. */
const MARK = 'database';
/** Exports hold what only some may read. */
const OWN_FILE = 0o600;
const OWN_FOLDER = 0o700;
const READ_CHUNK = 256 * 1024;

/** A store in `root`, which is made when first something is put. */
export function folderStore(root: string): BlobStore {
  const pathOf = (hash: string): string => {
    if (!isHash(hash)) throw new AppError('INTERNAL', 'That is no hash of a blob');
    return join(root, hash.slice(0, 2), hash);
  };
  return {
    put: (bytes, options) => put(root, pathOf, bytes, options),
    find: (hash) => find(pathOf(hash), hash),
    open: (hash, range) => openBlob(pathOf(hash), range),
    belongsTo: (mark) => belongsTo(root, mark),
    list: () => list(root),
    removeOlder: (hash, before) => removeOlder(root, pathOf(hash), before),
    removeUnfinished: (before) => removeUnfinished(root, before),
  };
}

async function put(
  root: string,
  pathOf: (hash: string) => string,
  bytes: AsyncIterable<Uint8Array>,
  { most, signal }: PutOptions,
): Promise<Blob> {
  const unfinished = join(root, UNFINISHED);
  const part = join(unfinished, `${randomUUID()}.part`);
  try {
    await mkdir(unfinished, { recursive: true, mode: OWN_FOLDER });
    const blob = await write(part, bytes, most, signal);
    crashPoint('file.written');
    const path = pathOf(blob.hash);
    const folder = join(path, '..');
    if ((await mkdir(folder, { recursive: true, mode: OWN_FOLDER })) !== undefined) await syncFolder(root);
    await rename(part, path);
    await syncFolder(folder);
    crashPoint('file.put');
    return blob;
  } catch (thrown) {
    await rm(part, { force: true });
    throw asDiskFull(thrown);
  }
}

async function write(
  part: string,
  bytes: AsyncIterable<Uint8Array>,
  most: number,
  signal: AbortSignal | undefined,
): Promise<Blob> {
  const hash = createHash('sha256');
  let size = 0;
  const target = await open(part, 'wx', OWN_FILE);
  try {
    for await (const chunk of bytes) {
      if (signal?.aborted) throw new AppError('INTERRUPTED', 'The file is not wanted any more');
      size += chunk.length;
      if (size > most) {
        throw new AppError('FILE_TOO_LARGE', `The file has more than ${most} bytes`, { hint: 'Send it in parts.' });
      }
      hash.update(chunk);
      await writeAll(target, chunk);
    }
    await target.sync();
  } finally {
    await target.close();
  }
  return { hash: hash.digest('hex'), size };
}

async function find(path: string, hash: string): Promise<StoredBlob | undefined> {
  const found = await orMissing(stat(path));
  return found?.isFile() ? { hash, size: found.size, putAt: found.mtime } : undefined;
}

async function openBlob(path: string, range: ByteRange | undefined) {
  const file = await orMissing(open(path, 'r'));
  if (file === undefined) throw new AppError('NOT_FOUND', 'The bytes of this file are gone');
  // The handle is the stream's, which closes it at its end and when it is destroyed.
  return createReadStream(path, { fd: file, highWaterMark: READ_CHUNK, start: 0, ...range });
}

async function belongsTo(root: string, mark: string): Promise<boolean> {
  const path = join(root, MARK);
  const part = join(root, UNFINISHED, `${randomUUID()}.part`);
  if ((await orMissing(stat(path))) === undefined) {
    await mkdir(join(root, UNFINISHED), { recursive: true, mode: OWN_FOLDER });
    await writeFile(part, mark, { mode: OWN_FILE, flush: true });
    // Of two databases that ask at once the first one's it is.
    await link(part, path).catch(ignoring('EEXIST'));
    await rm(part);
  }
  return (await readFile(path, 'utf8')) === mark;
}

async function* list(root: string): AsyncGenerator<StoredBlob> {
  for await (const folder of entriesOf(root)) {
    if (!/^[0-9a-f]{2}$/.test(folder)) continue;
    for await (const hash of entriesOf(join(root, folder))) {
      const blob = isHash(hash) ? await find(join(root, folder, hash), hash) : undefined;
      if (blob !== undefined) yield blob;
    }
  }
}

/**
 * Taken out of its place first and looked at there: whoever puts the same bytes meanwhile renames theirs into the place, and
 * keeps them.
 */
async function removeOlder(root: string, path: string, before: Date): Promise<boolean> {
  const isFresh = async (at: string) => ((await orMissing(stat(at)))?.mtime ?? new Date(0)) > before;
  if (await isFresh(path)) return false;
  const doomed = join(root, UNFINISHED, `${randomUUID()}.part`);
  await mkdir(join(root, UNFINISHED), { recursive: true, mode: OWN_FOLDER });
  // Gone already: another sweeper was faster.
  if ((await orMissing(rename(path, doomed).then(() => true))) === undefined) return true;
  const wasPut = await isFresh(doomed);
  // Put back unless it has been put once more; a link, unlike a rename, replaces nothing.
  if (wasPut) await link(doomed, path).catch(ignoring('EEXIST'));
  await rm(doomed, { force: true });
  return !wasPut;
}

async function removeUnfinished(root: string, before: Date): Promise<number> {
  let removed = 0;
  for await (const name of entriesOf(join(root, UNFINISHED))) {
    const path = join(root, UNFINISHED, name);
    const found = await orMissing(stat(path));
    if (found === undefined || found.mtime > before) continue;
    await rm(path, { force: true });
    removed += 1;
  }
  return removed;
}

/** The names in a folder; none where there is no such folder. */
async function* entriesOf(folder: string): AsyncGenerator<string> {
  const entries = await orMissing(opendir(folder));
  if (entries === undefined) return;
  for await (const { name } of entries) yield name;
}

const orMissing = <T>(work: Promise<T>): Promise<T | undefined> =>
  work.catch((thrown: unknown) => {
    if (codeOf(thrown) === 'ENOENT') return undefined;
    throw thrown;
  });

const ignoring =
  (code: string) =>
  (thrown: unknown): void => {
    if (codeOf(thrown) !== code) throw thrown;
  };

function codeOf(thrown: unknown): unknown {
  return thrown instanceof Error ? Reflect.get(thrown, 'code') : undefined;
}
