/** What is asked of a file, and what Google's own kinds of files are worth to a reader. */
import type { drive_v3 } from '@googleapis/drive';

export type DriveFile = drive_v3.Schema$File;

export const FOLDER_TYPE = 'application/vnd.google-apps.folder';
export const SHORTCUT_TYPE = 'application/vnd.google-apps.shortcut';
const NATIVE = 'application/vnd.google-apps.';

/** Fields by name: without a mask Drive answers with id, name and type alone, with `*` it is slow. */
export const FILE_FIELDS = [
  'id,name,mimeType,parents,trashed,createdTime,modifiedTime,version,headRevisionId,md5Checksum,sha256Checksum,size',
  'webViewLink,driveId,ownedByMe,shared,lastModifyingUser(displayName,emailAddress)',
  'shortcutDetails(targetId,targetMimeType,targetResourceKey),capabilities(canDownload)',
].join(',');

export interface NativeExport {
  readonly mediaType: string;
  /** With its dot: what a path and a download's name end in, so that they are read by it. */
  readonly extension: string;
}

const XLSX: NativeExport = {
  mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  extension: '.xlsx',
};

const EXPORT_BY_TYPE: Readonly<Record<string, NativeExport>> = {
  [`${NATIVE}document`]: { mediaType: 'text/markdown', extension: '.md' },
  [`${NATIVE}spreadsheet`]: XLSX,
  [`${NATIVE}presentation`]: { mediaType: 'text/plain', extension: '.txt' },
  [`${NATIVE}script`]: { mediaType: 'application/vnd.google-apps.script+json', extension: '.json' },
};

export function isFolder(file: DriveFile): boolean {
  return file.mimeType === FOLDER_TYPE;
}

export function isShortcut(file: DriveFile): boolean {
  return file.mimeType === SHORTCUT_TYPE;
}

/** Google's own documents, which have no bytes of their own: neither folders nor shortcuts. */
export function isNative(mediaType: string | null | undefined): boolean {
  return mediaType?.startsWith(NATIVE) === true && mediaType !== FOLDER_TYPE && mediaType !== SHORTCUT_TYPE;
}

/** As what a native document is read; undefined where it has no text: drawings, forms, maps. */
export function exportOf(mediaType: string | null | undefined): NativeExport | undefined {
  return EXPORT_BY_TYPE[mediaType ?? ''];
}

/** Such as `drawing`. */
export function nativeWord(mediaType: string): string {
  return mediaType.slice(NATIVE.length);
}

/** The name with what it is read as at its end, once. */
export function nameWithExtension(name: string, mediaType: string | null | undefined): string {
  const extension = exportOf(mediaType)?.extension ?? '';
  return name.toLowerCase().endsWith(extension) ? name : `${name}${extension}`;
}
