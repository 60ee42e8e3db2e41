/**
 * JSON text to values, without the losses of `JSON.parse`: a number that a double cannot hold keeps its text, a key given
 * twice is a fault instead of a silent last one, `__proto__` is only a key, and depth cannot exhaust the stack.
 */
import { emptyObject, type JsonValue, type MutableJsonObject } from '../../kernel/json.ts';
import { rawNumber } from '../../kernel/raw-number.ts';
import { textFault } from '../../kernel/text-fault.ts';

/** Deeper than any record that people write, far from the depth that overflows a stack or PostgreSQL's own. */
export const MAX_DEPTH = 64;

export type ParsedJson =
  | { readonly is: 'value'; readonly value: JsonValue }
  /** Well-formed JSON that cannot be kept as it is: a key twice, a NUL, half a character. */
  | { readonly is: 'fault'; readonly reason: string }
  | { readonly is: 'malformed' | 'too deep'; readonly reason: string /** Index in the text. */; readonly at: number };

class Malformed extends Error {
  readonly at: number;
  readonly isTooDeep: boolean;
  constructor(message: string, at: number, isTooDeep = false) {
    super(message);
    this.at = at;
    this.isTooDeep = isTooDeep;
  }
}

interface Cursor {
  readonly text: string;
  at: number;
  depth: number;
  fault: string | undefined;
  /** Numbers keep their digits: see kernel/raw-number. */
  readonly raw: boolean;
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** Up to this many digits a double gives a decimal number back as it was. */
const EXACT_DIGITS = 15;

/**
 * Parses one JSON text, already `depth` levels inside a document. Never throws for what the text holds. With `raw` a number
 * that a double would change is what `JSON.stringify` writes with the same digits.
 */
export function parseJson(text: string, depth = 0, raw = false): ParsedJson {
  const cursor: Cursor = { text, at: 0, depth, fault: undefined, raw };
  try {
    skipSpace(cursor);
    const value = parseValue(cursor);
    skipSpace(cursor);
    if (cursor.at < text.length) throw new Malformed('There is text behind the end of the JSON.', cursor.at);
    return cursor.fault === undefined ? { is: 'value', value } : { is: 'fault', reason: cursor.fault };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { is: error.isTooDeep ? 'too deep' : 'malformed', reason: error.message, at: error.at };
  }
}

function parseValue(cursor: Cursor): JsonValue {
  const code = cursor.text.charCodeAt(cursor.at);
  if (code === 0x22) return parseString(cursor);
  if (code === 0x7b || code === 0x5b) {
    cursor.depth += 1;
    if (cursor.depth > MAX_DEPTH) {
      throw new Malformed(`It is nested deeper than ${MAX_DEPTH} levels.`, cursor.at, true);
    }
    const value = code === 0x7b ? parseObject(cursor) : parseArray(cursor);
    cursor.depth -= 1;
    return value;
  }
  if (code === 0x74) return parseWord(cursor, 'true', true);
  if (code === 0x66) return parseWord(cursor, 'false', false);
  if (code === 0x6e) return parseWord(cursor, 'null', null);
  return parseNumber(cursor);
}

function parseObject(cursor: Cursor): MutableJsonObject {
  const object = emptyObject();
  cursor.at += 1;
  skipSpace(cursor);
  if (take(cursor, 0x7d)) return object;
  for (;;) {
    if (cursor.text.charCodeAt(cursor.at) !== 0x22) throw unexpected(cursor, 'a key in quotes');
    const key = parseString(cursor);
    if (key in object) cursor.fault ??= `The key “${key}” is given twice.`;
    skipSpace(cursor);
    if (!take(cursor, 0x3a)) throw unexpected(cursor, '“:”');
    skipSpace(cursor);
    object[key] = parseValue(cursor);
    skipSpace(cursor);
    if (take(cursor, 0x7d)) return object;
    if (!take(cursor, 0x2c)) throw unexpected(cursor, '“,” or “}”');
    skipSpace(cursor);
  }
}

function parseArray(cursor: Cursor): JsonValue[] {
  const array: JsonValue[] = [];
  cursor.at += 1;
  skipSpace(cursor);
  if (take(cursor, 0x5d)) return array;
  for (;;) {
    array.push(parseValue(cursor));
    skipSpace(cursor);
    if (take(cursor, 0x5d)) return array;
    if (!take(cursor, 0x2c)) throw unexpected(cursor, '“,” or “]”');
    skipSpace(cursor);
  }
}

function parseString(cursor: Cursor): string {
  const { text } = cursor;
  const start = cursor.at;
  let end = text.indexOf('"', start + 1);
  while (end >= 0 && isEscaped(text, end, start)) end = text.indexOf('"', end + 1);
  if (end < 0) throw new Malformed('A text is never closed.', start);
  cursor.at = end + 1;
  const plain = text.slice(start + 1, end);
  const value = needsDecoding(plain) ? decodeString(text.slice(start, end + 1), start, cursor) : plain;
  if (value !== plain || !value.isWellFormed()) cursor.fault ??= textFault(value);
  return value;
}

function isEscaped(text: string, quote: number, start: number): boolean {
  let at = quote - 1;
  while (at > start && text.charCodeAt(at) === 0x5c) at -= 1;
  return (quote - 1 - at) % 2 === 1;
}

function needsDecoding(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x5c || code < 0x20) return true;
  }
  return false;
}

function decodeString(quoted: string, at: number, cursor: Cursor): string {
  // A NUL is a fault of this record alone, as in every text format; other bare control characters are no JSON.
  if (quoted.includes('\0')) {
    cursor.fault ??= textFault(quoted);
    return decodeString(quoted.replaceAll('\0', ' '), at, cursor);
  }
  try {
    return String(JSON.parse(quoted));
  } catch {
    throw new Malformed('A text holds a bad escape or a bare control character.', at);
  }
}

function parseNumber(cursor: Cursor): JsonValue {
  NUMBER.lastIndex = cursor.at;
  const source = NUMBER.exec(cursor.text)?.[0];
  if (source === undefined) throw unexpected(cursor, 'a value');
  cursor.at += source.length;
  return cursor.raw ? rawNumber(source) : numberValue(source);
}

/** A number's text as a number where a double holds it exactly, else as its text. */
export function numberValue(source: string): number | string {
  const number = Number(source);
  if (source.length <= EXACT_DIGITS && Number.isSafeInteger(number)) return number;
  return isExact(source, number) ? number : source;
}

/** Whether a double gives back what the text says: at most 15 significant digits, and neither too large nor too small. */
function isExact(source: string, number: number): boolean {
  if (!Number.isFinite(number)) return false;
  const mantissa = source.replace(/[eE].*$/, '');
  const significant = mantissa.replace(/[-.]/g, '').replace(/^0+/, '');
  if (number === 0) return significant === '';
  if (/^-?\d+$/.test(source)) return Number.isSafeInteger(number);
  return significant.replace(/0+$/, '').length <= EXACT_DIGITS && Math.abs(number) > 1e-300;
}

function parseWord(cursor: Cursor, word: string, value: boolean | null): boolean | null {
  if (!cursor.text.startsWith(word, cursor.at)) throw unexpected(cursor, 'a value');
  cursor.at += word.length;
  return value;
}

function skipSpace(cursor: Cursor): void {
  const { text } = cursor;
  for (;;) {
    const code = text.charCodeAt(cursor.at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
    cursor.at += 1;
  }
}

function take(cursor: Cursor, code: number): boolean {
  if (cursor.text.charCodeAt(cursor.at) !== code) return false;
  cursor.at += 1;
  return true;
}

function unexpected(cursor: Cursor, due: string): Malformed {
  const found = cursor.at < cursor.text.length ? `“${cursor.text.charAt(cursor.at)}” stands` : 'the text ends';
  return new Malformed(`Where ${found}, ${due} is due.`, cursor.at);
}
