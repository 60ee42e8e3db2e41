/** Files written into a source's folder: beside their place, then moved to it whole. */
import { randomUUID } from 'node:crypto';
import { type FileHandle, link, lstat, mkdir, open, readdir, realpath, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isInside } from '../../access/import-roots.ts';
import { syncFolder, writeAll } from '../../kernel/durable.ts';
import {
  type ConnectorContext,
  ConnectorError,
  type ItemRef,
  type RemoteItem,
  type UploadRequest,
} from '../connector.ts';
import { nameOf } from '../kit/paths.ts';
import { fileItem } from './listing.ts';
import { diskPath, isSoundId } from './names.ts';
import { asDiskError, codeOf, rootOf, versionOf } from './root.ts';
import type { FolderSettings } from './settings.ts';

type Context = ConnectorContext<FolderSettings>;

/** Hidden, so that no listing takes half a file for one. */
const PART = /^\.cairn-[0-9a-f-]{36}\.part$/;
const PART_LIVES_MS = 24 * 3_600_000;
const TOLD_EVERY = 16 * 1024 * 1024;

/** See {@link Connector.upload}. What `onProgress` was told of stays when the upload breaks off, and is cleared away after a day. */
export async function uploadFile(request: UploadRequest, context: Context): Promise<RemoteItem> {
  const root = await rootOf(context);
  const folder = await folderFor(root, request.path);
  const target = join(folder, nameOf(request.path));
  try {
    await requireVersion(target, request.replaces, request.path);
    await clearOldParts(folder);
    const part = join(folder, partName(request.resume));
    await writePart(part, request, context.signal);
    await moveInto(part, target, request);
    await syncFolder(folder);
    return fileItem(request.path, request.path, nameOf(request.path), await lstat(target));
  } catch (cause) {
    if (context.signal.aborted) throw context.signal.reason;
    throw asDiskError(cause, request.path);
  }
}

/** See {@link Connector.remove}. What is gone already is gone. */
export async function removeFile(ref: ItemRef, context: Context): Promise<void> {
  const root = await rootOf(context);
  const folder = await folderOf(root, ref.id);
  const target = diskPath(root, ref.id);
  try {
    const facts = await lstat(target);
    if (ref.version !== undefined && versionOf(facts) !== ref.version) throw changed(ref.path ?? ref.id);
    await unlink(target);
    await syncFolder(folder);
  } catch (cause) {
    if (codeOf(cause) !== 'ENOENT') throw asDiskError(cause, ref.id);
  }
}

/** The real folder that a path lies in, made where it is missing. */
async function folderFor(root: string, path: string): Promise<string> {
  if (!isSoundId(path) || path.split('/').some((part) => part.startsWith('.') || Buffer.byteLength(part) > 255)) {
    throw new ConnectorError('forbidden', `"${path}" is no path for a file of this folder`, {
      hint: 'No part of it may be empty, hidden, or longer than 255 bytes.',
    });
  }
  const folder = dirname(join(root, path));
  try {
    // Step by step, so that nothing is made beyond a link that leads out.
    for (const at of wayDown(root, folder)) {
      await mkdir(at).catch((cause: unknown) => {
        if (codeOf(cause) !== 'EEXIST') throw cause;
      });
      requireInside(root, await realpath(at));
    }
    return folder;
  } catch (cause) {
    throw asDiskError(cause, path);
  }
}

/** The real folder that an item lies in. */
async function folderOf(root: string, id: string): Promise<Buffer> {
  if (!isSoundId(id)) throw new ConnectorError('not-found', 'That is no file of this folder');
  const parent = id.includes('/') ? id.slice(0, id.lastIndexOf('/')) : '';
  try {
    const real = await realpath(diskPath(root, parent), 'buffer');
    requireInside(Buffer.from(root).toString('latin1'), real.toString('latin1'));
    return real;
  } catch (cause) {
    throw asDiskError(cause, id);
  }
}

function wayDown(root: string, folder: string): string[] {
  const parts = folder
    .slice(root.length)
    .split('/')
    .filter((part) => part !== '');
  return parts.map((_, index) => join(root, ...parts.slice(0, index + 1)));
}

function requireInside(root: string, real: string): void {
  if (!isInside(root, real)) throw new ConnectorError('forbidden', 'A link leads out of the folder');
}

function partName(resume: string | undefined): string {
  return resume !== undefined && PART.test(resume) ? resume : `.cairn-${randomUUID()}.part`;
}

async function writePart(part: string, request: UploadRequest, signal: AbortSignal): Promise<void> {
  const handle = await open(part, 'a', 0o644);
  let told = false;
  try {
    const had = (await handle.stat()).size;
    const from = had <= request.size ? had : 0;
    if (from !== had) await handle.truncate(0);
    const written = await append(handle, request, from, signal, async (bytes) => {
      await handle.datasync();
      told = true;
      await request.onProgress?.(nameOf(part), bytes);
    });
    if (written !== request.size) throw new ConnectorError('conflict', `"${request.path}" changed while it was read`);
    await handle.sync();
  } catch (cause) {
    if (!told) await unlink(part);
    throw cause;
  } finally {
    await handle.close();
  }
}

async function append(
  handle: FileHandle,
  request: UploadRequest,
  from: number,
  signal: AbortSignal,
  tell: (bytes: number) => Promise<void>,
): Promise<number> {
  let at = from;
  let told = from;
  for await (const chunk of request.open(from)) {
    signal.throwIfAborted();
    await writeAll(handle, chunk);
    at += chunk.length;
    if (request.onProgress === undefined || at - told < TOLD_EVERY) continue;
    await tell(at);
    told = at;
  }
  return at;
}

async function moveInto(part: string, target: string, request: UploadRequest): Promise<void> {
  try {
    if (request.replaces === null) {
      // A link is made only where nothing is: a file that came meanwhile is not written over.
      await link(part, target);
      await unlink(part);
      return;
    }
    await requireVersion(target, request.replaces, request.path);
    await rename(part, target);
  } catch (cause) {
    await unlink(part);
    throw cause;
  }
}

async function requireVersion(target: string, replaces: UploadRequest['replaces'], path: string): Promise<void> {
  const facts = await lstat(target).catch((cause: unknown) => {
    if (codeOf(cause) === 'ENOENT') return undefined;
    throw cause;
  });
  if (facts !== undefined && !facts.isFile()) throw new ConnectorError('conflict', `"${path}" is no file`);
  if (replaces === 'any') return;
  const there = facts === undefined ? null : versionOf(facts);
  if (there !== replaces) throw changed(path);
}

async function clearOldParts(folder: string): Promise<void> {
  for (const name of (await readdir(folder)).filter((one) => PART.test(one))) {
    const path = join(folder, name);
    const facts = await stat(path).catch(() => undefined);
    if (facts !== undefined && Date.now() - facts.mtimeMs > PART_LIVES_MS) await unlink(path);
  }
}

function changed(path: string): ConnectorError {
  return new ConnectorError('conflict', `"${path}" is another one by now`);
}
