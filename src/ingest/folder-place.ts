/** Where a folder lies, told without the names of folders that only this machine's keeper knows. */
import { realpath } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { isInside, resolveImportPath } from '../access/import-roots.ts';
import { AppError } from '../kernel/errors.ts';
import { hashBytes } from '../kernel/hash.ts';

export interface FolderPlace {
  /** Relative to its import root, `/` between folders, `.` for the root; absolute where an earlier release wrote it. */
  readonly root: string;
  /** Tells that import root from others; undefined where the path is absolute. */
  readonly within: string | undefined;
}

/** @throws AppError PATH_NOT_ALLOWED for what lies in none of the import roots */
export async function placeOf(importRoots: readonly string[], folder: string): Promise<FolderPlace> {
  for (const { real, mark } of await marked(importRoots))
    if (isInside(real, folder)) return { root: relative(real, folder).split(sep).join('/') || '.', within: mark };
  throw new AppError('PATH_NOT_ALLOWED', 'The folder lies outside the import roots');
}

/**
 * The absolute path; it may have become a link since, and the import roots others.
 * @throws AppError PATH_NOT_ALLOWED, FILE_MISSING, FILE_UNREADABLE
 */
export async function resolvePlace(importRoots: readonly string[], { root, within }: FolderPlace): Promise<string> {
  if (within === undefined) return resolveImportPath(importRoots, root, 'folder');
  const found = (await marked(importRoots)).find(({ mark }) => mark === within);
  // By its own root alone: another may have a folder of this name.
  if (found !== undefined) return resolveImportPath([found.real], root, 'folder');
  throw new AppError('PATH_NOT_ALLOWED', `"${root}" lay in a folder that is no import root any more`, {
    hint: 'Add it to CAIRN_IMPORT_ROOTS again, or ask for the import anew.',
  });
}

async function marked(importRoots: readonly string[]): Promise<{ real: string; mark: string }[]> {
  const found = await Promise.all(importRoots.map((root) => realpath(root).catch(() => undefined)));
  return found.flatMap((real) => (real === undefined ? [] : [{ real, mark: hashBytes(real).slice(0, 12) }]));
}
