/** What jsonb refuses, found before the database does. */
import { isJsonObject, type JsonValue } from '../kernel/json.ts';

/** Says what in a value jsonb cannot hold (a NUL, half of a surrogate pair), or undefined. */
export function unstorable(value: JsonValue): string | undefined {
  if (typeof value === 'string') {
    if (value.includes('\0')) return 'holds a NUL character';
    return value.isWellFormed() ? undefined : 'holds half of a surrogate pair';
  }
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : 'holds a number out of range';
  if (Array.isArray(value)) return firstFault(value);
  if (!isJsonObject(value)) return undefined;
  return firstFault(Object.keys(value)) ?? firstFault(Object.values(value));
}

function firstFault(values: readonly JsonValue[]): string | undefined {
  for (const value of values) {
    const fault = unstorable(value);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
