/** A Dropbox's files as its documentation describes them: paths without regard to case, ids that moves keep, a journal of changes. */
import { createDropboxHash } from '../../../src/sources/kit/dropbox-hash.ts';

export interface Entry {
  readonly tag: 'file' | 'folder';
  readonly id: string;
  /** As people see it, with a slash at its start. */
  readonly path: string;
  readonly rev: string;
  readonly content: Buffer;
  readonly modified: Date;
  /** Paper: no file to download, to be exported. */
  readonly isPaper: boolean;
}

/** The path's entry after the change; null: nothing lies there any more. */
export interface Change {
  readonly path: string;
  readonly entry: Entry | null;
}

export interface World {
  /** By folded path. */
  readonly entries: ReadonlyMap<string, Entry>;
  readonly journal: readonly Change[];
  readonly put: (path: string, content: Uint8Array, options?: { readonly isPaper?: boolean }) => Entry;
  readonly remove: (path: string) => void;
  readonly move: (from: string, to: string) => void;
  /** By path, `id:…` or `rev:…`. */
  readonly find: (reference: string) => Entry | undefined;
  /** Resolves with the next change, or after so many milliseconds. */
  readonly changed: (waitMs: number) => Promise<void>;
}

export function createWorld(): World {
  const entries = new Map<string, Entry>();
  const journal: Change[] = [];
  const waiting = new Set<() => void>();
  let count = 0;

  const write = (path: string, entry: Entry | null): void => {
    if (entry === null) entries.delete(fold(path));
    else entries.set(fold(path), entry);
    journal.push({ path, entry });
    for (const wake of waiting) wake();
  };
  const nextId = (): string => `id:${String(++count).padStart(16, 'A')}`;
  const makeFolders = (path: string): void => {
    const parts = path.split('/').slice(1, -1);
    for (let depth = 1; depth <= parts.length; depth += 1) {
      const folder = `/${parts.slice(0, depth).join('/')}`;
      if (!entries.has(fold(folder))) write(folder, makeEntry('folder', nextId(), folder, '', Buffer.alloc(0), false));
    }
  };
  const below = (path: string): Entry[] =>
    [...entries.values()].filter((entry) => fold(entry.path).startsWith(`${fold(path)}/`));

  return {
    entries,
    journal,
    put(path, content, { isPaper = false } = {}) {
      makeFolders(path);
      const id = entries.get(fold(path))?.id ?? nextId();
      count += 1;
      const rev = count.toString(16).padStart(15, '0');
      const made = makeEntry('file', id, path, rev, Buffer.from(content), isPaper);
      write(path, made);
      return made;
    },
    remove(path) {
      // One entry for the whole of a folder: whoever listens removes what lies below.
      for (const entry of below(path)) entries.delete(fold(entry.path));
      write(path, null);
    },
    move(from, to) {
      const moved = entries.get(fold(from));
      if (moved === undefined) throw new Error(`There is nothing at ${from}`);
      const children = below(from);
      for (const child of children) entries.delete(fold(child.path));
      write(from, null);
      makeFolders(to);
      write(to, { ...moved, path: to });
      for (const child of children) {
        const path = to + child.path.slice(from.length);
        write(path, { ...child, path });
      }
    },
    find(reference) {
      if (!/^(id|rev):/.test(reference)) return entries.get(fold(reference));
      return [...entries.values()].find((entry) => entry.id === reference || `rev:${entry.rev}` === reference);
    },
    changed: (waitMs) =>
      new Promise((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, waitMs);
        timer.unref();
        waiting.add(wake);
      }),
  };
}

export function fold(path: string): string {
  return path.toLowerCase();
}

export function contentHash(content: Uint8Array): string {
  const hash = createDropboxHash();
  hash.update(content);
  return hash.digest().toString('hex');
}

/** As listings and uploads tell of it. @param below the prefix that the caller does not see: the folder that paths start in */
export function metadataOf(entry: Entry, below: string): Record<string, unknown> {
  const path = entry.path.slice(below.length);
  const place = { name: path.slice(path.lastIndexOf('/') + 1), path_lower: fold(path), path_display: path };
  if (entry.tag === 'folder') return { ...place, id: entry.id };
  const time = `${entry.modified.toISOString().slice(0, 19)}Z`;
  const content = entry.isPaper
    ? { size: 0, is_downloadable: false, export_info: { export_as: 'html', export_options: ['html', 'markdown'] } }
    : { size: entry.content.length, is_downloadable: true, content_hash: contentHash(entry.content) };
  return { ...place, id: entry.id, client_modified: time, server_modified: time, rev: entry.rev, ...content };
}

function makeEntry(tag: Entry['tag'], id: string, path: string, rev: string, content: Buffer, isPaper: boolean): Entry {
  return { tag, id, path, rev, content, isPaper, modified: new Date() };
}
