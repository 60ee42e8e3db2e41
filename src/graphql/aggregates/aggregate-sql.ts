/** The statements behind aggregates: one row over all rows of a list, or a row for each of its groups. */
import { keyColumn } from '../entities.ts';
import type { EntityReads, Limit } from '../entity.ts';
import { whereSql } from '../filters.ts';
import { beyondSql, orderSql } from '../keyset.ts';
import type { OrderKey } from '../ordering.ts';
import type { PageRequest } from '../page.ts';
import type { Params } from '../params.ts';
import type { Grouping } from './group-keys.ts';
import type { Measure } from './measures.ts';

/** The rows that are counted: those of `from`, where the list's own rows have the alias `t`. */
export interface Source {
  readonly reads: EntityReads;
  readonly from: string;
  /** What makes them the rows of one parent. */
  readonly own?: string;
  /** What makes them rows that the actor may see. */
  readonly limit: Limit | undefined;
  readonly where: unknown;
}

export interface GroupRequest {
  readonly groupings: readonly Grouping[];
  readonly measures: readonly Measure[];
  readonly timeZone: string;
  /** Groups as rows of a table: the fields that `having` and `order` name. */
  readonly groups: EntityReads;
  readonly having: unknown;
  /** The measures that `having` names. */
  readonly filtered: readonly Measure[];
}

/** One row with the measures over all rows of the source. */
export function totalsSql(source: Source, measures: readonly Measure[], params: Params): string {
  const columns = measures.map(({ sql, field }) => `${sql('t')} AS ${field.column}`);
  return `SELECT ${columns.join(', ')} FROM ${source.from}${whereClause(source, params)}`;
}

/** A page of the groups, and one more to say whether they go on. */
export function groupsSql(
  source: Source,
  request: GroupRequest,
  order: readonly OrderKey[],
  page: PageRequest,
  params: Params,
): string {
  const groups = groupedSql(source, request, params);
  const conditions = (['after', 'before'] as const).flatMap((side) => {
    const place = page[side];
    return place === undefined ? [] : [beyondSql(order, place, 'g', side, params)];
  });
  const having = havingClause(request, conditions, params);
  const limit = params.add(page.limit + 1, 'integer');
  return `SELECT g.* FROM (${groups}) g${having} ORDER BY ${orderSql(order, 'g', page.backwards)} LIMIT ${limit}`;
}

/** How many groups there are. */
export function groupCountSql(source: Source, request: GroupRequest, params: Params): string {
  const groups = groupedSql(source, { ...request, measures: request.filtered }, params);
  return `SELECT count(*)::integer AS total FROM (${groups}) g${havingClause(request, [], params)}`;
}

function groupedSql(source: Source, { groupings, measures, timeZone }: GroupRequest, params: Params): string {
  const keys = groupings.map((grouping) => ({ ...grouping, value: keySql(grouping, timeZone, params) }));
  // Local time is told as if it were of UTC. Only groups are told so, not each row: that saves a third of the time.
  const shown = keys.map(
    ({ key, bucket, value }) => `${value}${bucket === undefined ? '' : " AT TIME ZONE 'UTC'"} AS ${key.field.column}`,
  );
  const columns = [...shown, ...measures.map(({ sql, field }) => `${sql('t')} AS ${field.column}`)];
  const links = groupings.map(({ key }) => linkSql(source.reads, key.link)).join('');
  const by = keys.map(({ value }) => value).join(', ');
  return `SELECT ${columns.join(', ')} FROM ${source.from}${links}${whereClause(source, params)} GROUP BY ${by}`;
}

/** Rows are grouped by local time: an hour that clocks repeat belongs to one day all the same. */
function keySql({ key, bucket }: Grouping, timeZone: string, params: Params): string {
  if (key.link !== undefined) return `gl.${key.link.other}`;
  const column = `t.${key.column}`;
  return bucket === undefined
    ? column
    : `date_trunc('${bucket}', ${column} AT TIME ZONE ${params.add(timeZone, 'text')})`;
}

/** Rows without links are a group, too. */
function linkSql(reads: EntityReads, link: Grouping['key']['link']): string {
  return link === undefined ? '' : ` LEFT JOIN ${link.table} gl ON gl.${link.own} = t.${keyColumn(reads)}`;
}

function whereClause({ reads, own, limit, where }: Source, params: Params): string {
  const asked = whereSql(reads, where, 't', params);
  return clause([own, limit?.('t', params), asked]);
}

function havingClause({ groups, having }: GroupRequest, conditions: readonly string[], params: Params): string {
  return clause([...conditions, whereSql(groups, having, 'g', params, 'having')]);
}

function clause(conditions: readonly (string | undefined)[]): string {
  const given = conditions.filter((condition) => condition !== undefined).map((condition) => `(${condition})`);
  return given.length === 0 ? '' : ` WHERE ${given.join(' AND ')}`;
}
