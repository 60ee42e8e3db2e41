/** Relay connections: the types, and values that fetch rows and counts only when these are asked for. */
import { AppError } from '../kernel/errors.ts';
import { builder } from './builder.ts';
import { readPlace, writePlace } from './cursor.ts';
import type { RowRef } from './entities.ts';
import type { Row } from './entity.ts';
import { DEFAULT_ROWS, MOST_ROWS, type PageArguments, type PageRequest, readSize } from './page.ts';

export interface Edge {
  readonly row: Row;
  readonly cursor: () => string;
}

export interface Page {
  readonly edges: readonly Edge[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

/** What a field that gives a connection resolves to. */
export interface Connection {
  readonly page: () => Promise<Page>;
  readonly count: () => Promise<number>;
}

/** The arguments that cut a page out of any list. */
export const pageArguments = () =>
  builder.args((t) => ({
    first: t.int({ description: `The list's first rows: 1 to ${MOST_ROWS}, ${DEFAULT_ROWS} unless given.` }),
    after: t.string({ description: 'Only what comes after this cursor.' }),
    last: t.int({ description: `The list's last rows instead: 1 to ${MOST_ROWS}.` }),
    before: t.string({ description: 'Only what comes before this cursor.' }),
  }));

export const PageInfo = builder.objectRef<Page>('PageInfo').implement({
  description: 'Where a page stands in its list.',
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', { description: 'Whether the list goes on after this page.' }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', { description: 'Whether the list has rows before this page.' }),
    startCursor: t.string({
      nullable: true,
      description: 'The cursor of the first row: `before` it lies the previous page.',
      resolve: ({ edges }) => edges.at(0)?.cursor(),
    }),
    endCursor: t.string({
      nullable: true,
      description: 'The cursor of the last row: `after` it lies the next page.',
      resolve: ({ edges }) => edges.at(-1)?.cursor(),
    }),
  }),
});

const edgeRef = (name: string) => builder.objectRef<Edge>(name);
export type EdgeRef = ReturnType<typeof edgeRef>;
const connectionRef = (name: string) => builder.objectRef<Connection>(name);
export type ConnectionRef = ReturnType<typeof connectionRef>;

/**
 * The types `<name>Connection` and `<name>Edge` over `node`; fields of their own may be added to the edge.
 * Their rows may be any objects, also such as never came from a table.
 */
export function connectionTypes(name: string, node: RowRef): { connection: ConnectionRef; edge: EdgeRef } {
  const edge = edgeRef(`${name}Edge`);
  edge.implement({
    description: 'One row of a list and its place there.',
    fields: (t) => ({
      cursor: t.string({
        description: 'The place in the list, for `after` and `before`.',
        resolve: (one) => one.cursor(),
      }),
      node: t.field({ type: node, description: 'The row.', resolve: (one) => one.row }),
    }),
  });
  const connection = connectionRef(`${name}Connection`);
  connection.implement({
    description: 'A page of a list, and what is known of the whole list.',
    fields: (t) => ({
      totalCount: t.int({ description: 'How many rows the whole list has.', resolve: (list) => list.count() }),
      pageInfo: t.field({ type: PageInfo, description: 'Where this page stands.', resolve: (list) => list.page() }),
      edges: t.field({
        type: [edge],
        description: 'The rows with their places.',
        resolve: async (list) => (await list.page()).edges,
      }),
      nodes: t.field({
        type: [node],
        description: 'The rows alone.',
        resolve: async (list) => (await list.page()).edges.map(({ row }) => row),
      }),
    }),
  });
  return { connection, edge };
}

const byNode = new Map<string, ReturnType<typeof connectionTypes>>();

/** The ordinary connection of a type, made when first asked for. */
export function connectionOf(type: string, node: RowRef): ReturnType<typeof connectionTypes> {
  const known = byNode.get(type);
  if (known !== undefined) return known;
  const types = connectionTypes(type, node);
  byNode.set(type, types);
  return types;
}

/** The page of what was fetched with one row more than asked for, in the direction it was fetched. */
export function pageOf(rows: readonly Row[], request: PageRequest, cursor: (row: Row) => string): Page {
  const more = rows.length > request.limit;
  const kept = rows.slice(0, request.limit);
  if (request.backwards) kept.reverse();
  return {
    edges: kept.map((row) => ({ row, cursor: () => cursor(row) })),
    hasNextPage: request.backwards ? request.before !== undefined : more,
    hasPreviousPage: request.backwards ? more : request.after !== undefined,
  };
}

/**
 * A connection over rows that are in memory already.
 * @throws AppError BAD_USER_INPUT for arguments that cut no page
 */
export function arrayConnection(rows: readonly Row[], given: PageArguments): Connection {
  const { limit, backwards } = readSize(given);
  const { after, before } = given;
  const start = after == null ? 0 : placeOf(after, 'after') + 1;
  const end = before == null ? rows.length : Math.min(placeOf(before, 'before'), rows.length);
  const from = backwards ? Math.max(start, end - limit) : start;
  const to = backwards ? end : Math.min(end, start + limit);
  const edges = rows.slice(from, to).map((row, index) => ({
    row,
    cursor: () => writePlace([from + index]),
  }));
  const page = { edges, hasNextPage: to < rows.length, hasPreviousPage: from > 0 };
  return { page: () => Promise.resolve(page), count: () => Promise.resolve(rows.length) };
}

function placeOf(cursor: string, argument: string): number {
  const place = readPlace(cursor);
  const [index]: unknown[] = Array.isArray(place) && place.length === 1 ? place : [];
  if (typeof index === 'number' && Number.isSafeInteger(index) && index >= 0) return index;
  throw new AppError('BAD_USER_INPUT', `\`${argument}\` is not a cursor of this list`, { path: argument });
}
