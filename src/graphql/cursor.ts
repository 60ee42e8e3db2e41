/** Opaque places in a list: the values by which a row is ordered, its key last. */
import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../kernel/errors.ts';
import { textFault } from '../kernel/text-fault.ts';
import type { FieldKind, Row } from './entity.ts';
import type { OrderKey } from './ordering.ts';
import { isInt32, isInt64, isUuid } from './values.ts';

/** As JSON keeps it exactly: instants as ISO text, 64-bit numbers as text. */
export type CursorValue = string | number | boolean | null;

function pack(value: unknown): CursorValue {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  throw new AppError('INTERNAL', 'A list is ordered by a column that was not selected');
}

export const signature = (order: readonly OrderKey[]): string[] =>
  order.map(({ name, direction, nullsFirst }) => `${name} ${direction}${nullsFirst ? ' NULLS FIRST' : ''}`);

/** The place of `row` in a list of this order. */
export function encodeCursor(row: Row, order: readonly OrderKey[]): string {
  const values = order.map(({ column }) => pack(row[column]));
  return writePlace([signature(order), values]);
}

/** There is no year 0. */
const INSTANT = /^(?!0000)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Date reads 30 February as 2 March. */
function isDay(value: string): boolean {
  const date = new Date(value);
  return !Number.isNaN(date.getTime()) && date.toISOString() === value;
}

const ACCEPTS: Record<FieldKind, (value: unknown) => value is CursorValue> = {
  id: (value) => isText(value),
  uuid: (value): value is string => typeof value === 'string' && isUuid(value),
  text: (value) => isText(value),
  enumeration: (value) => isText(value),
  boolean: (value) => typeof value === 'boolean',
  integer: (value): value is number => typeof value === 'number' && isInt32(value),
  bigint: (value): value is string => typeof value === 'string' && /^-?\d{1,19}$/.test(value) && isInt64(BigInt(value)),
  float: (value): value is number => Number.isFinite(value),
  dateTime: (value): value is string => typeof value === 'string' && INSTANT.test(value) && isDay(value),
  json: (value): value is never => value === undefined,
};

/** Text that the database takes as a parameter. */
export const isText = (value: unknown): value is string => typeof value === 'string' && textFault(value) === undefined;

/** A place as a cursor: opaque to clients, and no secret. */
export const writePlace = (place: readonly unknown[]): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url');

/** What a cursor holds; undefined for what is no cursor. Whoever reads it checks it: clients can make their own. */
export function readPlace(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/**
 * The values that a cursor of this order holds.
 * @throws AppError BAD_USER_INPUT for what is no cursor, or one of a list in another order
 */
export function decodeCursor(cursor: string, order: readonly OrderKey[], argument: string): CursorValue[] {
  const parsed = readPlace(cursor);
  if (!Array.isArray(parsed) || parsed.length !== 2) throw badCursor(argument);
  const [names, values]: unknown[] = parsed;
  if (!Array.isArray(values) || values.length !== order.length) throw badCursor(argument);
  if (!isDeepStrictEqual(names, signature(order))) throw badCursor(argument, ' in this order');
  return order.map(({ kind, nullable }, index) => {
    const value: unknown = values[index];
    if (value === null && nullable) return null;
    if (ACCEPTS[kind](value)) return value;
    throw badCursor(argument);
  });
}

function badCursor(argument: string, which = ''): AppError {
  return new AppError('BAD_USER_INPUT', `\`${argument}\` is not a cursor of this list${which}`, {
    path: argument,
    hint: 'Take it from `cursor` or `pageInfo` of the same list with the same `orderBy`.',
  });
}
