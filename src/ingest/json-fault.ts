/** What jsonb refuses, found before the database does. */
import { isJsonObject, type JsonValue } from '../kernel/json.ts';
import { textFault } from '../kernel/text-fault.ts';
import { MAX_DEPTH } from './read/json-parse.ts';

/** Says what in a value jsonb cannot hold (a NUL, half a character, too many levels), or undefined. */
export function jsonFault(value: JsonValue, depth = 0): string | undefined {
  if (depth > MAX_DEPTH && typeof value === 'object') return `It is nested deeper than ${MAX_DEPTH} levels.`;
  if (typeof value === 'string') return textFault(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return 'It holds a number out of range.';
  if (Array.isArray(value)) return firstFault(value, depth);
  if (!isJsonObject(value)) return undefined;
  for (const name of Object.keys(value)) {
    const fault = textFault(name) ?? jsonFault(value[name] ?? null, depth + 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function firstFault(values: readonly JsonValue[], depth: number): string | undefined {
  for (const value of values) {
    const fault = jsonFault(value, depth + 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
