/** A page of a list as one statement that gives its rows as JSON text. The lists are those of GraphQL: the same SQL finds them. */

import { keyType } from '../graphql/batches.ts';
import { placeOfSql } from '../graphql/documents/connection-sql.ts';
import { placeSql } from '../graphql/documents/json-sql.ts';
import { keyColumn } from '../graphql/entities.ts';
import type { EntityReads, FieldKind, Limit, ListRelation } from '../graphql/entity.ts';
import {
  childList,
  countedFrom,
  isCounted,
  type List,
  type ListRequest,
  pageSql,
  SORTED,
  type Statement,
  whereClause,
} from '../graphql/list-sql.ts';
import { isIndexed } from '../graphql/ordering.ts';
import { createParams } from '../graphql/params.ts';
import type { RestField } from './entity.ts';
import type { AskedPage } from './page.ts';
import { rowSql } from './rows-sql.ts';

export interface ListQuestion {
  readonly request: ListRequest;
  readonly page: AskedPage;
  readonly fields: readonly RestField[];
  readonly isTotalAsked: boolean;
  /** The condition on rows that the actor may see. */
  readonly limit: Limit | undefined;
  /** The row whose list it is. */
  readonly parent?: {
    readonly owner: EntityReads;
    readonly limit: Limit | undefined;
    readonly relation: ListRelation;
    readonly key: string;
  };
}

/** What the statement gives, as one row. */
export interface ListRow {
  readonly data: string;
  readonly more: boolean;
  readonly first: string | null;
  readonly last: string | null;
  readonly total: bigint | null;
  /** How many rows had to be sorted. */
  readonly sorted: bigint | null;
  /** Whether there is the row whose list it is. */
  readonly found: boolean;
  readonly [column: string]: unknown;
}

const PLACE = '_place';

/** The statement of a page. */
export function listStatement({ request, page, fields, isTotalAsked, limit, parent }: ListQuestion): Statement {
  const params = createParams();
  const { reads, where, order } = request;
  const owner = parent && params.add(parent.key, keyType(parent.owner));
  const limits = limit === undefined ? [] : [limit('t', params)];
  const list: List =
    parent === undefined || owner === undefined
      ? {
          request,
          from: `${reads.table} t`,
          edges: [],
          conditions: limits,
          isSorted: !isIndexed(reads, order[0]),
        }
      : childList(request, parent.relation, owner, limits);
  const count = (): string => {
    const { from, own } =
      parent === undefined
        ? { from: list.from, own: undefined }
        : countedFrom(reads, parent.relation, where === undefined && limit === undefined);
    const conditions = own === undefined ? limits : [`${own} = ${owner}`, ...limits];
    return `(SELECT count(*) FROM ${from}${whereClause(reads, where, conditions, params)})`;
  };
  const most = page.limit;
  const rows = pageSql(list, params, () => `${most + 1}${page.offset ? ` OFFSET ${page.offset}` : ''}`);
  const at = (place: number, isAsked: boolean): string =>
    isAsked ? `max(${placeOfSql(order, 'p', textAt)}) FILTER (WHERE p.${PLACE} = ${place})` : 'NULL::text';
  const isInMiddle = page.after !== undefined || page.before !== undefined;
  const inOrder = page.backwards ? ` ORDER BY p.${PLACE} DESC` : '';
  const text = `SELECT string_agg(${rowSql(fields, 'p')}, ','${inOrder}) FILTER (WHERE p.${PLACE} <= ${most}) AS data,
    count(*) > ${most} AS more, ${at(1, isInMiddle)} AS first,
    CASE WHEN count(*) > ${most} THEN ${at(most, true)} END AS last,
    ${isTotalAsked ? count() : 'NULL::bigint'} AS total,
    ${isCounted(list) ? `max(p.${SORTED})` : 'NULL::bigint'} AS sorted,
    ${foundSql(parent, owner, params)} AS found
    FROM (SELECT t.*, row_number() OVER () AS ${PLACE} FROM (${rows}) t) p`;
  return { text, values: params.values };
}

function foundSql(
  parent: ListQuestion['parent'],
  key: string | undefined,
  params: ReturnType<typeof createParams>,
): string {
  if (parent === undefined || key === undefined) return 'true';
  const { owner, limit } = parent;
  const visible = limit === undefined ? '' : ` AND (${limit('o', params)})`;
  return `EXISTS (SELECT FROM ${owner.table} o WHERE o.${keyColumn(owner)} = ${key}${visible})`;
}

/** A value within a cursor: numbers as the database writes them, which JSON reads as well. */
const textAt = (kind: FieldKind, column: string): string =>
  kind === 'float' ? `coalesce(${column}::text, 'null')` : placeSql(kind, column);
