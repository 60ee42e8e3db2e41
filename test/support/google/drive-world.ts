/** What a Drive holds, and its change logs: state in memory, as files.list and changes.list tell of it. */
import { createHash } from 'node:crypto';

export const FOLDER = 'application/vnd.google-apps.folder';
const NATIVE = 'application/vnd.google-apps.';

export interface FakeFile {
  readonly id: string;
  name: string;
  mimeType: string;
  parents: string[];
  driveId: string | undefined;
  isTrashed: boolean;
  createdTime: string;
  modifiedTime: string;
  version: number;
  content: Uint8Array;
  /** Which of the native formats it is exported in, beside `content`. */
  ownedByMe: boolean;
  /** With somebody, by itself or a folder above. */
  shared: boolean;
  shortcut:
    | { readonly targetId: string; readonly targetMimeType: string; readonly targetResourceKey?: string }
    | undefined;
  /** The content is refused for this reason. */
  refusal: string | undefined;
}

export interface FakeChange {
  /** The shared drive's log; empty: the account's own. */
  readonly log: string;
  readonly fileId: string;
  readonly isRemoved: boolean;
}

export interface DriveWorld {
  readonly files: Map<string, FakeFile>;
  readonly changes: FakeChange[];
  readonly drives: Map<string, string>;
  /** Makes a file, in My Drive unless `parent` is said. */
  readonly add: (
    file: Partial<Omit<FakeFile, 'id' | 'content'>> & {
      readonly id?: string;
      readonly parent?: string;
      readonly content?: string | Uint8Array;
    },
  ) => string;
  /** Changes what is said of a file, told by one change. */
  readonly edit: (id: string, patch: Partial<FakeFile>) => void;
  readonly write: (id: string, content: string | Uint8Array) => void;
  /** Gone for good, or no longer shared with us. */
  readonly drop: (id: string) => void;
  readonly addDrive: (id: string, name: string) => void;
  readonly isTrashed: (file: FakeFile) => boolean;
  /** By path from My Drive. */
  readonly find: (path: string) => FakeFile | undefined;
  /** The folder at this path, made where it is not there. */
  readonly folder: (path: string) => string;
}

export const ROOT = 'root-of-my-drive';

export function createDriveWorld(): DriveWorld {
  const files = new Map<string, FakeFile>();
  const changes: FakeChange[] = [];
  const drives = new Map<string, string>();
  let tick = 0;
  const now = (): string => new Date(Date.UTC(2026, 0, 1) + 1000 * ++tick).toISOString();
  const tell = (file: FakeFile, isRemoved = false): void =>
    void changes.push({ log: file.driveId ?? '', fileId: file.id, isRemoved });

  const world: DriveWorld = {
    files,
    changes,
    drives,
    add({ parent, content = '', ...rest }) {
      const time = now();
      const id = rest.id ?? `1${createHash('sha1').update(`file ${tick}`).digest('base64url')}`;
      const file: FakeFile = {
        name: 'untitled',
        mimeType: 'text/plain',
        parents: [parent ?? ROOT],
        driveId: files.get(parent ?? '')?.driveId ?? (drives.has(parent ?? '') ? parent : undefined),
        isTrashed: false,
        createdTime: time,
        modifiedTime: time,
        version: 1,
        ownedByMe: true,
        shared: rest.ownedByMe === false || files.get(parent ?? '')?.shared === true,
        shortcut: undefined,
        refusal: undefined,
        ...rest,
        id,
        content: Buffer.from(content),
      };
      files.set(id, file);
      tell(file);
      return id;
    },
    edit(id, patch) {
      const file = files.get(id);
      if (file === undefined) throw new Error(`There is no file ${id}`);
      const before = file.driveId;
      Object.assign(file, patch, { version: file.version + 1 });
      // What moves between drives is gone from the one's log and new in the other's.
      if (before !== file.driveId) changes.push({ log: before ?? '', fileId: id, isRemoved: true });
      tell(file);
    },
    write: (id, content) => world.edit(id, { content: Buffer.from(content), modifiedTime: now() }),
    drop(id) {
      const file = files.get(id);
      if (file === undefined) return;
      files.delete(id);
      tell(file, true);
    },
    addDrive(id, name) {
      drives.set(id, name);
    },
    isTrashed(file) {
      const seen = new Set<string>();
      for (let at: FakeFile | undefined = file; at !== undefined && !seen.has(at.id); ) {
        if (at.isTrashed) return true;
        seen.add(at.id);
        at = files.get(at.parents[0] ?? '');
      }
      return false;
    },
    find(path) {
      let parent = ROOT;
      let found: FakeFile | undefined;
      for (const name of path.split('/')) {
        found = [...files.values()].find(
          (file) => file.name === name && file.parents.includes(parent) && !file.isTrashed,
        );
        if (found === undefined) return undefined;
        parent = found.id;
      }
      return found;
    },
    folder(path) {
      let parent = ROOT;
      const names = path.split('/').filter((name) => name !== '');
      for (const [depth, name] of names.entries()) {
        const known = world.find(names.slice(0, depth + 1).join('/'));
        parent = known?.id ?? world.add({ name, parent, mimeType: FOLDER });
      }
      return parent;
    },
  };
  return world;
}

/** A file as the API shows it, before any mask. */
export function shownFile(world: DriveWorld, file: FakeFile): Record<string, unknown> {
  const isBinary = !file.mimeType.startsWith(NATIVE);
  const hash = (name: string): string => createHash(name).update(file.content).digest('hex');
  return {
    kind: 'drive#file',
    id: file.id,
    name: file.name,
    mimeType: file.mimeType,
    ...(file.parents.length > 0 ? { parents: file.parents } : {}),
    ...(file.driveId === undefined ? { ownedByMe: file.ownedByMe } : { driveId: file.driveId }),
    trashed: world.isTrashed(file),
    createdTime: file.createdTime,
    modifiedTime: file.modifiedTime,
    version: String(file.version),
    shared: file.shared,
    webViewLink: `https://drive.google.com/file/d/${file.id}/view`,
    lastModifyingUser: { displayName: 'Ada', emailAddress: 'ada@example.org' },
    capabilities: { canDownload: true },
    ...(file.shortcut === undefined ? {} : { shortcutDetails: file.shortcut }),
    ...(isBinary && {
      headRevisionId: `r${hash('md5').slice(0, 12)}${file.modifiedTime}`,
      md5Checksum: hash('md5'),
      sha256Checksum: hash('sha256'),
      size: String(file.content.length),
    }),
    ...(file.mimeType.startsWith(NATIVE) && {
      exportLinks: Object.fromEntries(
        ['text/markdown', 'text/plain', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'].map(
          (type) => [
            type,
            `https://docs.google.com/feeds/download/${file.id}?exportFormat=${encodeURIComponent(type)}`,
          ],
        ),
      ),
    }),
  };
}
