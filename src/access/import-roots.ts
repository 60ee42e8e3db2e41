/** Which paths an import through the API may read: only what lies inside the import roots once links are resolved. */
import { realpath, stat } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import { AppError } from '../kernel/errors.ts';

export type PathKind = 'file' | 'folder';

/**
 * The real, absolute path of `path`, which lies inside one of `roots`; a relative path is tried under each root in order. Errors name it
 * as `told`: where the roots lie is the keeper's to know.
 * @throws AppError PATH_NOT_ALLOWED outside every root, BAD_USER_INPUT of another kind, FILE_MISSING, FILE_UNREADABLE
 */
export async function resolveImportPath(
  roots: readonly string[],
  path: string,
  kind: PathKind,
  told = path,
): Promise<string> {
  if (path.includes('\0')) throw new AppError('BAD_USER_INPUT', 'A path cannot hold a NUL character', { path: 'path' });
  let insideSomeRoot = false;
  let isAnotherKind = false;
  const known = await realRoots(roots);
  for (const root of known) {
    const wanted = resolve(root.given, path);
    // Told apart by its spelling first: a path outside must not tell whether it exists.
    if (!isInside(root.given, wanted) && !isInside(root.real, wanted)) continue;
    const found = await inspect(wanted);
    if (!known.some(({ real }) => isInside(real, found.real))) continue;
    insideSomeRoot = true;
    if (!found.exists) continue;
    if (found.kind === kind) return found.real;
    isAnotherKind = true;
  }
  if (!insideSomeRoot) throw outside(told);
  if (isAnotherKind) throw ofAnotherKind(told, kind);
  throw new AppError('FILE_MISSING', `There is no "${told}" under the import roots`, {
    path: 'path',
    hint: 'Copy it into the inbox folder, or add its folder to CAIRN_IMPORT_ROOTS.',
  });
}

/** Whether `path` is `root` or lies under it. Both absolute. */
export function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && resolve(root, way) === path;
}

async function realRoots(roots: readonly string[]): Promise<{ given: string; real: string }[]> {
  const found: { given: string; real: string }[] = [];
  for (const given of roots) {
    const { real, exists } = await inspect(given);
    // A root that is not there yet (the inbox of a new data folder) holds nothing.
    if (exists) found.push({ given, real });
  }
  return found;
}

interface Found {
  /** With every link resolved; of a missing file, its nearest folder that exists. */
  readonly real: string;
  readonly exists: boolean;
  readonly kind?: PathKind | 'other';
}

async function inspect(path: string): Promise<Found> {
  try {
    const real = await realpath(path);
    const facts = await stat(real);
    return { real, exists: true, kind: facts.isFile() ? 'file' : facts.isDirectory() ? 'folder' : 'other' };
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP' || code === 'ENAMETOOLONG') {
      return { real: dirname(path) === path ? path : (await inspect(dirname(path))).real, exists: false };
    }
    throw new AppError('FILE_UNREADABLE', 'The path cannot be read', {
      cause,
      hint: 'Check the rights of the file and its folders.',
    });
  }
}

function outside(path: string): AppError {
  return new AppError('PATH_NOT_ALLOWED', `"${path}" lies outside the import roots`, {
    path: 'path',
    hint: 'Imports by path read files inside CAIRN_IMPORT_ROOTS; other files can be uploaded.',
  });
}

const HINTS: Record<PathKind, string> = {
  file: 'Give the path of one file; the GraphQL mutation importFolder takes in all files of a folder.',
  folder: 'Give the path of a folder.',
};

/** Told of what lies inside the import roots alone: of what lies elsewhere nobody hears what it is. */
function ofAnotherKind(path: string, wanted: PathKind): AppError {
  return new AppError('BAD_USER_INPUT', `"${path}" is no ${wanted}`, { path: 'path', hint: HINTS[wanted] });
}
