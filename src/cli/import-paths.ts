/** The paths that a user names, as the pipeline takes them in: files under a root. */
import { stat } from 'node:fs/promises';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import type { FolderRequest } from '../ingest/run.ts';
import { type WalkedFile, walk } from '../ingest/walk.ts';
import { AppError } from '../kernel/errors.ts';

export interface ImportGroup {
  readonly root: string;
  /** Absent: everything under the root. */
  readonly files?: FolderRequest['files'];
  /** Known before anything is read: what a folder holds that is no file of records. */
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
  /** Whether the user named these files one by one: then a skipped one is not what was asked for. */
  readonly named: boolean;
}

/**
 * Looks at every path before any is imported, so that a slip of the pen in the last one is not told after an hour. A folder is its
 * own root, a file's root is its folder, unless `root` says otherwise.
 * @throws AppError FILE_MISSING, FILE_UNREADABLE, BAD_USER_INPUT for a path outside `root`
 */
export async function groupPaths(folder: string, paths: readonly string[], root?: string): Promise<ImportGroup[]> {
  const base = root === undefined ? undefined : resolve(folder, root);
  const groups: ImportGroup[] = [];
  for (const path of paths) {
    const absolute = resolve(folder, path);
    const isFolder = await inspect(absolute, path);
    if (base === undefined) {
      groups.push(isFolder ? wholeFolder(absolute) : oneFile(absolute, dirname(absolute), basename(absolute)));
      continue;
    }
    const below = relative(base, absolute);
    if (below === '..' || below.startsWith(`..${sep}`) || resolve(base, below) !== absolute)
      throw new AppError('BAD_USER_INPUT', `${path} does not lie under the root ${root}`, {
        hint: 'Name a root that is a folder above every path, or leave --root out.',
        path,
      });
    if (!isFolder) groups.push(oneFile(absolute, base, slashed(below)));
    else groups.push(below === '' ? wholeFolder(base) : await partOfRoot(absolute, base, slashed(below)));
  }
  return groups;
}

async function inspect(absolute: string, path: string): Promise<boolean> {
  try {
    const found = await stat(absolute);
    if (found.isDirectory()) return true;
    if (found.isFile()) return false;
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR');
    throw new AppError(
      missing ? 'FILE_MISSING' : 'FILE_UNREADABLE',
      `${path} ${missing ? 'does not exist' : 'cannot be read'}`,
      {
        cause,
        path,
        hint: `It was looked for as ${absolute}.`,
      },
    );
  }
  throw new AppError('FILE_UNREADABLE', `${path} is neither a file nor a folder`, {
    path,
    hint: 'Name a file or a folder.',
  });
}

function wholeFolder(root: string): ImportGroup {
  return { root, skipped: [], named: false };
}

function oneFile(file: string, root: string, path: string): ImportGroup {
  return { root, files: [{ file, path: path.normalize('NFC') }], skipped: [], named: true };
}

async function partOfRoot(folder: string, root: string, below: string): Promise<ImportGroup> {
  const found = await walk(folder);
  const under = (path: string): string => `${below}/${path}`.normalize('NFC');
  const files: WalkedFile[] = found.files.map(({ file, path }) => ({ file, path: under(path) }));
  const skipped = found.skipped.map(({ path, reason }) => ({ path: under(path), reason }));
  return { root, files, skipped, named: false };
}

function slashed(path: string): string {
  return path.split(sep).join('/');
}
