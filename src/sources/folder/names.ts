/**
 * Names of files as ids. A disk keeps bytes, and not all of them are UTF-8; an id is text that leads back to the very bytes.
 * A byte that is no UTF-8 becomes one character of a private range (U+F780 to U+F7FF), and so does each byte of a name's own
 * characters of that range: no two names share an id.
 */
import { pathPart } from '../kit/paths.ts';

const MARKS = /[\uf780-\uf7ff]/;
const PLAIN = /^[ -.0-~]+$/;

/** Whether a name as Node reads it may stand for other bytes: they are then asked for. */
export function isDoubtful(name: string): boolean {
  return name.includes('\ufffd') || MARKS.test(name);
}

export function idOfName(bytes: Buffer): string {
  let id = '';
  for (let at = 0; at < bytes.length; ) {
    const character = characterAt(bytes, at);
    if (character !== undefined && !MARKS.test(character.text)) {
      id += character.text;
      at += character.length;
      continue;
    }
    const length = character?.length ?? 1;
    for (const byte of bytes.subarray(at, at + length)) id += mark(byte);
    at += length;
  }
  return id;
}

/** The path below `root` that an id names, as the file system takes it. */
export function diskPath(root: string, id: string): string | Buffer {
  const path = id === '' ? root : `${root}/${id}`;
  if (!MARKS.test(id)) return path;
  const parts = path.split(/([\uf780-\uf7ff])/).map((part) => (MARKS.test(part) ? byteOf(part) : Buffer.from(part)));
  return Buffer.concat(parts);
}

/** Whether a name may be shown otherwise than it is written. */
export function isOdd(name: string): boolean {
  return !PLAIN.test(name);
}

/** A name as people see it: its stray bytes as `%FF`. NFC, so that it is one name whatever disk it stood on. */
export function shownName(name: string): string {
  if (PLAIN.test(name)) return name;
  const readable = name.replace(/[\uf780-\uf7ff]/g, (one) => `%${byteOf(one).toString('hex').toUpperCase()}`);
  return pathPart(readable).normalize('NFC');
}

/** Whether an id is one way down from the root, as every id of a listing is. */
export function isSoundId(id: string): boolean {
  return !id.includes('\0') && id.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

function mark(byte: number): string {
  return byte < 0x80 ? String.fromCharCode(byte) : String.fromCharCode(0xf700 + byte);
}

function byteOf(one: string): Buffer {
  return Buffer.from([one.charCodeAt(0) & 0xff]);
}

/** The character that begins here; undefined where the bytes are no UTF-8. */
function characterAt(bytes: Buffer, at: number): { readonly text: string; readonly length: number } | undefined {
  const first = bytes[at] ?? 0;
  const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const text = bytes.toString('utf8', at, at + length);
  const isWhole = [...text].length === 1 && Buffer.from(text).equals(bytes.subarray(at, at + length));
  return isWhole ? { text, length } : undefined;
}
