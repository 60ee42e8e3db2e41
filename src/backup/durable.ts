/** Files written so that a power cut after the backup's rename finds all of them whole, and their hashes taken on the way. */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { writeAll } from '../kernel/durable.ts';
import { AppError } from '../kernel/errors.ts';
import type { BackupFile } from './manifest.ts';

const CHUNK = 1 << 20;
/** A backup holds password hashes and the owner's password. */
export const SECRET_FILE = 0o600;
export const SECRET_FOLDER = 0o700;

export type Written = Pick<BackupFile, 'size' | 'sha256'>;

export interface Watch {
  readonly signal?: AbortSignal | undefined;
  /** Hears of bytes as they are written. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** @throws AppError INTERRUPTED once `signal` came */
export function throwIfStopped(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new AppError('INTERRUPTED', 'The command was interrupted', {
    hint: 'Nothing of it was kept. Run the command again.',
  });
}

/**
 * Copies a file as it is while it is opened, hashes and syncs it. Others may write to it meanwhile: what is copied then is
 * for the write-ahead log to mend. Returns undefined if there is no such file any more.
 */
export async function copyFile(from: string, to: string, watch: Watch = {}): Promise<Written | undefined> {
  const source = await open(from, 'r').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw cause;
  });
  if (source === undefined) return undefined;
  try {
    const { size } = await source.stat();
    return await writeFile(to, chunksOf(source, size), watch);
  } finally {
    await source.close();
  }
}

/** Writes chunks to a new file, hashes and syncs it. */
export async function writeFile(
  to: string,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { signal, onBytes }: Watch = {},
): Promise<Written> {
  const hash = createHash('sha256');
  let size = 0;
  const target = await open(to, 'wx', SECRET_FILE);
  try {
    for await (const chunk of chunks) {
      throwIfStopped(signal);
      hash.update(chunk);
      await writeAll(target, chunk);
      size += chunk.length;
      onBytes?.(chunk.length);
    }
    await target.sync();
  } finally {
    await target.close();
  }
  return { size, sha256: hash.digest('hex') };
}

/** At most `size` bytes: a file that grows meanwhile would never end. */
async function* chunksOf(source: FileHandle, size: number): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK, Math.max(size, 1)));
  for (let left = size; left > 0; ) {
    const { bytesRead } = await source.read(buffer, 0, Math.min(left, buffer.length));
    if (bytesRead === 0) return;
    left -= bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** Runs `work` over `items`, `width` at a time: most of a small file's time is waiting for the disk. */
export async function inParallel<T>(
  items: Iterable<T>,
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const rest = items[Symbol.iterator]();
  const failed = new AbortController();
  const worker = async (): Promise<void> => {
    for (let next = rest.next(); !next.done; next = rest.next()) {
      if (failed.signal.aborted) return;
      await work(next.value).catch((thrown: unknown) => {
        failed.abort();
        throw thrown;
      });
    }
  };
  const outcomes = await Promise.allSettled(Array.from({ length: width }, worker));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
