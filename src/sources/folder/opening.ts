/**
 * Opening a file of the folder, and none outside it. What is asked of a file that is open already is asked at once: a promise for
 * each question would cost small files more than their reading.
 */
import { constants, fstatSync, readlinkSync } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { isInside } from '../../access/import-roots.ts';
import { type ConnectorContext, ConnectorError, type Download, type ItemRef } from '../connector.ts';
import { diskPath, isSoundId } from './names.ts';
import { asDiskError, codeOf, knownRoot, versionOf } from './root.ts';
import type { FolderSettings } from './settings.ts';

const PORTION = 1 << 18;

/** See {@link Connector.download}. What is written to while it is read ends with `conflict`: half of it would be of another time. */
export async function openFile(
  ref: ItemRef,
  offset: number,
  context: ConnectorContext<FolderSettings>,
): Promise<Download> {
  const root = await knownRoot(context);
  const handle = await openInside(root, ref.id);
  try {
    const facts = fstatSync(handle.fd);
    if (!facts.isFile()) throw new ConnectorError('not-found', `"${ref.path ?? ref.id}" is no file any more`);
    const version = versionOf(facts);
    if (ref.version !== undefined && ref.version !== version) throw changed(ref);
    const body = bodyOf(handle, { ref, version, from: offset, size: facts.size, signal: context.signal });
    return { body, size: facts.size, version };
  } catch (cause) {
    await handle.close();
    throw asDiskError(cause, ref.id);
  }
}

/** Not waiting: a pipe in place of the file would hold the run for ever. */
const PLAINLY = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

/** @throws ConnectorError forbidden where a link on the way leads out */
async function openInside(root: string, id: string): Promise<FileHandle> {
  if (!isSoundId(id)) throw new ConnectorError('not-found', 'That is no file of this folder');
  let handle: FileHandle | undefined;
  try {
    // Linux says what was opened in the end, whatever links lay on the way; a link itself is not opened blindly.
    if (process.platform === 'linux') {
      handle = await open(diskPath(root, id), PLAINLY).catch((cause: unknown) => {
        if (codeOf(cause) !== 'ELOOP') throw cause;
        return undefined;
      });
    }
    handle ??= await openReal(root, id);
    if (process.platform === 'linux') {
      requireInside(root, readlinkSync(`/proc/self/fd/${handle.fd}`, 'buffer').toString('latin1'));
    }
    return handle;
  } catch (cause) {
    await handle?.close();
    throw asDiskError(cause, id);
  }
}

/** Where a link leads to, once that is known to lie inside. */
async function openReal(root: string, id: string): Promise<FileHandle> {
  const real = await realpath(diskPath(root, id), 'buffer');
  requireInside(root, real.toString('latin1'));
  return open(real, PLAINLY);
}

/** `real` byte by byte in latin1: it need not be UTF-8. */
function requireInside(root: string, real: string): void {
  if (isInside(Buffer.from(root).toString('latin1'), real)) return;
  throw new ConnectorError('forbidden', 'A link leads out of the folder');
}

interface Reading {
  readonly ref: ItemRef;
  readonly version: string;
  readonly from: number;
  /** Of the whole file, when it was opened. */
  readonly size: number;
  readonly signal: AbortSignal;
}

function bodyOf(handle: FileHandle, reading: Reading): ReadableStream<Uint8Array> {
  const { ref, version, size, signal } = reading;
  let at = reading.from;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          signal.throwIfAborted();
          const wanted = Math.min(PORTION, Math.max(0, size - at));
          const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(wanted), 0, wanted, at);
          at += bytesRead;
          if (bytesRead > 0) controller.enqueue(buffer.subarray(0, bytesRead));
          if (bytesRead > 0 && at < size) return;
          if (at < size || versionOf(fstatSync(handle.fd)) !== version) throw changed(ref);
          await handle.close();
          controller.close();
        } catch (cause) {
          await handle.close();
          controller.error(signal.aborted ? signal.reason : asDiskError(cause, ref.id));
        }
      },
      cancel: () => handle.close(),
    },
    { highWaterMark: 0 },
  );
}

function changed(ref: ItemRef): ConnectorError {
  return new ConnectorError('conflict', `"${ref.path ?? ref.id}" was written to since it was listed`, {
    hint: 'It is read again once nobody writes to it.',
  });
}
