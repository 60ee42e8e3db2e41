/** Entries of a listing as events. Dropbox wants them applied in order: each says what the place looks like after it. */
import type { files } from 'dropbox';
import { ConnectorError, type ItemKind, type RemoteItem, type SyncEvent } from '../connector.ts';
import { pathOfKey } from '../kit/paths.ts';
import { exportFormat } from './export-format.ts';

/** What operating systems and Dropbox's own client leave in folders. */
const SKIPPED_NAMES = new Set([
  'desktop.ini',
  'thumbs.db',
  '.ds_store',
  'icon\r',
  '.dropbox',
  '.dropbox.attr',
  '.dropbox.cache',
]);

type Entry = files.ListFolderResult['entries'][number];

/**
 * The entry's event; null where the name is one that is skipped, or the entry is the source's own folder.
 * `depth`: how many folders deep the source's root lies. `isDelta`: whether the entry tells of a change, so that a file may
 * have taken the place of a folder.
 */
export function entryEvent(entry: Entry, depth: number, isDelta: boolean): SyncEvent | null {
  if (SKIPPED_NAMES.has(entry.name.toLowerCase())) return null;
  const pathKey = below(entry.path_lower, depth);
  if (pathKey === '') return null;
  if (entry['.tag'] === 'deleted') {
    return pathKey === undefined ? null : { type: 'delete', pathKey, subtree: true };
  }
  if (pathKey === undefined) {
    const error = new ConnectorError('forbidden', 'It lies in a folder that is not part of this Dropbox any more');
    return { type: 'item-error', ref: { id: entry.id }, error };
  }
  if (entry['.tag'] === 'folder') return { type: 'upsert', item: folderItem(entry, depth) };
  const item = fileItem(entry, depth);
  return isDelta ? { type: 'upsert', item, replacesSubtree: true } : { type: 'upsert', item };
}

/** A file as the contract tells of it. @param depth how many folders deep the source's root lies */
export function fileItem(file: files.FileMetadata, depth: number): RemoteItem {
  const kind = kindOf(file);
  const format = kind === 'native' ? exportFormat(file.export_info) : undefined;
  const hash = kind === 'file' ? file.content_hash : undefined;
  return {
    ...placeOf(file, depth),
    id: file.id,
    kind,
    version: file.rev,
    hash: hash === undefined ? undefined : { algorithm: 'dropbox', value: hash },
    size: kind === 'file' ? file.size : undefined,
    mediaType: format?.mediaType,
    modifiedAt: new Date(file.server_modified),
    hasContent: kind === 'file' || format !== undefined,
  };
}

function folderItem(folder: files.FolderMetadata, depth: number): RemoteItem {
  return { ...placeOf(folder, depth), id: folder.id, kind: 'folder', version: folder.id, hasContent: false };
}

function kindOf(file: files.FileMetadata): ItemKind {
  if (file.symlink_info !== undefined) return 'shortcut';
  return file.is_downloadable === false ? 'native' : 'file';
}

function placeOf(entry: files.Metadata, depth: number): Pick<RemoteItem, 'name' | 'path' | 'pathKey'> {
  const path = below(entry.path_display ?? entry.path_lower, depth);
  return {
    name: entry.name,
    path: path === undefined ? undefined : pathOfKey(path),
    pathKey: below(entry.path_lower, depth),
  };
}

/** The path without its first `depth` folders and without a slash at its start; undefined where there is no path. */
function below(path: string | undefined, depth: number): string | undefined {
  // By count, not by text: the root as somebody typed it need not have the letters' case that Dropbox shows.
  return path
    ?.split('/')
    .slice(depth + 1)
    .join('/');
}
