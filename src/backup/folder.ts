/** Where backups are written: under a name that is none until all is on disk, and the oldest removed when there are enough. */
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Lock, tryExclusive } from '../database/embedded/lock.ts';
import { syncFolder } from '../kernel/durable.ts';
import { AppError } from '../kernel/errors.ts';
import { SECRET_FOLDER } from './durable.ts';
import { type BackupKind, type Manifest, readManifest } from './manifest.ts';

const UNFINISHED = '.part';
const NAME = /^cairn-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d(\.\d{3})?Z-(physical|portable)$/;
const LOCK = '.cairn-backup.lock';

/** `cairn-2026-01-31T03-00-00.123Z-physical`: names sort by age. */
export function backupName(createdAt: Date, kind: BackupKind): string {
  return `cairn-${createdAt.toISOString().replaceAll(':', '-')}-${kind}`;
}

/**
 * Runs `fill` over a new folder below `destination` (made if absent) and gives it its name when all of it is on disk;
 * whatever fails leaves nothing. What earlier backups left unfinished is removed.
 * @throws AppError CONFLICT while another backup is written there, CONFIG_INVALID when the place cannot be written to
 */
export async function fillBackup(
  destination: string,
  name: string,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const lock = await lockDestination(destination);
  const folder = join(destination, name);
  const unfinished = folder + UNFINISHED;
  try {
    await removeUnfinished(destination);
    await mkdir(unfinished, { mode: SECRET_FOLDER });
    await fill(unfinished);
    await syncFolder(unfinished);
    await rename(unfinished, folder);
    await syncFolder(destination);
    return folder;
  } catch (thrown) {
    // Should this fail as well (the disk is gone), the folder's name still says that it is no backup.
    await rm(unfinished, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
    throw asWritingError(thrown, destination);
  } finally {
    lock.release();
  }
}

async function lockDestination(destination: string): Promise<Lock> {
  try {
    await mkdir(destination, { recursive: true, mode: SECRET_FOLDER });
  } catch (cause) {
    throw asWritingError(cause, destination);
  }
  const lock = takeLock(destination);
  if (lock !== undefined) return lock;
  throw new AppError('CONFLICT', `Another backup is being written to ${destination}`, {
    path: destination,
    hint: 'Wait until it has ended, or write to another folder.',
  });
}

function takeLock(destination: string): Lock | undefined {
  try {
    return tryExclusive(join(destination, LOCK));
  } catch (cause) {
    throw new AppError('CONFIG_INVALID', `Nothing could be written to ${destination}, not even a lock`, {
      cause,
      path: destination,
      hint: 'Its disk may be full, or know no file locks. Free some space or name another folder.',
    });
  }
}

async function removeUnfinished(destination: string): Promise<void> {
  for (const name of await readdir(destination)) {
    const isOurs = name.endsWith(UNFINISHED) && NAME.test(basename(name, UNFINISHED));
    if (isOurs) await rm(join(destination, name), { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * Removes the oldest backups in `destination` beyond the `keep` newest of this kind and database; returns their folders.
 * What is no readable backup is nobody's to remove.
 */
export async function removeOld(destination: string, newest: Manifest, keep: number): Promise<string[]> {
  const same: string[] = [];
  for (const name of (await readdir(destination)).filter((entry) => NAME.test(entry)).sort()) {
    const manifest = await readManifest(join(destination, name)).catch(() => undefined);
    if (manifest?.kind === newest.kind && manifest.database.id === newest.database.id) same.push(name);
  }
  const removed = same.slice(0, Math.max(0, same.length - keep)).map((name) => join(destination, name));
  for (const folder of removed) {
    // Renamed first: half a backup must not look like a whole one.
    await rename(folder, folder + UNFINISHED);
    await rm(folder + UNFINISHED, { recursive: true, maxRetries: 3 });
  }
  return removed;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the disk is read-only',
  ENOTDIR: 'it is no folder',
  EEXIST: 'it is no folder',
  EFBIG: 'the file system takes no file of this size',
};

/** What a disk refuses, in words; everything else as it is. */
export function asWritingError(thrown: unknown, destination: string): unknown {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  const reason = REASONS[code];
  if (reason === undefined || thrown instanceof AppError) return thrown;
  return new AppError('CONFIG_INVALID', `Nothing could be written to ${destination}: ${reason}`, {
    cause: thrown,
    path: destination,
    hint: 'Nothing was left there. Free some space or name another folder.',
  });
}
