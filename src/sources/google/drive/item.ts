/** A file of Drive as an item: where it lies, what tells that its content changed, whether there is content at all. */
import type { ItemKind, RemoteItem } from '../../connector.ts';
import { pathPart } from '../../kit/paths.ts';
import { type DriveFile, exportOf, isNative, isShortcut, nameWithExtension, nativeWord } from './files.ts';
import { type DrivePlace, isPlanted, SHARED } from './place.ts';
import { BASE, type FolderTree, type TreeFolder } from './tree.ts';

/**
 * The folder of the tree that the file lies in; undefined where it lies outside of the source. Files of older times lie in
 * several folders: the first that is ours counts.
 */
export function folderOf(file: DriveFile, place: DrivePlace, tree: FolderTree): string | undefined {
  const paths = tree.paths();
  const parents = parentsOf(file, place);
  const known = parents.find((id) => paths.has(id));
  if (known !== undefined || !place.hasShared) return known;
  // What others share comes without the folders that they did not share with it.
  return parents.length === 0 && file.ownedByMe !== true && !file.driveId ? SHARED : undefined;
}

/** A folder as the tree keeps it; undefined where it hangs on nothing, or is the root itself. */
export function treeFolder(file: DriveFile, place: DrivePlace): TreeFolder | undefined {
  const isOfOthers = place.hasShared && file.ownedByMe !== true && !file.driveId;
  const parent = parentsOf(file, place)[0] ?? (isOfOthers ? SHARED : undefined);
  if (parent === undefined || file.id === place.base) return undefined;
  // In shared drives everything is shared, and listed.
  const isShared = file.shared === true && !file.driveId;
  return { name: file.name ?? '', parent, created: secondsOf(file), isShared };
}

export function secondsOf(file: DriveFile): number {
  const time = Date.parse(file.createdTime ?? '');
  return Number.isNaN(time) ? 0 : Math.floor(time / 1000);
}

/** The file's part of its path: its name, ending in what a native document, or one that a shortcut leads to, is read as. */
export function partOf(file: DriveFile): string {
  return pathPart(nameWithExtension(file.name ?? '', file.shortcutDetails?.targetMimeType ?? file.mimeType));
}

/**
 * Changes whenever the content does and, unlike Drive's own `version`, not with every view, comment or right: a native document
 * has the time of its last edit alone.
 */
export function versionOf(file: DriveFile): string {
  const ofContent = isNative(file.mimeType) ? file.modifiedTime : (file.headRevisionId ?? file.md5Checksum);
  return ofContent ?? file.modifiedTime ?? file.version ?? '';
}

export function folderItem(file: DriveFile, parent: string, path: string): RemoteItem {
  return { ...baseItem(file, parent, path), kind: 'folder', version: file.modifiedTime ?? '', hasContent: false };
}

/** A shared drive: it has no times and no address of its own. */
export function driveItem(drive: { readonly id: string; readonly name: string }, path: string): RemoteItem {
  return { id: drive.id, kind: 'folder', name: shownName(drive.name), path, version: drive.name, hasContent: false };
}

/** Of files and native documents. */
export function fileItem(file: DriveFile, parent: string, path: string): RemoteItem {
  return { ...baseItem(file, parent, path), ...contentOf(file), version: versionOf(file) };
}

/**
 * Of a shortcut: the content of what it leads to, its own name and time. `target` is null where that content is told elsewhere
 * or is none, for the reason `skipped`.
 */
export function shortcutItem(
  file: DriveFile,
  parent: string,
  path: string,
  target: DriveFile | { readonly skipped: string },
): RemoteItem {
  const item = baseItem(file, parent, path);
  if ('skipped' in target) {
    return { ...item, kind: 'shortcut', version: file.modifiedTime ?? '', hasContent: false, skipped: target.skipped };
  }
  const version = `${file.modifiedTime ?? ''} ${versionOf(target)}`;
  return { ...item, ...contentOf(target), kind: 'shortcut', version };
}

function contentOf(file: DriveFile): Omit<RemoteItem, 'id' | 'name' | 'version'> {
  const kind: ItemKind = isNative(file.mimeType) ? 'native' : 'file';
  const mediaType = file.mimeType ?? undefined;
  const skipped = reasonToSkip(file);
  if (skipped !== undefined) return { kind, mediaType, hasContent: false, skipped };
  const size = file.size === null || file.size === undefined ? undefined : Number(file.size);
  return { kind, mediaType, hasContent: true, hash: hashOf(file), size };
}

function reasonToSkip(file: DriveFile): string | undefined {
  if (isShortcut(file)) return 'It leads to another shortcut.';
  if (isNative(file.mimeType) && exportOf(file.mimeType) === undefined) {
    return `A Google ${nativeWord(file.mimeType ?? '')} has no text that could be read.`;
  }
  if (file.capabilities?.canDownload === false) return 'Its owner has forbidden downloads.';
  return undefined;
}

/** Of files with bytes of their own. */
export function hashOf(file: DriveFile): RemoteItem['hash'] {
  if (file.sha256Checksum) return { algorithm: 'sha256', value: file.sha256Checksum };
  return file.md5Checksum ? { algorithm: 'md5', value: file.md5Checksum } : undefined;
}

function baseItem(
  file: DriveFile,
  parent: string,
  path: string,
): Pick<RemoteItem, 'id' | 'name' | 'parentId' | 'path' | 'modifiedAt' | 'url' | 'author'> {
  const time = Date.parse(file.modifiedTime ?? '');
  return {
    id: file.id ?? '',
    name: shownName(file.name ?? ''),
    parentId: isPlanted(parent) ? undefined : parent,
    path,
    modifiedAt: Number.isNaN(time) ? undefined : new Date(time),
    url: file.webViewLink ?? undefined,
    author: file.lastModifyingUser?.emailAddress ?? file.lastModifyingUser?.displayName ?? undefined,
  };
}

/** As people see it, without what no text of the database can hold. */
function shownName(name: string): string {
  return name.toWellFormed().replaceAll('\u0000', '␀');
}

function parentsOf(file: DriveFile, place: DrivePlace): string[] {
  return (file.parents ?? []).map((id) => (id === place.base ? BASE : id));
}
