/** Which part of a list is asked for, and the links to its other parts. */

import Type from 'typebox';
import { decodeCursor } from '../graphql/cursor.ts';
import type { OrderKey } from '../graphql/ordering.ts';
import { DEFAULT_ROWS, MOST_ROWS, type PageRequest } from '../graphql/page.ts';
import { AppError } from '../kernel/errors.ts';

/** Beyond it the database would read and throw away too much: cursors lead on. */
const MOST_OFFSET = 10_000;

/** Stands before a cursor that leads back; alone it is the list's end. */
const BACK = '~';

export const PAGE_QUERY = {
  limit: Type.Optional(
    Type.Integer({
      $id: 'limit',
      minimum: 1,
      maximum: MOST_ROWS,
      default: DEFAULT_ROWS,
      description: 'How many rows at most.',
    }),
  ),
  offset: Type.Optional(
    Type.Integer({
      $id: 'offset',
      minimum: 0,
      maximum: MOST_OFFSET,
      description: `How many rows to leave out; \`cursor\` leads further than ${MOST_OFFSET}.`,
    }),
  ),
  cursor: Type.Optional(
    Type.String({ $id: 'cursor', description: 'Where to go on: `next_cursor` of the page before, in the same order.' }),
  ),
  include_total: Type.Optional(
    Type.Boolean({
      $id: 'include_total',
      default: false,
      description: 'Whether to count the whole list as well, which may take longer than its page.',
    }),
  ),
};

/** What of a query says which page; checked by {@link PAGE_QUERY}. */
export interface PageQuery {
  readonly limit?: number;
  readonly offset?: number;
  readonly cursor?: string;
  readonly include_total?: boolean;
}

export interface AskedPage extends PageRequest {
  /** Undefined where pages follow each other by cursors. */
  readonly offset: number | undefined;
}

/** @throws AppError BAD_USER_INPUT for what is no cursor of this list, or an offset beside one */
export function readPage({ limit = DEFAULT_ROWS, offset, cursor }: PageQuery, order: readonly OrderKey[]): AskedPage {
  if (cursor === undefined) {
    return { limit, backwards: false, after: undefined, before: undefined, offset: offset ?? 0 };
  }
  if (offset !== undefined) {
    throw new AppError('BAD_USER_INPUT', '`offset` and `cursor` cannot be used together', { path: 'offset' });
  }
  const backwards = cursor.startsWith(BACK);
  const place = backwards ? cursor.slice(BACK.length) : cursor;
  const values = place === '' && backwards ? undefined : decoded(place, order);
  return { limit, backwards, offset, after: backwards ? undefined : values, before: backwards ? values : undefined };
}

function decoded(place: string, order: readonly OrderKey[]) {
  try {
    return decodeCursor(place, order, 'cursor');
  } catch (cause) {
    throw new AppError('BAD_USER_INPUT', '`cursor` is not a cursor of this list in this order', {
      path: 'cursor',
      hint: 'Take it from `page.next_cursor` or the Link header of the same list with the same `sort`.',
      cause,
    });
  }
}

/** What the database found of a page. */
export interface FoundPage {
  /** The cursor of the row that was read first, of a page that a cursor begins. */
  readonly first: string | null;
  /** That of the last one, where the list goes on in the direction in which it was read. */
  readonly last: string | null;
  readonly total: number | undefined;
}

/** The cursor of the next page, or where it is found; null on the last one. */
export function nextCursor<T>(
  { backwards, before }: AskedPage,
  { first, last }: { readonly first: T; readonly last: T },
): T | null {
  if (backwards) return before === undefined ? null : first;
  return last;
}

/** A question without its place in the list: what links to other places begin with. */
export function questionOf({ pathname, searchParams }: URL): string {
  const query = new URLSearchParams(searchParams);
  query.delete('offset');
  query.delete('cursor');
  return query.size === 0 ? pathname : `${pathname}?${query}`;
}

/** The header Link: first, and prev, next and last where there are such pages and they are known. */
export function linkHeader(question: string, page: AskedPage, found: FoundPage): string {
  const next = nextCursor(page, found);
  const links = [
    linkTo(question, 'first', {}),
    ...previous(question, page, found),
    ...(next === null ? [] : [linkTo(question, 'next', byOffset(page, page.limit) ?? { cursor: next })]),
    ...(found.total === undefined ? [] : [linkTo(question, 'last', lastOf(page, found.total))]),
  ];
  return links.join(', ');
}

type Place = { readonly offset?: number; readonly cursor?: string };

function previous(question: string, page: AskedPage, { first, last }: FoundPage): string[] {
  const { offset, limit, backwards, after } = page;
  if (offset !== undefined)
    return offset === 0 ? [] : [linkTo(question, 'prev', { offset: Math.max(0, offset - limit) })];
  if (backwards) return last !== null ? [linkTo(question, 'prev', { cursor: `${BACK}${last}` })] : [];
  return after === undefined || first === null ? [] : [linkTo(question, 'prev', { cursor: `${BACK}${first}` })];
}

/** Who counts goes on counting, as far as that leads. */
function byOffset({ offset }: AskedPage, step: number): Place | undefined {
  if (offset === undefined || offset === 0 || offset + step > MOST_OFFSET) return undefined;
  return { offset: offset + step };
}

function lastOf({ offset, limit }: AskedPage, total: number): Place {
  const last = Math.floor(Math.max(0, total - 1) / limit) * limit;
  return offset !== undefined && last <= MOST_OFFSET ? { offset: last } : { cursor: BACK };
}

/** One link of the header Link: the question at another place. Cursors need no escapes. */
export function linkTo(question: string, rel: string, { offset, cursor }: Place): string {
  const place = offset !== undefined ? `offset=${offset}` : cursor !== undefined ? `cursor=${cursor}` : undefined;
  const address = place === undefined ? question : `${question}${question.includes('?') ? '&' : '?'}${place}`;
  return `<${address}>; rel="${rel}"`;
}
