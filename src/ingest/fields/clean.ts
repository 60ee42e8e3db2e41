/** The first step of every kind: one value of a file as clean text. */
import type { JsonValue } from '../../kernel/json.ts';
import { textFault } from '../../kernel/text-fault.ts';
import type { FieldSink } from './field.ts';

/** Below this every character is its own canonical form, and none is half of a pair. */
const FIRST_COMBINING = 0x300;

/**
 * A value as trimmed text in Unicode's NFC, so that two spellings of one name compare equal. Null where it is empty, or
 * after a fault: a list or object where one value is due, a NUL, half a character.
 */
export function cleanText(value: JsonValue, sink: FieldSink): string | null {
  if (typeof value === 'string') return cleanString(value, sink);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === null) return null;
  return sink.fault('INVALID_TYPE', `One value is due here, not ${Array.isArray(value) ? 'a list' : 'an object'}.`);
}

function cleanString(value: string, sink: FieldSink): string | null {
  const text = value.trim();
  if (text === '') return null;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < FIRST_COMBINING && code !== 0) continue;
    const fault = textFault(text);
    return fault === undefined ? text.normalize('NFC') : sink.fault('INVALID_VALUE', fault);
  }
  return text;
}

/** True where a text has more than `max` characters as PostgreSQL counts them: an emoji is one. */
export function isLongerThan(text: string, max: number): boolean {
  if (text.length <= max) return false;
  if (text.length > max * 2) return true;
  let count = 0;
  for (const _character of text) count += 1;
  return count > max;
}

/** A name without what spelling varies in: case, spaces, `_`, `-`. */
export function looseKey(name: string): string {
  return name.toLowerCase().replace(/[\s_-]+/g, '');
}
