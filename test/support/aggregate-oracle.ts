/** Aggregates as anyone would compute them who has all rows at hand. */
import { expect } from 'vitest';
import type { EntityReads, FieldKind, Row } from '../../src/graphql/entity.ts';

type Value = string | number | bigint | boolean | null;

/** A column's value as something that can be compared: instants as milliseconds. */
export function valueIn(row: Row, column: string): Value {
  const value = row[column];
  if (value instanceof Date) return value.getTime();
  if (value === null || ['string', 'number', 'bigint', 'boolean'].includes(typeof value)) return value as Value;
  throw new Error(`The column ${column} holds ${typeof value}`);
}

const present = (rows: readonly Row[], column: string): Exclude<Value, null>[] =>
  rows.map((row) => valueIn(row, column)).filter((value) => value !== null);

const shown = (value: Value, kind: FieldKind): unknown => {
  if (kind === 'dateTime' && typeof value === 'number') return new Date(value).toISOString();
  return typeof value === 'bigint' ? String(value) : value;
};

const least = (values: readonly Exclude<Value, null>[], sign: 1 | -1): Value =>
  values.reduce<Value>((best, value) => (best === null || (value < best ? 1 : -1) * sign > 0 ? value : best), null);

const sumOf = (values: readonly Value[]): bigint =>
  values.reduce<bigint>((sum, value) => sum + BigInt(Number(value)), 0n);

/** What each function gives, by its name in the API. */
export const ORACLE: Readonly<Record<string, (rows: readonly Row[], column: string, kind: FieldKind) => unknown>> = {
  countDistinct: (rows, column) => new Set(present(rows, column)).size,
  sum: (rows, column, kind) =>
    kind === 'float'
      ? expect.closeTo(
          present(rows, column).reduce<number>((sum, value) => sum + Number(value), 0),
          6,
        )
      : String(sumOf(present(rows, column))),
  avg: (rows, column, kind) => {
    const values = present(rows, column);
    if (values.length === 0) return null;
    const sum =
      kind === 'float' ? values.reduce<number>((all, value) => all + Number(value), 0) : Number(sumOf(values));
    return expect.closeTo(sum / values.length, 3);
  },
  min: (rows, column, kind) => shown(least(present(rows, column), 1), kind),
  max: (rows, column, kind) => shown(least(present(rows, column), -1), kind),
};

/** The groups of rows by what `keyOf` gives; a row may be in several. */
export function groupsOf(rows: readonly Row[], keysOf: (row: Row) => readonly string[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    for (const key of keysOf(row)) groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return groups;
}

const dates = new Map<string, Intl.DateTimeFormat>();

/** The local date, as clocks of the zone show it. */
export function localDate(instant: Date, timeZone: string): string {
  const format =
    dates.get(timeZone) ??
    new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  dates.set(timeZone, format);
  return format.format(instant);
}

/** The label of the stretch of time that holds an instant. */
export function labelAt(instant: Date, bucket: string, timeZone: string): string {
  const date = localDate(instant, timeZone);
  const [year = '', month = ''] = date.split('-');
  if (bucket === 'DAY') return date;
  if (bucket === 'MONTH') return `${year}-${month}`;
  if (bucket === 'YEAR') return year;
  if (bucket === 'QUARTER') return `${year}-Q${Math.ceil(Number(month) / 3)}`;
  const day = new Date(`${date}T00:00:00Z`);
  const weekday = (day.getUTCDay() + 6) % 7;
  day.setUTCDate(day.getUTCDate() - weekday + 3);
  const thursdays = Math.floor((day.getTime() - Date.UTC(day.getUTCFullYear(), 0, 1)) / (7 * 86_400_000)) + 1;
  return `${day.getUTCFullYear()}-W${String(thursdays).padStart(2, '0')}`;
}

/** The columns of a declaration by their names in the API. */
export const columnOf = (reads: EntityReads, name: string): string => {
  const column = reads.fields[name]?.column;
  if (column === undefined) throw new Error(`${reads.type} has no field ${name}`);
  return column;
};
