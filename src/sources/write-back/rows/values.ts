/** A column's values as JSON: whether two are one, and how a file may write one. */
import type { FieldKind } from '../../../ingest/fields/field.ts';
import type { JsonValue } from '../../../kernel/json.ts';

const NUMBERS: ReadonlySet<FieldKind> = new Set(['integer', 'decimal', 'duration', 'range']);

/** Whether two values of a column are the same, however each side writes it. */
export function isSame(kind: FieldKind, one: JsonValue | undefined, other: JsonValue | undefined): boolean {
  if (one === undefined || one === null || other === undefined || other === null) {
    return (one ?? null) === null && (other ?? null) === null;
  }
  if (kind === 'timestamp') return Date.parse(String(one)) === Date.parse(String(other));
  if (NUMBERS.has(kind)) return Number(one) === Number(other);
  return sorted(one) === sorted(other);
}

/** How a cell may say it, the plainest first; each is tried before it is written. */
export function asCell(value: JsonValue): readonly string[] {
  if (value === null) return [''];
  if (typeof value === 'boolean') return value ? ['true', 'yes', '1'] : ['false', 'no', '0'];
  if (Array.isArray(value)) return [value.join(', '), value.join('; '), JSON.stringify(value)];
  return [typeof value === 'object' ? JSON.stringify(value) : String(value)];
}

/** How JSON may say it: as the value before it was said, where that can be. */
export function asMember(value: JsonValue, before: JsonValue | undefined): readonly JsonValue[] {
  if (value === null) return [null, ''];
  if (typeof before === 'string') return [...asCell(value), value];
  if (typeof before === 'number' && typeof value === 'string') return [Number(value), value];
  return [value, ...asCell(value)];
}

/** JSON in which the order of names does not count. */
function sorted(value: JsonValue): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
