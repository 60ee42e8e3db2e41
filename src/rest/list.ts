/** A list as a checked query asks for it, and its page. */
import type { Query } from '../database/session.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { inWords, keyColumn } from '../graphql/entities.ts';
import type { EntityReads, ListRelation } from '../graphql/entity.ts';
import { type ListRequest, MOST_SORTED } from '../graphql/list-sql.ts';
import { readOrder } from '../graphql/ordering.ts';
import { requireVisible } from '../graphql/visible.ts';
import { AppError } from '../kernel/errors.ts';
import type { RestEntity, RestField } from './entity.ts';
import { readFilters } from './filters.ts';
import { type ListFacts, type ListQuestion, type ListStatement, listStatement, tellRows } from './list-sql.ts';
import { type FoundPage, type PageQuery, readPage } from './page.ts';
import { askedFields, columnsOf } from './rows-sql.ts';
import { readSort } from './sort.ts';

/** What of a checked query asks for a list. */
export interface ListQuery extends PageQuery {
  readonly sort?: string;
  readonly fields?: string;
}

export interface ListChoices {
  readonly further?: readonly RestField[];
  /** A condition that holds whatever else is asked. */
  readonly whole?: object;
  readonly of?: { readonly owner: RestEntity; readonly relation: ListRelation; readonly key: string };
}

/**
 * What a checked query asks of a list, with the rights that it takes.
 * @throws AppError FORBIDDEN, BAD_USER_INPUT
 */
export function readList(
  context: GraphqlContext,
  entity: RestEntity,
  query: ListQuery & Readonly<Record<string, unknown>>,
  { further = [], whole, of }: ListChoices = {},
): ListQuestion {
  const { reads } = entity;
  const order = readOrder(reads, readSort(entity, query.sort));
  const page = readPage(query, order);
  const fields = askedFields(entity, query.fields, further, true);
  const asked = readFilters(entity, query);
  const where = whole === undefined ? asked : asked === undefined ? whole : { and: [whole, asked] };
  const request: ListRequest = { reads, columns: columnsOf(entity, fields), where, order, page };
  const limit = requireVisible(context, reads);
  const parent = of && {
    owner: of.owner.reads,
    limit: requireVisible(context, of.owner.reads),
    relation: of.relation,
    key: of.key,
  };
  return { request, page, fields, isTotalAsked: query.include_total === true, limit, ...(parent && { parent }) };
}

export interface ListPage {
  /** What the statement tells: the rows, separated by commas, unless it was given. */
  readonly told: Buffer;
  readonly page: FoundPage;
  /** Whether there is the row whose list it is; undefined of a whole table's. */
  readonly isOwnerFound: boolean | undefined;
}

const NEWLINE = 0x0a;

/**
 * The page of a list. Runs on a snapshot of its own unless `query` has one; the statement is made anew unless given.
 * @throws AppError LIMIT_EXCEEDED when more rows would have to be sorted than are
 */
export async function runList(
  context: GraphqlContext,
  { reads }: RestEntity,
  asked: ListQuestion,
  { query, statement }: { readonly query?: Query; readonly statement?: ListStatement } = {},
): Promise<ListPage> {
  const { label, text, values } = statement ?? listStatement(asked, tellRows);
  const run = query === undefined ? context.reads.text : textOf(query);
  const found = await run(label, text, values);
  const end = found?.indexOf(NEWLINE) ?? -1;
  if (found === undefined || end < 0) throw new AppError('INTERNAL', 'A list gave no row');
  const facts: ListFacts = JSON.parse(found.toString('utf8', 0, end));
  const { last, first = null, total, sorted, found: isOwnerFound } = facts;
  if ((sorted ?? 0) > MOST_SORTED) throw unsorted(reads);
  return { told: found.subarray(end + 1), page: { first, last, total }, isOwnerFound };
}

/** A statement that gives one text, within a session. */
const textOf =
  (query: Query): GraphqlContext['reads']['text'] =>
  async (label, text, values) => {
    const [row] = await query<{ list: string }>(label, text, values);
    return row && Buffer.from(row.list);
  };

function unsorted(reads: EntityReads): AppError {
  const indexed = Object.keys(reads.indexed ?? {}).map((name) => reads.fields[name]?.column ?? name);
  return new AppError('LIMIT_EXCEEDED', `Only ${MOST_SORTED} ${inWords(reads)} can be put in this order`, {
    path: 'sort',
    hint: `Narrow the list by filters, or sort it first by one of these: ${[...indexed, keyColumn(reads)].join(', ')}.`,
  });
}
