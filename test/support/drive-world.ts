/** A drive in memory: entries that know their parent, and when each was changed last. */

export interface DriveEntry {
  readonly id: string;
  readonly name: string;
  /** Undefined of the root. */
  readonly parentId: string | undefined;
  /** Undefined of folders. */
  readonly content: Uint8Array | undefined;
  /** Of its last change: they are counted. */
  readonly seq: number;
  readonly isDeleted: boolean;
}

export interface DriveWorld {
  /** Whether an item is told without the address of its bytes, so that it has to be asked for. */
  hidesAddresses: boolean;
  /** Subscriptions by id. */
  readonly hooks: Map<string, { readonly id: string }>;
  readonly root: DriveEntry;
  /** The id of what lies at the path then. */
  readonly put: (path: string, content: string | Uint8Array) => string;
  readonly remove: (path: string) => void;
  readonly move: (from: string, to: string) => void;
  readonly entry: (id: string) => DriveEntry | undefined;
  /** Parents before their children; without the root. */
  readonly all: () => readonly DriveEntry[];
  /** What was changed after `seq`, in that order; with the folders above it where asked. Of a deleted folder, only itself. */
  readonly since: (seq: number, withParents: boolean) => readonly DriveEntry[];
  readonly now: () => number;
}

export function createDriveWorld(): DriveWorld {
  const root: DriveEntry = {
    id: 'root-0',
    name: 'root',
    parentId: undefined,
    content: undefined,
    seq: 0,
    isDeleted: false,
  };
  const entries = new Map<string, DriveEntry>([[root.id, root]]);
  let now = 0;
  const there = (): DriveEntry[] => [...entries.values()].filter((entry) => !entry.isDeleted);
  const child = (parentId: string, name: string): DriveEntry | undefined =>
    there().find((entry) => entry.parentId === parentId && entry.name === name);
  const keep = (entry: Omit<DriveEntry, 'seq'>): DriveEntry => {
    now += 1;
    const kept = { ...entry, seq: now };
    entries.set(kept.id, kept);
    return kept;
  };
  const folderAt = (parts: readonly string[]): DriveEntry =>
    parts.reduce<DriveEntry>(
      (parent, name) =>
        child(parent.id, name) ??
        keep({ id: `folder-${now + 1}`, name, parentId: parent.id, content: undefined, isDeleted: false }),
      root,
    );
  const at = (path: string): DriveEntry => {
    const found = path
      .split('/')
      .reduce<DriveEntry | undefined>((parent, name) => parent && child(parent.id, name), root);
    if (found === undefined) throw new Error(`There is nothing at ${path}`);
    return found;
  };
  const depth = (entry: DriveEntry): number => {
    const parent = entries.get(entry.parentId ?? '');
    return parent === undefined ? 0 : 1 + depth(parent);
  };
  const isGone = (entry: DriveEntry): boolean => {
    const parent = entries.get(entry.parentId ?? '');
    return entry.isDeleted || (parent !== undefined && isGone(parent));
  };
  return {
    hidesAddresses: false,
    hooks: new Map(),
    root,
    now: () => now,
    entry: (id) => {
      const found = entries.get(id);
      return found === undefined || isGone(found) ? undefined : found;
    },
    put(path, content) {
      const parts = path.split('/');
      const name = parts.at(-1) ?? '';
      const parent = folderAt(parts.slice(0, -1));
      const id = child(parent.id, name)?.id ?? `file-${now + 1}`;
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      return keep({ id, name, parentId: parent.id, content: bytes, isDeleted: false }).id;
    },
    remove(path) {
      keep({ ...at(path), isDeleted: true });
    },
    move(from, to) {
      const parts = to.split('/');
      const moved = at(from);
      keep({ ...moved, name: parts.at(-1) ?? '', parentId: folderAt(parts.slice(0, -1)).id });
    },
    all: () =>
      [...entries.values()]
        .filter((entry) => entry.parentId !== undefined && !isGone(entry))
        .sort((left, right) => depth(left) - depth(right) || left.seq - right.seq),
    since(seq, withParents) {
      const changed = [...entries.values()].filter((entry) => entry.seq > seq);
      const told = new Map(changed.map((entry) => [entry.id, entry]));
      for (const entry of withParents ? changed : []) {
        for (let up = entries.get(entry.parentId ?? ''); up !== undefined; up = entries.get(up.parentId ?? '')) {
          told.set(up.id, up);
        }
      }
      return [...told.values()].sort((left, right) => left.seq - right.seq);
    },
  };
}
