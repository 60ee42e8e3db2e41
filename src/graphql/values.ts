/** What a column of each kind may hold, checked: a row is only as typed as the SQL that read it. */
import { AppError } from '../kernel/errors.ts';
import type { FieldKind, Row } from './entity.ts';

/** How a parameter of each kind is written in SQL. */
export const SQL_TYPE: Record<FieldKind, string> = {
  id: 'text',
  uuid: 'uuid',
  text: 'text',
  enumeration: 'text',
  boolean: 'boolean',
  integer: 'integer',
  bigint: 'bigint',
  float: 'double precision',
  dateTime: 'timestamptz',
  json: 'jsonb',
};

/** Whether a text is a UUID as the database writes it, in small or capital letters. */
export const isUuid = (text: string): boolean => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text);

/** Whether a number fits the database's integers of 64 bits. */
export const isInt64 = (value: bigint): boolean => BigInt.asIntN(64, value) === value;

/** Whether a number fits the database's integers of 32 bits. */
export const isInt32 = (value: number): boolean => (value | 0) === value;

function refuse(column: string, value: unknown, expected: string): never {
  const found = value === undefined ? 'was not selected' : `holds a ${typeof value}`;
  throw new AppError('INTERNAL', `The column ${column} ${found}, not ${expected}`);
}

/** The column's text, or null. @throws AppError INTERNAL for anything else, a column that was not selected included */
export function textOf(row: Row, column: string): string | null {
  const value = row[column];
  return value === null || typeof value === 'string' ? value : refuse(column, value, 'text');
}

/** The column's number, or null. @throws AppError INTERNAL */
export function numberOf(row: Row, column: string): number | null {
  const value = row[column];
  return value === null || typeof value === 'number' ? value : refuse(column, value, 'a number');
}

/** The column's truth value, or null. @throws AppError INTERNAL */
export function booleanOf(row: Row, column: string): boolean | null {
  const value = row[column];
  return value === null || typeof value === 'boolean' ? value : refuse(column, value, 'a boolean');
}

/** The column's 64-bit number, or null. @throws AppError INTERNAL */
export function bigintOf(row: Row, column: string): bigint | null {
  const value = row[column];
  return value === null || typeof value === 'bigint' ? value : refuse(column, value, 'a bigint');
}

/** The column's instant, or null. @throws AppError INTERNAL */
export function dateOf(row: Row, column: string): Date | null {
  const value = row[column];
  return value === null || value instanceof Date ? value : refuse(column, value, 'an instant');
}

/** The column's JSON. @throws AppError INTERNAL when it was not selected */
export function jsonOf(row: Row, column: string): unknown {
  const value = row[column];
  return value === undefined ? refuse(column, value, 'JSON') : value;
}

/** A key as text, whatever its type in the database: what loaders and Relay ids are keyed by. */
export function keyOf(row: Row, column: string): string | null {
  const value = row[column];
  if (value === null || typeof value === 'string') return value;
  return typeof value === 'bigint' ? value.toString() : refuse(column, value, 'a key');
}

/** A bigint that counts rows or bytes: none comes near 2^53. */
export function countOf(row: Row, column: string): number | null {
  const value = bigintOf(row, column);
  return value === null ? null : Number(value);
}
