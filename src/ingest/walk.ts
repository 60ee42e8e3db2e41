/** The files of a folder. */
import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { AppError } from '../kernel/errors.ts';

/** Why a folder was skipped that holds nobody knows what. */
export const UNREADABLE = 'the folder cannot be read';

export interface WalkedFile {
  /** Absolute. */
  readonly file: string;
  /** Relative to the root, `/` between folders, NFC: one name whatever disk it stood on. */
  readonly path: string;
}

export interface Walk {
  readonly files: readonly WalkedFile[];
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

/**
 * All files under `root`, sorted by path. Hidden files are no data, and are named as skipped; a symbolic link that leads out of the root is left
 * alone, so that a folder cannot lend what its owner may not read.
 * @throws AppError FILE_MISSING, FILE_UNREADABLE
 */
export async function walk(root: string): Promise<Walk> {
  const base = await realpath(root).catch((cause: unknown) => {
    throw unreadable(root, cause);
  });
  const files: WalkedFile[] = [];
  const skipped: { path: string; reason: string }[] = [];
  const seen = new Set<string>([base]);
  const names = new Set<string>();
  // Two files that one path would name would take turns under it for ever.
  const keep = (file: WalkedFile): void => {
    if (names.has(file.path))
      skipped.push({ path: file.path, reason: 'another file has this name in another spelling' });
    else files.push(file);
    names.add(file.path);
  };
  const visit = async (folder: string, at: string, listing: Promise<Dirent[]>): Promise<void> => {
    const entries = await listing.catch((cause: unknown) => {
      if (at === base) throw unreadable(root, cause);
      skipped.push({ path: folder, reason: UNREADABLE });
      return [];
    });
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    const listingOf = listAhead(at, entries);
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.name.startsWith('.')) {
        skipped.push({ path, reason: 'hidden' });
        continue;
      }
      const target = entry.isSymbolicLink() ? await resolveInside(base, join(at, entry.name)) : join(at, entry.name);
      if (target === undefined) {
        skipped.push({ path, reason: 'a symbolic link that leads nowhere or out of the folder' });
        continue;
      }
      const facts = entry.isSymbolicLink() ? await stat(target) : entry;
      if (facts.isDirectory()) {
        if (entry.isSymbolicLink() && seen.has(target)) continue;
        seen.add(target);
        await visit(path, target, entry.isSymbolicLink() ? list(target) : listingOf(entry));
      } else if (facts.isFile()) keep({ file: target, path: path.normalize('NFC') });
      else skipped.push({ path, reason: 'not a regular file' });
    }
  };
  await visit('', base, list(base));
  return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), skipped };
}

function list(at: string): Promise<Dirent[]> {
  return readdir(at, { withFileTypes: true });
}

/** Folders asked for at once: one by one, a folder of many small ones would be waited for longer than it is read. */
const MOST_AHEAD = 16;

/** Lists the folders among the entries of `at`, which are asked for in their order, some ahead of whoever asks. */
function listAhead(at: string, entries: readonly Dirent[]): (entry: Dirent) => Promise<Dirent[]> {
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  const begun = new Map<Dirent, Promise<Dirent[]>>();
  let next = 0;
  return (entry) => {
    if (begun.size === 0) {
      for (const folder of folders.slice(next, next + MOST_AHEAD)) {
        const listing = list(join(at, folder.name));
        // Whoever comes to it hears of it.
        listing.catch(() => undefined);
        begun.set(folder, listing);
      }
      next += MOST_AHEAD;
    }
    const listing = begun.get(entry) ?? list(join(at, entry.name));
    begun.delete(entry);
    return listing;
  };
}

async function resolveInside(base: string, path: string): Promise<string | undefined> {
  const target = await realpath(path).catch(() => undefined);
  if (target === undefined) return undefined;
  const inside = relative(base, target);
  return inside === '..' || inside.startsWith(`..${sep}`) ? undefined : target;
}

function unreadable(path: string, cause: unknown): AppError {
  const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
  return new AppError(
    missing ? 'FILE_MISSING' : 'FILE_UNREADABLE',
    `${path} ${missing ? 'does not exist' : 'cannot be read'}`,
    {
      cause,
      hint: 'Check the path and that this process may read it.',
    },
  );
}
