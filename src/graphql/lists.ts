/** Fields that give lists of a declared type: at the root, or of a parent row. */
import type { GraphQLResolveInfo } from 'graphql';
import { AppError } from '../kernel/errors.ts';
import { once } from '../kernel/once.ts';
import { keyType, loadChildCount, loadChildren } from './batches.ts';
import { type Connection, pageOf } from './connections.ts';
import type { GraphqlContext } from './context.ts';
import { encodeCursor } from './cursor.ts';
import { inWords } from './entities.ts';
import type { EntityReads, Limit, ListRelation, Row } from './entity.ts';
import { childCountsSql, childrenSql, countSql, type ListRequest, listSql, MOST_SORTED, SORTED } from './list-sql.ts';
import { readOrder } from './ordering.ts';
import { type PageArguments, readPage } from './page.ts';
import { askedColumns, IN_CONNECTION } from './selection.ts';
import { requireAsked, requireVisible } from './visible.ts';

export interface ListArguments extends PageArguments {
  readonly where?: object | null | undefined;
  readonly orderBy?: readonly object[] | null | undefined;
}

const NODES = [IN_CONNECTION, ['nodes']];

function request(reads: EntityReads, given: ListArguments, info: GraphQLResolveInfo): ListRequest {
  const order = readOrder(reads, given.orderBy);
  const where = given.where ?? undefined;
  return { reads, order, where, columns: askedColumns(reads, info, NODES), page: readPage(given, order) };
}

/** @throws AppError LIMIT_EXCEEDED when more rows would have to be sorted than are */
function bounded({ reads }: ListRequest, rows: readonly Row[]): readonly Row[] {
  if (Number(rows[0]?.[SORTED] ?? 0) <= MOST_SORTED) return rows;
  const indexed = [...Object.keys(reads.indexed ?? {}), reads.key];
  throw new AppError('LIMIT_EXCEEDED', `Only ${MOST_SORTED} ${inWords(reads)} can be put in this order`, {
    path: 'orderBy',
    hint: `Narrow the list by \`where\`, or order it first by one of these: ${indexed.join(', ')}.`,
  });
}

/** Every condition at once. */
function both(one: Limit | undefined, other: Limit | undefined): Limit | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return (alias, params) => `(${one(alias, params)}) AND (${other(alias, params)})`;
}

/**
 * The list of a whole table, or of the part that `part` leaves.
 * @throws AppError FORBIDDEN, BAD_USER_INPUT, LIMIT_EXCEEDED
 */
export function rootList(
  context: GraphqlContext,
  reads: EntityReads,
  given: ListArguments,
  info: GraphQLResolveInfo,
  part?: Limit,
): Connection {
  const scope = both(requireVisible(context, reads), part);
  requireAsked(context, reads, [given.where, given.orderBy]);
  const asked = request(reads, given, info);
  const list = listSql(asked, scope);
  return {
    page: once(async () => {
      const rows = await context.reads.query<Row>(`${reads.plural} listed`, list.text, list.values);
      return pageOf(bounded(asked, rows), asked.page, (row) => encodeCursor(row, asked.order));
    }),
    count: once(async () => {
      const { text, values } = countSql(reads, asked.where, scope);
      const [row] = await context.reads.query<{ total: bigint }>(`${reads.plural} counted`, text, values);
      return Number(row?.total ?? 0);
    }),
  };
}

/** JSON has no 64-bit numbers; a filter may. */
const exactly = (_name: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}n` : value);

/**
 * The list of one parent row, fetched together with the same lists of the other parents.
 * @throws AppError FORBIDDEN, BAD_USER_INPUT, LIMIT_EXCEEDED
 */
export function childList(
  context: GraphqlContext,
  place: {
    readonly owner: EntityReads;
    readonly target: EntityReads;
    readonly name: string;
    readonly relation: ListRelation;
  },
  parent: string,
  given: ListArguments,
  info: GraphQLResolveInfo,
): Connection {
  const { owner, target, name, relation } = place;
  const limit = requireVisible(context, target);
  requireAsked(context, target, [given.where, given.orderBy]);
  const asked = request(target, given, info);
  const field = `${owner.type}.${name}`;
  const where = JSON.stringify(asked.where, exactly);
  const order = JSON.stringify(asked.order);
  return {
    page: once(async () => {
      const question = `${field} ${asked.columns.join()} ${JSON.stringify(asked.page)} ${order} ${where}`;
      const statement = () => childrenSql(asked, relation, keyType(owner), limit);
      const rows = await loadChildren(context, { relation, parent, question, statement });
      return pageOf(bounded(asked, rows), asked.page, (row) => encodeCursor(row, asked.order));
    }),
    count: () => {
      const statement = () => childCountsSql(target, asked.where, relation, keyType(owner), limit);
      return loadChildCount(context, { relation, parent, question: `${field} ${where}`, statement });
    },
  };
}
