/** The statements behind lists: one for a list at the root, one for a list of each of many parents. */
import { keyColumn } from './entities.ts';
import type { EntityReads, Limit, ListRelation } from './entity.ts';
import { whereSql } from './filters.ts';
import { beyondSql, orderSql } from './keyset.ts';
import { derivedSql, startOf } from './order-derived.ts';
import { isIndexed, type OrderKey } from './ordering.ts';
import type { PageRequest } from './page.ts';
import { createParams, type Params } from './params.ts';

/** Under this name a row of a parent's list says whose it is. */
export const PARENT = '_parent';
/** Columns of the link stand beside those of the linked row, under this prefix. */
export const edgeColumn = (column: string): string => `_edge_${column}`;

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

export interface ListRequest {
  readonly reads: EntityReads;
  readonly columns: readonly string[];
  readonly where: unknown;
  readonly order: readonly OrderKey[];
  readonly page: PageRequest;
}

/** A page of a whole table, and one row more to say whether the list goes on. */
export function listSql(request: ListRequest, scope?: Limit): Statement {
  const params = createParams();
  const conditions = scope === undefined ? [] : [scope('t', params)];
  const isSorted = !isIndexed(request.reads, request.order[0]);
  const list = { request, from: `${request.reads.table} t`, edges: [], conditions, isSorted };
  return { text: pageSql(list, params, pageAndOne(request, params)), values: params.values };
}

/** A page of each parent's list; $1 will be the parents' keys. */
export function childrenSql(request: ListRequest, relation: ListRelation, keyType: string, limit?: Limit): Statement {
  const params = createParams(undefined);
  const list = pageSql(
    childList(request, relation, 'k.parent', limit === undefined ? [] : [limit('t', params)]),
    params,
    pageAndOne(request, params),
  );
  // A lateral list keeps its order under each parent: nothing but a nested loop can join it.
  const text = `SELECT k.parent AS ${PARENT}, x.* FROM unnest($1::${keyType}[]) AS k(parent) CROSS JOIN LATERAL (${list}) x`;
  return { text, values: params.values.slice(1) };
}

/** How many rows the list has, whatever its page. */
export function countSql(reads: EntityReads, where: unknown, scope?: Limit): Statement {
  const params = createParams();
  const conditions = scope === undefined ? [] : [scope('t', params)];
  return {
    text: `SELECT count(*) AS total FROM ${reads.table} t${whereClause(reads, where, conditions, params)}`,
    values: params.values,
  };
}

/** How many rows each parent's list has; parents without any are not in the answer. $1 will be the parents' keys. */
export function childCountsSql(
  reads: EntityReads,
  where: unknown,
  relation: ListRelation,
  keyType: string,
  limit?: Limit,
): Statement {
  const params = createParams(undefined);
  const { from, own } = countedFrom(reads, relation, where === undefined && limit === undefined);
  const limits = limit === undefined ? [] : [limit('t', params)];
  const clause = whereClause(reads, where, [`${own} = ANY($1::${keyType}[])`, ...limits], params);
  return {
    text: `SELECT ${own} AS ${PARENT}, count(*) AS total FROM ${from}${clause} GROUP BY ${own}`,
    values: params.values.slice(1),
  };
}

/** What is counted of a list relation. Links refer to rows that exist, so without a condition on these the links alone say how many. */
export function countedFrom(
  reads: EntityReads,
  relation: ListRelation,
  isWhole: boolean,
): { from: string; own: string } {
  if (relation.kind === 'many' || !isWhole) return childrenFrom(reads, relation);
  return { from: `${relation.link.table} l`, own: `l.${relation.link.own}` };
}

/** The rows of some keys; $1 will be the keys. */
export function byKeySql(reads: EntityReads, columns: readonly string[], keyType: string, limit?: Limit): Statement {
  const params = createParams(undefined);
  const limits = limit === undefined ? '' : ` AND (${limit('t', params)})`;
  const text = `SELECT ${columns.map((column) => `t.${column}`).join(', ')} FROM ${reads.table} t WHERE t.${keyColumn(reads)} = ANY($1::${keyType}[])${limits}`;
  return { text, values: params.values.slice(1) };
}

/**
 * As {@link childrenFrom}, for one parent at a time: from each link to its row by key. A plain join leaves the planner
 * free to go through the whole table for every parent, and over tables that were just filled it does.
 */
function oneByOne(reads: EntityReads, relation: ListRelation): { from: string; own: string } {
  if (relation.kind === 'many') return childrenFrom(reads, relation);
  const { table, own, other } = relation.link;
  const row = `SELECT * FROM ${reads.table} t WHERE t.${keyColumn(reads)} = l.${other} LIMIT 1`;
  return { from: `${table} l CROSS JOIN LATERAL (${row}) t`, own: `l.${own}` };
}

/** Where the rows of a list relation come from, and the parent they belong to, as SQL. */
export function childrenFrom(reads: EntityReads, relation: ListRelation): { from: string; own: string } {
  if (relation.kind === 'many') return { from: `${reads.table} t`, own: `t.${relation.column}` };
  const { table, own, other } = relation.link;
  return { from: `${table} l JOIN ${reads.table} t ON t.${keyColumn(reads)} = l.${other}`, own: `l.${own}` };
}

/** The list of the parent whose key is `parent` in SQL. */
export function childList(
  request: ListRequest,
  relation: ListRelation,
  parent: string,
  conditions: readonly string[],
): List {
  const { from, own } = oneByOne(request.reads, relation);
  const edges =
    relation.kind === 'through'
      ? Object.values(relation.edge).map(({ column }) => `l.${column} AS ${edgeColumn(column)}`)
      : [];
  return { request, from, edges, conditions: [`${own} = ${parent}`, ...conditions], isSorted: false };
}

/** One list, whole or a parent's. */
export interface List {
  readonly request: ListRequest;
  readonly from: string;
  /** What links say, selected beside the rows' columns. */
  readonly edges: readonly string[];
  readonly conditions: readonly string[];
  /** Nothing but a sort of all its rows gives its order. */
  readonly isSorted: boolean;
}

/** Under this name each row of a sorted list says how many rows were sorted. */
export const SORTED = '_sorted';
/**
 * Lists that no index has in their order are refused beyond this many rows. Sorting so many takes a fifth of a second, half
 * of one with what they are sorted by looked up for each, and several where that is the count of long lists.
 */
export const MOST_SORTED = 100_000;

/** The columns asked for, with those of the order, which make the cursors. */
function selected({ columns, order }: ListRequest): string[] {
  const own = order.map(({ column, derived }) => (derived === undefined ? column : startOf(derived)));
  return [...new Set([...columns, ...own])].sort().map((column) => `t.${column}`);
}

/** The page's rows, and the one that says whether the list goes on. */
const pageAndOne =
  ({ page }: ListRequest, params: Params) =>
  (): string =>
    params.add(page.limit + 1, 'integer');

/** Whether the rows of a list say how many were sorted. */
export const isCounted = ({ request: { order }, isSorted }: Pick<List, 'request' | 'isSorted'>): boolean =>
  isSorted || order.some(({ derived }) => derived !== undefined);

/** The rows of a list from the end that its page asks for; as many as `limit` says in SQL. */
export function pageSql(list: List, params: Params, limit: () => string): string {
  const { request, from, edges, conditions } = list;
  const { reads, where, order, page } = request;
  const columns = [...selected(request), ...edges].join(', ');
  const tail = (): string => `ORDER BY ${orderSql(order, 't', page.backwards)} LIMIT ${limit()}`;
  if (!isCounted(list)) {
    const clause = whereClause(reads, where, [...conditions, ...boundsSql(request, params)], params);
    return `SELECT ${columns} FROM ${from}${clause} ${tail()}`;
  }
  const matched = `SELECT ${columns} FROM ${from}${whereClause(reads, where, conditions, params)} LIMIT ${MOST_SORTED + 1}`;
  const derived = order.flatMap((key, index) =>
    key.derived === undefined ? [] : [{ column: key.column, ...derivedSql(key.derived, 't', index) }],
  );
  const values = derived.map(({ column, value }) => `, ${value} AS ${column}`).join('');
  const joins = derived.map(({ joins: each }) => each).join('');
  const valued = `SELECT t.*${values}, count(*) OVER () AS ${SORTED} FROM (${matched}) t${joins}`;
  const bounds = boundsSql(request, params);
  return `SELECT t.* FROM (${valued}) t${bounds.length === 0 ? '' : ` WHERE ${bounds.join(' AND ')}`} ${tail()}`;
}

/** That a row stands where the page's cursors say. */
function boundsSql({ order, page }: ListRequest, params: Params): string[] {
  return (['after', 'before'] as const).flatMap((side) => {
    const place = page[side];
    return place === undefined ? [] : [beyondSql(order, place, 't', side, params)];
  });
}

/** WHERE of rows `t`; nothing where there is no condition. */
export function whereClause(reads: EntityReads, where: unknown, conditions: readonly string[], params: Params): string {
  const asked = whereSql(reads, where, 't', params);
  const all = asked === undefined ? conditions : [...conditions, asked];
  return all.length === 0 ? '' : ` WHERE ${all.map((condition) => `(${condition})`).join(' AND ')}`;
}
