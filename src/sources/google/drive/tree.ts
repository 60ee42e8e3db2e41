/**
 * The folders of a source and the paths that follow from them. Drive tells a file's parent and nothing more, and one change
 * when a folder with a million files is renamed: so the folders are known here, and whose path has changed is seen by
 * comparing.
 */
import { pathPart } from '../../kit/paths.ts';

/** The source's root, whose real id depends on the account or the setting. */
export const BASE = '@';

export interface TreeFolder {
  readonly name: string;
  readonly parent: string;
  /** Seconds since 1970: of folders with one name, the oldest keeps it. */
  readonly created: number;
  /** With people: others may have put things into it that are in no listing of the account’s own. */
  readonly isShared: boolean;
}

export interface FolderTree {
  readonly size: () => number;
  readonly get: (id: string) => TreeFolder | undefined;
  readonly set: (id: string, folder: TreeFolder) => void;
  readonly remove: (id: string) => void;
  /** The path of every folder that the root leads to, parents first; a circle of folders hangs on nothing and is not among them. */
  readonly paths: () => ReadonlyMap<string, string>;
  /** Forgets what the root no longer leads to. */
  readonly prune: () => void;
  readonly entries: () => readonly (readonly [string, TreeFolder])[];
}

export function createTree(folders: Iterable<readonly [string, TreeFolder]> = []): FolderTree {
  const known = new Map(folders);
  let paths: ReadonlyMap<string, string> | undefined;
  const current = (): ReadonlyMap<string, string> => {
    paths ??= pathsOf(known);
    return paths;
  };
  return {
    size: () => known.size,
    get: (id) => known.get(id),
    set(id, folder) {
      const before = known.get(id);
      if (before !== undefined && isSame(before, folder)) return;
      known.set(id, folder);
      paths = undefined;
    },
    remove(id) {
      if (known.delete(id)) paths = undefined;
    },
    paths: current,
    prune() {
      const reached = current();
      for (const id of known.keys()) if (!reached.has(id)) known.delete(id);
    },
    entries: () => [...known],
  };
}

/** A name that another in the same folder has too, told apart by the id, before the ending by which it is read. */
export function twinName(part: string, id: string, hasEnding: boolean): string {
  const dot = hasEnding ? part.lastIndexOf('.') : -1;
  return dot <= 0 ? `${part} (${id})` : `${part.slice(0, dot)} (${id})${part.slice(dot)}`;
}

/** Oldest first; those of one second by their ids. */
export function byAge(
  a: { readonly created: number; readonly id: string },
  b: { readonly created: number; readonly id: string },
): number {
  return a.created - b.created || (a.id < b.id ? -1 : 1);
}

function pathsOf(folders: ReadonlyMap<string, TreeFolder>): ReadonlyMap<string, string> {
  const below = new Map<string, { id: string; name: string; created: number }[]>();
  for (const [id, { name, parent, created }] of folders) {
    const siblings = below.get(parent);
    if (siblings === undefined) below.set(parent, [{ id, name, created }]);
    else siblings.push({ id, name, created });
  }
  const paths = new Map([[BASE, '']]);
  // A map is walked in the order of its entries, those added meanwhile among them: parents come before children.
  for (const [parent, path] of paths) {
    const taken = new Set<string>();
    for (const { id, name } of (below.get(parent) ?? []).toSorted(byAge)) {
      const plain = pathPart(name);
      const part = taken.has(plain) ? twinName(plain, id, false) : plain;
      taken.add(part);
      if (!paths.has(id)) paths.set(id, path === '' ? part : `${path}/${part}`);
    }
  }
  return paths;
}

function isSame(a: TreeFolder, b: TreeFolder): boolean {
  return a.name === b.name && a.parent === b.parent && a.created === b.created && a.isShared === b.isShared;
}
