/** Which part of a list is asked for: `first`/`after` from its start, `last`/`before` from its end. */
import { AppError } from '../kernel/errors.ts';
import { type CursorValue, decodeCursor } from './cursor.ts';
import type { OrderKey } from './ordering.ts';

export const MOST_ROWS = 100;
export const DEFAULT_ROWS = 20;

export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

export interface PageRequest {
  readonly limit: number;
  readonly backwards: boolean;
  readonly after: readonly CursorValue[] | undefined;
  readonly before: readonly CursorValue[] | undefined;
}

/** How many rows a list is priced for, by the arguments' real values; what is out of range is refused when it is resolved. */
export function pageSize({ first, last }: PageArguments): number {
  const asked = first ?? last ?? DEFAULT_ROWS;
  return Math.min(Math.max(asked, 1), MOST_ROWS);
}

/**
 * How many rows, and from which end.
 * @throws AppError BAD_USER_INPUT
 */
export function readSize(given: PageArguments): Pick<PageRequest, 'limit' | 'backwards'> {
  // Clients that page both ways send both, the one that they do not mean as null.
  const first = given.first === null && typeof given.last === 'number' ? undefined : given.first;
  const last = given.last === null && typeof given.first === 'number' ? undefined : given.last;
  if (first !== undefined && last !== undefined) {
    throw new AppError('BAD_USER_INPUT', '`first` and `last` cannot be used together', { path: 'last' });
  }
  const backwards = last !== undefined;
  return { backwards, limit: backwards ? readCount('last', last) : readCount('first', first) };
}

/**
 * The arguments checked, cursors opened.
 * @throws AppError BAD_USER_INPUT
 */
export function readPage(given: PageArguments, order: readonly OrderKey[]): PageRequest {
  const size = readSize(given);
  const open = (argument: 'after' | 'before') => {
    const cursor = given[argument];
    return cursor === undefined || cursor === null ? undefined : decodeCursor(cursor, order, argument);
  };
  return { ...size, after: open('after'), before: open('before') };
}

function readCount(name: string, count: number | null | undefined): number {
  if (count === undefined) return DEFAULT_ROWS;
  if (count !== null && count >= 1 && count <= MOST_ROWS) return count;
  throw new AppError('BAD_USER_INPUT', `\`${name}\` is a number from 1 to ${MOST_ROWS}`, {
    path: name,
    hint: 'Go on with `after: pageInfo.endCursor` for more.',
  });
}
