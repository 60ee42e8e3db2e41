/** Rows of declared types as JSON: their columns, the rows they refer to, and their lists. */
import type { FieldNode, GraphQLObjectType } from 'graphql';
import { entityReads, keyColumn } from '../entities.ts';
import type { EntityReads, ListRelation, OneRelation } from '../entity.ts';
import {
  childList,
  countedFrom,
  edgeColumn,
  isCounted,
  type List,
  type ListRequest,
  MOST_SORTED,
  pageSql,
  SORTED,
  whereClause,
} from '../list-sql.ts';
import { isIndexed, readOrder } from '../ordering.ts';
import { type PageArguments, readPage } from '../page.ts';
import { askedColumns, IN_CONNECTION } from '../selection.ts';
import { aggregateOf } from './aggregates-sql.ts';
import { argumentsOf, type Compiling, objectOf, type Selected, typeOf, Uncompiled } from './compiling.ts';
import { connectionOf } from './connection-sql.ts';
import { base64urlSql, type Piece, quoted, rowSql, UNWRITTEN, valueSql } from './json-sql.ts';

/** A row of `alias` as an object. */
export function rowOf(
  compiling: Compiling,
  reads: EntityReads,
  alias: string,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
): Piece[] {
  return objectOf(compiling, type, nodes, (selected) => fieldOf(compiling, reads, alias, selected));
}

function fieldOf(compiling: Compiling, reads: EntityReads, alias: string, selected: Selected): Piece[] {
  const { name } = selected;
  const key = `${alias}.${keyColumn(reads)}`;
  if (name === 'id') return ['"', { sql: base64urlSql(`${quoted(`${reads.type}:`)} || ${key}::text`) }, '"'];
  const column = reads.fields[name];
  if (column !== undefined) return [{ sql: valueSql(column, `${alias}.${column.column}`) }];
  const relation = reads.relations[name];
  if (relation?.kind === 'one') return [{ sql: oneSql(compiling, relation, alias, selected) }];
  if (relation !== undefined) return childrenOf(compiling, relation, key, selected);
  const counted = reads.relations[name.replace(/Aggregate$/, '')];
  if (counted === undefined || counted.kind === 'one') throw new Uncompiled(`${reads.type}.${name} has a resolver`);
  return aggregateOf(compiling, entityReads(counted.target), { relation: counted, parent: key }, selected, referredSql);
}

const oneSql = (compiling: Compiling, { target, column }: OneRelation, alias: string, selected: Selected): string =>
  referredSql(compiling, target, `${alias}.${column}`, selected);

/** The row of `target` that has this key, as an object or null. */
export function referredSql(compiling: Compiling, target: string, key: string, selected: Selected): string {
  const reads = entityReads(target);
  compiling.note(reads);
  const alias = compiling.alias();
  const row = rowSql(rowOf(compiling, reads, alias, typeOf(selected), selected.nodes));
  return `coalesce((SELECT ${row} FROM ${reads.table} ${alias} WHERE ${alias}.${keyColumn(reads)} = ${key}), 'null')`;
}

interface ListArguments extends PageArguments {
  readonly where?: unknown;
  readonly orderBy?: readonly object[] | null;
}

/** @throws AppError for arguments that ordinary execution refuses */
function requestOf(compiling: Compiling, reads: EntityReads, selected: Selected): ListRequest {
  const given: ListArguments = argumentsOf(compiling, selected);
  compiling.note(reads, given.where, given.orderBy);
  const order = readOrder(reads, given.orderBy);
  const asked = { fieldNodes: selected.nodes, fragments: compiling.fragments };
  const columns = askedColumns(reads, asked, [IN_CONNECTION, ['nodes']]);
  return { reads, columns, order, where: given.where ?? undefined, page: readPage(given, order) };
}

/** The list of a whole table. */
export function listOf(compiling: Compiling, reads: EntityReads, selected: Selected): Piece[] {
  const request = requestOf(compiling, reads, selected);
  const isSorted = !isIndexed(reads, request.order[0]);
  const list = { request, from: `${reads.table} t`, edges: [], conditions: [], isSorted };
  return pagedOf(compiling, list, { from: list.from, conditions: [] }, selected);
}

/** The list of the row whose key is `parent` in SQL. */
function childrenOf(compiling: Compiling, relation: ListRelation, parent: string, selected: Selected): Piece[] {
  const reads = entityReads(relation.target);
  const request = requestOf(compiling, reads, selected);
  const { from, own } = countedFrom(reads, relation, request.where === undefined);
  const list = childList(request, relation, parent, []);
  return pagedOf(compiling, list, { from, conditions: [`${own} = ${parent}`] }, selected, relation);
}

function pagedOf(
  compiling: Compiling,
  list: List,
  counted: Pick<List, 'from' | 'conditions'>,
  selected: Selected,
  relation?: ListRelation,
): Piece[] {
  const { params } = compiling;
  const { reads, where, order, page } = list.request;
  const edges = relation?.kind === 'through' ? relation.edge : {};
  return connectionOf(
    compiling,
    {
      order,
      page,
      // Written into the statement: with a parameter in its place the planner thinks of a tenth of the table.
      rows: (limit) => pageSql(list, params, () => String(limit)),
      count: () => `SELECT count(*) FROM ${counted.from}${whereClause(reads, where, counted.conditions, params)}`,
      row: (alias, type, nodes) => rowOf(compiling, reads, alias, type, nodes),
      edge: (alias, name) => {
        const field = edges[name];
        return field && [{ sql: valueSql(field, `${alias}.${edgeColumn(field.column)}`) }];
      },
      ...(isCounted(list) && {
        refusal: (alias) => `CASE WHEN max(${alias}.${SORTED}) > ${MOST_SORTED} THEN ${UNWRITTEN} ELSE '' END`,
      }),
    },
    selected,
  );
}
