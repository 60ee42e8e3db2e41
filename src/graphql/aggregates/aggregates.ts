/** What aggregate fields resolve to: values that are computed when they are asked for, and no others. */
import type { GraphQLResolveInfo } from 'graphql';
import { once } from '../../kernel/once.ts';
import { keyType, loaderFamily } from '../batches.ts';
import { type Connection, pageOf } from '../connections.ts';
import type { GraphqlContext } from '../context.ts';
import { encodeCursor } from '../cursor.ts';
import { entityReads } from '../entities.ts';
import type { EntityReads, ListRelation, Row } from '../entity.ts';
import { childrenFrom, PARENT } from '../list-sql.ts';
import { readPage } from '../page.ts';
import { createParams, type Params } from '../params.ts';
import { type Asked, askedFields } from '../selection.ts';
import { keyOf } from '../values.ts';
import { requireAsked, requireVisible } from '../visible.ts';
import { type GroupRequest, groupCountSql, groupsSql, type Source, totalsSql } from './aggregate-sql.ts';
import { type GroupArguments, readGroups } from './group-request.ts';
import { COUNT, FUNCTIONS, type Measure, measuresOf } from './measures.ts';
import type { Stretch } from './time-zone.ts';

export interface Aggregated {
  /** The measures over all rows, as far as they are asked for. */
  readonly totals: () => Promise<Row>;
  readonly groups: (given: GroupArguments, info: GraphQLResolveInfo) => Connection;
}

interface WhereArgument {
  readonly where?: object | null | undefined;
}

/** Runs what `write` writes. `question` tells the statement from every other of the same source. */
type Run = (name: string, question: unknown, write: (params: Params) => string) => Promise<readonly Row[]>;

/** The aggregate of a whole table. @throws AppError FORBIDDEN, BAD_USER_INPUT, LIMIT_EXCEEDED */
export function rootAggregate(
  context: GraphqlContext,
  reads: EntityReads,
  given: WhereArgument,
  info: GraphQLResolveInfo,
): Aggregated {
  const limit = requireVisible(context, reads);
  requireAsked(context, reads, given.where);
  const source = { reads, from: `${reads.table} t`, limit, where: given.where ?? undefined };
  return aggregated(context, source, info, (name, _question, write) => {
    const params = createParams();
    const text = write(params);
    return context.reads.query<Row>(`${reads.plural} ${name}`, text, params.values);
  });
}

const rowsByParent = loaderFamily<readonly Row[]>();

/**
 * The aggregate of one parent's list, fetched together with those of the other parents.
 * @throws AppError FORBIDDEN, BAD_USER_INPUT, LIMIT_EXCEEDED
 */
export function childAggregate(
  context: GraphqlContext,
  place: { readonly owner: EntityReads; readonly target: EntityReads; readonly relation: ListRelation },
  parent: string,
  given: WhereArgument,
  info: GraphQLResolveInfo,
): Aggregated {
  const { owner, target, relation } = place;
  const { from, own } = childrenFrom(target, relation);
  const limit = requireVisible(context, target);
  requireAsked(context, target, given.where);
  const source = { reads: target, from, own: `${own} = k.parent`, limit, where: given.where ?? undefined };
  return aggregated(context, source, info, (name, question, write) => {
    const asked = JSON.stringify([name, from, own, source.where, question], (_key, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    );
    return rowsByParent(context, asked, () => async (keys) => {
      const params = createParams(keys);
      const each = write(params);
      const text = `SELECT k.parent AS ${PARENT}, x.* FROM unnest($1::${keyType(owner)}[]) AS k(parent) CROSS JOIN LATERAL (${each}) x`;
      const lists = new Map<string | null, Row[]>(keys.map((key) => [key, []]));
      for (const row of await context.reads.query<Row>(`${target.plural} ${name} by parent`, text, params.values)) {
        lists.get(keyOf(row, PARENT))?.push(row);
      }
      return keys.map((key) => lists.get(key) ?? []);
    }).load(parent);
  });
}

function aggregated(context: GraphqlContext, source: Source, info: GraphQLResolveInfo, run: Run): Aggregated {
  const { reads } = source;
  return {
    totals: once(async () => {
      const measures = askedMeasures(reads, info, [[]]);
      const names = measures.map(({ name }) => name);
      const [row] = await run('aggregated', names, (params) => totalsSql(source, measures, params));
      return row ?? {};
    }),
    groups: (given, groupsInfo) => {
      const { request, order } = readGroups(reads, given, askedMeasures(reads, groupsInfo, GROUPS));
      // As for a `where` that leads to related rows: groups tell which of them there are.
      for (const { key } of request.groupings) {
        if (key.target !== undefined) requireVisible(context, entityReads(key.target));
      }
      const page = readPage(given, order);
      const question = [given, request.measures.map(({ name }) => name)];
      return {
        page: once(async () => {
          const rows = await run('grouped', question, (params) => groupsSql(source, request, order, page, params));
          const { edges, ...rest } = pageOf(rows, page, (row) => encodeCursor(row, order));
          return { ...rest, edges: edges.map((edge) => ({ ...edge, row: withStretches(edge.row, request) })) };
        }),
        count: async () => {
          const [row] = await run('groups counted', question, (params) => groupCountSql(source, request, params));
          return Number(row?.['total'] ?? 0);
        },
      };
    },
  };
}

export const GROUPS = [['edges', 'node'], ['nodes']];

/** The measures that the document asks for at one of the places. */
export function askedMeasures(reads: EntityReads, info: Asked, paths: readonly (readonly string[])[]): Measure[] {
  const names = paths.flatMap((path) => [
    ...(askedFields(info, path).has(COUNT.name) ? [COUNT.name] : []),
    ...FUNCTIONS.flatMap(({ name }) => [...askedFields(info, [...path, name])].map((field) => `${name}.${field}`)),
  ]);
  const measures = measuresOf(reads);
  return [...new Set(names)].sort().flatMap((name) => measures.get(name) ?? []);
}

/** Where a row keeps, beside the first day of a stretch of time, what stretch it is; no column has such a name. */
export const stretchColumn = (column: string): string => `${column}.stretch`;

function withStretches(row: Row, { groupings, timeZone }: GroupRequest): Row {
  const stretches = groupings.flatMap(({ key, bucket }): [string, Stretch][] => {
    const first = row[key.field.column];
    return bucket === undefined || !(first instanceof Date)
      ? []
      : [[stretchColumn(key.field.column), { bucket, timeZone, first }]];
  });
  return { ...row, ...Object.fromEntries(stretches) };
}
