/** A request as one SELECT: which rows, in which order, with which columns. */
import type pg from 'pg';
import { identifier } from '../database/copy.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { keyColumn } from '../graphql/entities.ts';
import type { EntityReads, Limit } from '../graphql/entity.ts';
import { orderSql } from '../graphql/keyset.ts';
import { whereClause } from '../graphql/list-sql.ts';
import { derivedSql } from '../graphql/order-derived.ts';
import { readOrder } from '../graphql/ordering.ts';
import { requireAsked, requireVisible } from '../graphql/visible.ts';
import { exportFileName } from '../ingest/exported/export-file.ts';
import { readTable } from '../ingest/table.ts';
import { AppError } from '../kernel/errors.ts';
import { requireRight } from '../kernel/rights.ts';
import { type Found, findSource } from './catalogue.ts';
import { datasetColumns, declaredColumns, hasParts, type SourceColumn } from './columns.ts';
import type { Exporter } from './exporter.ts';
import { literalParams } from './literal-params.ts';
import { type ExportRequest, refused } from './request.ts';

export interface ExportSource {
  /** What the rows are of: the dataset's name, which is that of the table in a DuckDB file and of the sheet in a workbook. */
  readonly name: string;
  /** Without its ending. A dataset's says that the file is an export, so that it is imported as the rows that it holds. */
  readonly fileName: string;
  readonly columns: readonly SourceColumn[];
  /** The SELECT of `list` over rows `t`, in the order asked for. Values stand in it as literals. */
  readonly select: (list: string) => string;
}

/**
 * Checks who asks and what for, and says how it is read; the columns' types are read on the export's own snapshot.
 * @throws AppError NOT_FOUND, FORBIDDEN, BAD_USER_INPUT, LIMIT_EXCEEDED
 */
export async function openSource(
  context: GraphqlContext,
  { catalogue, schema }: Exporter,
  request: ExportRequest,
  { client }: { readonly client: Pick<pg.ClientBase, 'query'> },
): Promise<ExportSource> {
  const found = findSource(await catalogue(), request.source);
  const limit = requireRights(context, found);
  if (found.is === 'query') return querySource(found, request);
  const { reads } = found;
  const where = reads && (await whereOf(schema, reads, request));
  const orderBy = reads && (await orderByOf(schema, reads, request));
  if (reads === undefined) requireNone(request, ['where', 'orderBy']);
  else requireAsked(context, reads, [where, orderBy]);
  const table = found.is === 'dataset' ? found.dataset.table : found.reads.table;
  const shown = reads === undefined ? [] : declaredColumns(reads);
  const own =
    found.is === 'dataset' ? datasetColumns(found.dataset, (await readTable(client, table)).columns, reads) : shown;
  const columns = chosen(own, shown, request.fields);
  const parts = found.is === 'dataset' ? (found.dataset.parts ?? []) : [];
  const params = literalParams();
  const conditions = [
    ...(limit === undefined ? [] : [limit('t', params)]),
    ...(found.is === 'dataset' && parts.length > 0
      ? [parts.map((part) => hasParts(found.dataset, part)).join(' OR ')]
      : []),
  ];
  const clause =
    reads === undefined
      ? conditions.map((condition) => ` WHERE ${condition}`).join('')
      : whereClause(reads, where, conditions, params);
  const key = found.is === 'dataset' ? found.dataset.key : [keyColumn(found.reads)];
  const order = orderOf(reads, orderBy, key);
  const rows = `${identifier(table)} t${order.joins}${clause}`;
  const from = order.values === '' ? rows : `(SELECT t.*${order.values} FROM ${rows}) t`;
  return {
    ...namesOf(found, request),
    columns,
    select: (list) => `SELECT ${list} FROM ${from} ORDER BY ${order.by}${limitOf(request)}`,
  };
}

async function whereOf(
  schema: Exporter['schema'],
  reads: EntityReads,
  { where, read }: ExportRequest,
): Promise<unknown> {
  const asked = where === undefined || where === null ? undefined : await asWhere(schema, reads, where);
  if (read?.where === undefined) return asked;
  return asked === undefined ? read.where : { and: [asked, read.where] };
}

async function asWhere(schema: Exporter['schema'], reads: EntityReads, where: unknown): Promise<unknown> {
  const { readWhere } = await import('./asked-rows.ts');
  return readWhere(await schema(), reads, where);
}

async function orderByOf(schema: Exporter['schema'], reads: EntityReads, { orderBy, read }: ExportRequest) {
  // Whoever asks for an order means it, whatever was saved.
  if (read?.orderBy !== undefined || orderBy === undefined || orderBy === null) return read?.orderBy;
  const { readOrderBy } = await import('./asked-rows.ts');
  return readOrderBy(await schema(), reads, orderBy);
}

function namesOf(found: Found, { source }: ExportRequest): Pick<ExportSource, 'name' | 'fileName'> {
  if (found.is !== 'dataset') return { name: source, fileName: source };
  return { name: found.dataset.name, fileName: exportFileName(found.dataset.name, '') };
}

/**
 * The condition that every row has which the actor may see; undefined for all.
 * @throws AppError FORBIDDEN where they may see none of them
 */
export function requireRights(context: GraphqlContext, found: Found): Limit | undefined {
  if (found.is === 'dataset') requireRight(context, { role: 'viewer', scope: found.scope });
  if (found.is === 'query') requireRight(context, { role: 'viewer', scope: found.query.scope });
  return found.is === 'query' ? undefined : found.reads && requireVisible(context, found.reads);
}

/** Key order unless asked otherwise: the same rows are then the same bytes. */
function orderOf(reads: EntityReads | undefined, orderBy: readonly object[] | undefined, key: readonly string[]) {
  if (reads === undefined || orderBy === undefined || orderBy.length === 0) {
    return { by: key.map((column) => `t.${identifier(column)}`).join(', '), joins: '', values: '' };
  }
  const order = readOrder(reads, orderBy);
  const derived = order.flatMap((each, index) =>
    each.derived === undefined ? [] : [{ column: each.column, ...derivedSql(each.derived, 't', index) }],
  );
  return {
    by: orderSql(order, 't', false),
    joins: derived.map(({ joins }) => joins).join(''),
    values: derived.map(({ column, value }) => `, ${value} AS ${column}`).join(''),
  };
}

function querySource({ query }: Extract<Found, { is: 'query' }>, request: ExportRequest): ExportSource {
  requireNone(request, ['where', 'orderBy']);
  const all = query.columns.map((column) => ({ ...column, sql: `t.${identifier(column.name)}` }));
  return {
    name: query.name,
    fileName: query.name,
    columns: chosen(all, [], request.fields),
    select: (list) => `SELECT ${list} FROM (${query.sql}) t${limitOf(request)}`,
  };
}

const limitOf = ({ first }: ExportRequest): string => (first === undefined ? '' : ` LIMIT ${first}`);

function requireNone(request: ExportRequest, names: readonly ('where' | 'orderBy')[]): void {
  for (const name of names)
    if (request[name] !== undefined && request[name] !== null) throw refused(name, `is not for ${request.source}`);
}

/** The columns asked for, in the order asked for. */
function chosen(
  own: readonly SourceColumn[],
  further: readonly SourceColumn[],
  fields: readonly string[] | undefined,
): readonly SourceColumn[] {
  if (fields === undefined || fields.length === 0) return own;
  if (new Set(fields).size < fields.length) throw refused('fields', 'names a column twice');
  const known = new Map([...further, ...own].map((column) => [column.name, column]));
  return fields.map((name) => {
    const column = known.get(name);
    if (column !== undefined) return column;
    throw new AppError('BAD_USER_INPUT', `There is no column ${JSON.stringify(name.slice(0, 100))}`, {
      path: 'fields',
      hint: `Columns: ${[...known.keys()].join(', ')}.`,
    });
  });
}
