/** A page of a list as one statement that gives it as JSON text. The lists are those of GraphQL: the same SQL finds them. */
import { keyType } from '../graphql/batches.ts';
import { placeOfSql } from '../graphql/documents/connection-sql.ts';
import { concatSql, placeSql } from '../graphql/documents/json-sql.ts';
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
import { createParams, type Params } from '../graphql/params.ts';
import type { RestField } from './entity.ts';
import { type AskedPage, nextCursor } from './page.ts';
import { rowSql } from './rows-sql.ts';

export interface ListQuestion {
  readonly request: ListRequest;
  readonly page: AskedPage;
  readonly fields: readonly RestField[];
  readonly isTotalAsked: boolean;
  /** The condition on rows that the actor may see. */
  readonly limit: Limit | undefined;
  /** The row whose list it is. */
  readonly parent?: Parent;
}

export interface Parent {
  readonly owner: EntityReads;
  readonly limit: Limit | undefined;
  readonly relation: ListRelation;
  readonly key: string;
}

/** What the statement gives beside the rows; what is not asked is not there. */
export interface ListFacts {
  /** The cursor of the last row, where the list goes on in the direction in which it was read. */
  readonly last: string | null;
  /** The cursor of the row that was read first, of a page that a cursor begins. */
  readonly first?: string | null;
  readonly total?: number;
  /** How many rows had to be sorted; null where there are none. */
  readonly sorted?: number | null;
  /** Whether there is the row whose list it is. */
  readonly found?: boolean;
}

export interface ListStatement extends Statement {
  /** Says who asks. */
  readonly label: string;
}

/** SQL of what is told beside the facts, of a page `f` that has {@link ListFacts} and `rows`. */
type Telling = (question: ListQuestion) => string;

/** The rows, separated by commas. */
export const tellRows: Telling = () => 'f.rows';

/** The body of a page. Whoever put it together of the rows elsewhere would copy all of them. */
export const tellBody: Telling = ({ page, isTotalAsked }) => {
  const { limit, offset } = page;
  const next = nextCursor(page, { first: 'f.first', last: 'f.last' });
  return concatSql([
    '{"data":[',
    { sql: 'f.rows' },
    `],"page":{"limit":${limit}${offset === undefined ? '' : `,"offset":${offset}`},"next_cursor":`,
    // Cursors need no escapes.
    { sql: next === null ? `'null'` : `coalesce('"' || ${next} || '"', 'null')` },
    ...(isTotalAsked ? [',"total":', { sql: 'f.total' }] : []),
    '}}',
  ]);
};

const PLACE = '_place';

/** The statement of a page: it gives one text, {@link ListFacts} as JSON on a line of its own, and what is told. */
export function listStatement(question: ListQuestion, tell: Telling): ListStatement {
  const { request, page, fields, isTotalAsked, limit, parent } = question;
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
  const at = (place: number): string => `max(${placeOfSql(order, 'p', textAt)}) FILTER (WHERE p.${PLACE} = ${place})`;
  const inOrder = page.backwards ? ` ORDER BY p.${PLACE} DESC` : '';
  const facts: { readonly [Name in keyof ListFacts]: string } = {
    last: `CASE WHEN count(*) > ${most} THEN ${at(most)} END`,
    ...((page.after !== undefined || page.before !== undefined) && { first: at(1) }),
    ...(isTotalAsked && { total: count() }),
    ...(isCounted(list) && { sorted: `max(p.${SORTED})` }),
    ...(parent !== undefined && owner !== undefined && { found: foundSql(parent, owner, params) }),
  };
  const object = `json_build_object(${Object.keys(facts).map((name) => `'${name}', f.${name}`)})`;
  const columns = Object.entries(facts).map(([name, sql]) => `${sql} AS ${name}`);
  const data = `string_agg(${rowSql(fields, 'p')}, ','${inOrder}) FILTER (WHERE p.${PLACE} <= ${most})`;
  const text = `SELECT concat(${object}, E'\\n', ${tell(question)}) AS list
  FROM (SELECT ${columns.join(', ')}, coalesce(${data}, '') AS rows
          FROM (SELECT t.*, row_number() OVER () AS ${PLACE} FROM (${rows}) t) p) f`;
  return { label: `rest ${reads.plural} listed`, text, values: params.values };
}

function foundSql({ owner, limit }: Parent, key: string, params: Params): string {
  const visible = limit === undefined ? '' : ` AND (${limit('o', params)})`;
  return `EXISTS (SELECT FROM ${owner.table} o WHERE o.${keyColumn(owner)} = ${key}${visible})`;
}

/** A value within a cursor: numbers as the database writes them, which JSON reads as well. */
const textAt = (kind: FieldKind, column: string): string =>
  kind === 'float' ? `coalesce(${column}::text, 'null')` : placeSql(kind, column);
