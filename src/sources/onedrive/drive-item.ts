/** Items of a drive as Graph tells of them, and as the contract does. */
import { type Static, Type } from 'typebox';
import type { ContentHash, RemoteItem } from '../connector.ts';

const file = Type.Object({
  mimeType: Type.Optional(Type.String()),
  hashes: Type.Optional(
    Type.Object({
      quickXorHash: Type.Optional(Type.String()),
      sha1Hash: Type.Optional(Type.String()),
      sha256Hash: Type.Optional(Type.String()),
    }),
  ),
});
const some = Type.Object({});

export const driveItem = Type.Object({
  id: Type.String(),
  name: Type.Optional(Type.String()),
  size: Type.Optional(Type.Number()),
  eTag: Type.Optional(Type.String()),
  webUrl: Type.Optional(Type.String()),
  lastModifiedDateTime: Type.Optional(Type.String()),
  lastModifiedBy: Type.Optional(
    Type.Object({ user: Type.Optional(Type.Object({ displayName: Type.Optional(Type.String()) })) }),
  ),
  parentReference: Type.Optional(
    Type.Object({ id: Type.Optional(Type.String()), driveId: Type.Optional(Type.String()) }),
  ),
  file: Type.Optional(file),
  folder: Type.Optional(some),
  package: Type.Optional(some),
  malware: Type.Optional(some),
  root: Type.Optional(some),
  deleted: Type.Optional(some),
  remoteItem: Type.Optional(
    Type.Object({
      id: Type.String(),
      size: Type.Optional(Type.Number()),
      file: Type.Optional(file),
      parentReference: Type.Optional(Type.Object({ driveId: Type.Optional(Type.String()) })),
    }),
  ),
  '@microsoft.graph.downloadUrl': Type.Optional(Type.String()),
});
export type DriveItem = Static<typeof driveItem>;

/** A page of a delta or of a folder's children. */
export const itemPage = Type.Object({
  value: Type.Array(driveItem),
  '@odata.nextLink': Type.Optional(Type.String()),
  '@odata.deltaLink': Type.Optional(Type.String()),
});

/** The id within the source: the drive's and the item's, since an item's alone is only unique in its drive. */
export function idOf(driveId: string, itemId: string): string {
  return `${driveId}/${itemId}`;
}

/** The two ids that {@link idOf} joined. */
export function splitId(id: string): { readonly driveId: string; readonly itemId: string } {
  const at = id.lastIndexOf('/');
  return { driveId: id.slice(0, at), itemId: id.slice(at + 1) };
}

export function isFolder(item: DriveItem): boolean {
  return item.folder !== undefined || item.root !== undefined;
}

/** `path`: from the source's root. */
export function remoteItem(item: DriveItem, driveId: string, path: string): RemoteItem {
  const content = item.file ?? item.remoteItem?.file;
  const parent = item.parentReference?.id;
  return {
    id: idOf(driveId, item.id),
    kind: kindOf(item),
    name: item.name ?? '',
    parentId: parent === undefined ? undefined : idOf(driveId, parent),
    path,
    version: versionOf(item),
    hash: hashOf(item),
    size: content === undefined ? undefined : (item.remoteItem?.size ?? item.size),
    mediaType: content?.mimeType,
    modifiedAt: dateOf(item.lastModifiedDateTime),
    url: item.webUrl,
    author: item.lastModifiedBy?.user?.displayName,
    hasContent: content !== undefined,
    skipped: skippedWords(item),
  };
}

/**
 * What changes with the content and with nothing else. An eTag changes when a file is renamed, and a cTag is left out of the
 * deltas of work accounts: the hash is the one thing that all accounts and all requests agree on.
 */
export function versionOf(item: DriveItem): string {
  if (isFolder(item)) return item.id;
  const hash = hashOf(item);
  return hash === undefined ? (item.eTag ?? item.lastModifiedDateTime ?? item.id) : `${hash.algorithm}:${hash.value}`;
}

/** Which hashes there are differs by account; the first of these that is told. */
export function hashOf(item: DriveItem): ContentHash | undefined {
  const hashes = (item.file ?? item.remoteItem?.file)?.hashes;
  if (hashes?.quickXorHash !== undefined) return { algorithm: 'quickxor', value: hashes.quickXorHash };
  if (hashes?.sha256Hash !== undefined) return { algorithm: 'sha256', value: hashes.sha256Hash };
  return hashes?.sha1Hash === undefined ? undefined : { algorithm: 'sha1', value: hashes.sha1Hash };
}

function skippedWords(item: DriveItem): string | undefined {
  if (item.package !== undefined) return 'A notebook has no bytes of its own';
  if (item.remoteItem === undefined || item.remoteItem.file !== undefined) return undefined;
  return 'It leads to a folder of another drive: connect that drive itself';
}

function kindOf(item: DriveItem): RemoteItem['kind'] {
  if (item.remoteItem !== undefined) return 'shortcut';
  if (isFolder(item)) return 'folder';
  return item.package === undefined ? 'file' : 'native';
}

function dateOf(text: string | undefined): Date | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? undefined : new Date(time);
}
