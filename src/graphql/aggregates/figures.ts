/** The same figures for resolvers that show them in a form of their own. */
import type { GraphqlContext } from '../context.ts';
import type { EntityReads, Row } from '../entity.ts';
import { MOST_ROWS } from '../page.ts';
import { createParams } from '../params.ts';
import { keyOf, numberOf } from '../values.ts';
import { requireVisible } from '../visible.ts';
import { groupsSql, totalsSql } from './aggregate-sql.ts';
import { readGroups } from './group-request.ts';
import { COUNT } from './measures.ts';

export interface CountedGroup {
  /** In the order of `by`, as the database has them. */
  readonly key: readonly (string | null)[];
  readonly count: number;
}

/**
 * How many rows there are of each kind, for keys of text with few values: no more than a page of groups is read.
 * `by` and `where` are as `groups` and the list take them.
 */
export async function countGroups(
  context: GraphqlContext,
  reads: EntityReads,
  by: readonly string[],
  where?: object,
): Promise<CountedGroup[]> {
  const { request, order } = readGroups(reads, { by }, [COUNT]);
  const params = createParams();
  const page = { limit: MOST_ROWS, backwards: false, after: undefined, before: undefined };
  const limit = requireVisible(context, reads);
  const text = groupsSql({ reads, from: `${reads.table} t`, limit, where }, request, order, page, params);
  const rows = await context.reads.query<Row>(`${reads.plural} grouped`, text, params.values);
  return rows.map((row) => ({
    key: request.groupings.map(({ key }) => keyOf(row, key.field.column)),
    count: countOf(row),
  }));
}

/** How many rows there are. */
export async function countRows(context: GraphqlContext, reads: EntityReads, where?: object): Promise<number> {
  const params = createParams();
  const limit = requireVisible(context, reads);
  const text = totalsSql({ reads, from: `${reads.table} t`, limit, where }, [COUNT], params);
  const [row] = await context.reads.query<Row>(`${reads.plural} aggregated`, text, params.values);
  return row === undefined ? 0 : countOf(row);
}

const countOf = (row: Row): number => numberOf(row, COUNT.field.column) ?? 0;
