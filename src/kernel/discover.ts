/** Declarations are found by folder: adding a dataset, a type or a command is adding a file, and no list can forget it. */
import { readdir } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AppError } from './errors.ts';

export interface Discovered {
  /** Absolute. */
  readonly path: string;
  readonly module: Readonly<Record<string, unknown>>;
}

/** Written by tools, or other people's code: nothing in there declares anything of ours. */
const FOREIGN_FOLDERS = new Set(['node_modules', 'generated']);

/**
 * Imports every file under `folder` whose name ends in `suffix` (such as `.ts` or `.graphql.ts`), sorted by path.
 * Files and folders whose name starts with `_` are examples and skipped; so are declaration files.
 * @throws AppError DECLARATION_INVALID with the file's path when one cannot be imported.
 */
export async function discover(folder: string, suffix: string): Promise<Discovered[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(suffix) && !entry.name.endsWith('.d.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => isOurs(path.slice(folder.length)))
    .sort();
  const found: Discovered[] = [];
  // One after the other: which of two faulty files is reported must not depend on the disk.
  for (const path of paths) found.push({ path, module: await load(path) });
  return found;
}

/**
 * The default export of a discovered file, checked.
 * @throws AppError DECLARATION_INVALID with the file's path when `accepts` says no; `what` names what was expected.
 */
export function requireDefault<T>(found: Discovered, accepts: (value: unknown) => value is T, what: string): T {
  const value = found.module['default'];
  if (accepts(value)) return value;
  throw new AppError('DECLARATION_INVALID', `${found.path} must export ${what} by default`, {
    path: found.path,
    hint: `See _example.ts beside ${basename(found.path)} for the shape.`,
  });
}

/**
 * Refuses a name declared twice, naming both files.
 * @throws AppError DECLARATION_INVALID
 */
export function requireUnique(
  declared: readonly { readonly name: string; readonly path: string }[],
  what: string,
): void {
  const first = new Map<string, string>();
  for (const { name, path } of declared) {
    const earlier = first.get(name);
    if (earlier !== undefined) {
      throw new AppError('DECLARATION_INVALID', `The ${what} "${name}" is declared in ${earlier} and in ${path}`, {
        path,
      });
    }
    first.set(name, path);
  }
}

function isOurs(relative: string): boolean {
  return relative.split(sep).every((part) => !part.startsWith('_') && !FOREIGN_FOLDERS.has(part));
}

async function load(path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await import(pathToFileURL(path).href);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('DECLARATION_INVALID', `${path} cannot be loaded: ${reason}`, { path, cause });
  }
}
