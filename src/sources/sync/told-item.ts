/** What a listing tells of an item, as a line of sync_items may hold it: any name may come, and none may break the run. */
import { hashBytes } from '../../kernel/hash.ts';
import type { RemoteItem } from '../connector.ts';
import { pathPart } from '../kit/paths.ts';

/** As the columns of sync_items. */
export interface ToldItem {
  readonly externalId: string;
  readonly parentId: string | null;
  readonly name: string;
  readonly path: string;
  readonly pathKey: string | null;
  readonly kind: string;
  readonly mediaType: string | null;
  readonly size: number | null;
  readonly version: string;
  readonly hash: string | null;
  readonly modifiedAt: Date | null;
  readonly url: string | null;
  readonly hasContent: boolean;
  /** Why it has none, where its connector says more than its kind does. */
  readonly skipped: string | null;
  /** Why it cannot be fetched whatever is tried, if so. */
  readonly fault: string | null;
}

/** Bytes: what an index takes. */
const LONGEST_KEY = 2_000;
/** Characters of one part of a path; file systems take 255 bytes. */
const LONGEST_PART = 200;
const LONGEST_PATH = 1_500;
const LONGEST_NAME = 1_000;

export function toldItem(item: RemoteItem): ToldItem {
  const { id, pathKey = item.path } = item;
  const fault = keyFault(id);
  return {
    externalId: fault === undefined ? id : `${shown(id).slice(0, 300)}~${mark(id)}`,
    parentId: item.parentId === undefined || keyFault(item.parentId) !== undefined ? null : item.parentId,
    name: shown(item.name).slice(0, LONGEST_NAME) || '∅',
    path: safePath(item),
    pathKey: pathKey === undefined ? null : keptKey(pathKey),
    kind: item.kind,
    mediaType: item.mediaType === undefined ? null : shown(item.mediaType).slice(0, 200),
    size: item.size !== undefined && Number.isSafeInteger(item.size) && item.size >= 0 ? item.size : null,
    version: shown(item.version),
    hash: item.hash === undefined ? null : `${item.hash.algorithm}:${shown(item.hash.value)}`,
    modifiedAt: keptTime(item.modifiedAt),
    url: item.url === undefined ? null : shown(item.url),
    hasContent: item.hasContent,
    skipped: item.skipped === undefined ? null : shown(item.skipped).slice(0, 300),
    fault: fault ?? null,
  };
}

/**
 * The path under which an item is kept: one way down from the root, no part longer than file systems take, and another path
 * for every item whose own could not be kept. A path that is fine stays as it is.
 */
export function safePath({ id, name, path }: Pick<RemoteItem, 'id' | 'name' | 'path'>): string {
  const given = path ?? name;
  if (path !== undefined && isPlain(given)) return given;
  const parts = (path === undefined ? [name] : given.split('/').filter((part) => part !== '')).map(pathPart).map(cut);
  const kept = parts.join('/').slice(-LONGEST_PATH).toWellFormed().replace(/^\/+/, '');
  // Where places have ids alone, names repeat.
  return kept === given && path !== undefined ? kept : marked(kept === '' ? '∅' : kept, mark(id));
}

/** The path with a mark before its extension, by which two items of one path are told apart. */
export function marked(path: string, by: string): string {
  const at = path.lastIndexOf('.');
  return at <= path.lastIndexOf('/') + 1 ? `${path}~${by}` : `${path.slice(0, at)}~${by}${path.slice(at)}`;
}

const mark = (id: string): string => hashBytes(id).slice(0, 8);

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSAFE = /[\u0000-\u001f\u007f]|(?:^|\/)\.{0,2}(?:\/|$)/;

function isPlain(path: string): boolean {
  if (
    path.length > LONGEST_PART &&
    (path.length > LONGEST_PATH || path.split('/').some((part) => part.length > LONGEST_PART))
  )
    return false;
  return !UNSAFE.test(path) && path.isWellFormed();
}

function cut(part: string): string {
  if (part.length <= LONGEST_PART) return part;
  const extension = /\.[^.]{1,20}$/.exec(part)?.[0] ?? '';
  return part.slice(0, LONGEST_PART - extension.length) + extension;
}

/** A path by which deletes name items, as it is kept: of one that could not be, what stands for it and for no other. */
export function keptKey(pathKey: string): string {
  if (keyFault(pathKey) === undefined) return pathKey;
  return `${shown(pathKey).slice(0, 500).toWellFormed()}~${mark(pathKey)}`;
}

function keyFault(key: string): string | undefined {
  if (key === '') return 'The place gives it no id.';
  if (key.includes('\0') || !key.isWellFormed()) return 'Its name holds characters that cannot be kept.';
  // A character is three bytes at most in UTF-16's own units.
  if (key.length * 3 <= LONGEST_KEY || Buffer.byteLength(key) <= LONGEST_KEY) return undefined;
  return `Its id or path is longer than ${LONGEST_KEY} bytes.`;
}

const shown = (text: string): string => text.toWellFormed().replaceAll('\0', '␀');

/** Years that the database and JSON both write with four digits. */
function keptTime(time: Date | undefined): Date | null {
  if (time === undefined || Number.isNaN(time.getTime())) return null;
  const year = time.getUTCFullYear();
  return year >= 1 && year <= 9999 ? time : null;
}
