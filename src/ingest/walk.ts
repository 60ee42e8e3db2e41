/** The files of a folder. */
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { AppError } from '../kernel/errors.ts';

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
  const visit = async (folder: string, at: string): Promise<void> => {
    const entries = await readdir(at, { withFileTypes: true }).catch((cause: unknown) => {
      if (at === base) throw unreadable(root, cause);
      skipped.push({ path: folder, reason: 'the folder cannot be read' });
      return [];
    });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
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
        await visit(path, target);
      } else if (facts.isFile()) keep({ file: target, path: path.normalize('NFC') });
      else skipped.push({ path, reason: 'not a regular file' });
    }
  };
  await visit('', base);
  return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), skipped };
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
