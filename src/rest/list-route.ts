/** The route of a list: a whole table's, a part of it, or the rows that belong to another row. */
import Type, { type TObject, type TSchema } from 'typebox';
import type { Query } from '../database/session.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { inWords, keyColumn } from '../graphql/entities.ts';
import type { EntityReads, ListRelation } from '../graphql/entity.ts';
import { edgeColumn, type ListRequest, MOST_SORTED } from '../graphql/list-sql.ts';
import { readOrder } from '../graphql/ordering.ts';
import { DEFAULT_ROWS } from '../graphql/page.ts';
import { requireVisible, rightToSee } from '../graphql/visible.ts';
import { AppError } from '../kernel/errors.ts';
import type { RestEntity, RestField } from './entity.ts';
import { restField } from './entity.ts';
import { filterSchemas, readFilters } from './filters.ts';
import { type ListQuestion, type ListRow, listStatement } from './list-sql.ts';
import { linkHeader, nextCursor, PAGE_QUERY, type PageQuery, readPage } from './page.ts';
import { type RestRoute, restRoute } from './route.ts';
import { askedFields, columnsOf } from './rows-sql.ts';
import { pageSchema, parameterSchema, rowSchema } from './schemas.ts';
import { readSort, sortable } from './sort.ts';

/** What of a checked query asks for a list. */
interface ListQuery extends PageQuery {
  readonly sort?: string;
  readonly fields?: string;
}

export interface ListRouteOptions {
  /** Below the API's root; the type's own unless given. */
  readonly path?: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  /** The field that the path's parameter of its name must equal, and a value of it. */
  readonly part?: { readonly field: string; readonly example: string };
  /** The row whose list it is: the path names it by its key. */
  readonly of?: { readonly owner: RestEntity; readonly relation: ListRelation };
}

/** A list of the type's rows as a route. */
export function listRoute(entity: RestEntity, options: ListRouteOptions): RestRoute {
  const { reads, tag } = entity;
  const { path = entity.path, operationId, summary, description, part, of } = options;
  const further = of === undefined ? [] : edgeFields(of.relation);
  const row = rowSchema(entity, further, further.length === 0 ? entity.one : `${of?.owner.one}${entity.one}`);
  const parameter = of?.owner.key.name ?? part?.field;
  const params = paramsOf(of?.owner ?? entity, parameter, of?.owner.example ?? part?.example);
  return restRoute({
    method: 'GET',
    path,
    operationId,
    tag,
    summary,
    ...(description !== undefined && { description }),
    needs: rightToSee(reads),
    ...(params !== undefined && { params }),
    query: Type.Object({ ...listQuery(entity), ...filterSchemas(entity) }),
    answers: {
      200: {
        description: `A page of ${inWords(reads)}.`,
        content: { 'application/json': pageSchema(row) },
        headers: { link: { description: 'The first page, and the next, previous and last one where there are such.' } },
      },
    },
    price: ({ query }) => priceOf(entity, query, further),
    answer: async (context, { params: given, query, url }) => {
      const named: unknown = parameter === undefined ? undefined : Reflect.get(given, parameter);
      const asked = readList(context, entity, query, {
        further,
        ...(part !== undefined && { whole: { [declaredOf(entity, part.field)]: { equals: named } } }),
        ...(of !== undefined && { of: { ...of, key: String(named).normalize('NFC') } }),
      });
      const { row: found, page } = await runList(context, entity, asked);
      if (!found.found && of !== undefined) throw noRow(of.owner, String(named));
      return { body: listBody(asked, page, found.data), headers: { link: linkHeader(url, asked.page, page) } };
    },
  });
}

/** @throws AppError NOT_FOUND */
export const noRow = ({ reads }: RestEntity, key: string): AppError =>
  new AppError('NOT_FOUND', `There is no ${reads.type} ${key.slice(0, 200)}`);

/** The parameters that every list takes. */
const listQuery = (entity: RestEntity): Record<string, TSchema> => ({
  ...PAGE_QUERY,
  sort: Type.Optional(
    Type.String({
      description: `The order: ${sortable(entity).join(', ')}, several separated by commas, the most important first; a minus puts the largest first. What has no value comes last.`,
      examples: [entity.reads.order.map(([name, direction]) => sortName(entity, name, direction)).join(',')],
    }),
  ),
  fields: Type.Optional(
    Type.String({
      description: 'Only these fields, separated by commas; the key is always among them.',
      examples: [entity.key.name],
    }),
  ),
});

function sortName({ reads }: RestEntity, name: string, direction: string): string {
  return `${direction === 'DESC' ? '-' : ''}${reads.fields[name]?.column ?? name}`;
}

/** The schema of the path's parameter: the key of `entity`, or one of its fields. */
function paramsOf(entity: RestEntity, name: string | undefined, example: unknown): TObject | undefined {
  const field = name === undefined ? undefined : entity.fields.get(name);
  if (field === undefined) return undefined;
  return Type.Object({ [field.name]: parameterSchema(field, example) });
}

function declaredOf({ fields, reads }: RestEntity, name: string): string {
  const declared = fields.get(name)?.declared;
  if (declared !== undefined) return declared;
  throw new AppError('DECLARATION_INVALID', `The type ${reads.type} has no field ${name}`);
}

/** What links say, shown beside the fields of the rows that they lead to. */
function edgeFields(relation: ListRelation): RestField[] {
  if (relation.kind === 'many') return [];
  return Object.values(relation.edge).map((reads) => ({
    ...restField(reads),
    sql: (alias) => `${alias}.${edgeColumn(reads.column)}`,
  }));
}

/** As GraphQL counts: a point per field and row. */
function priceOf(
  entity: RestEntity,
  { limit = DEFAULT_ROWS, fields }: ListQuery,
  further: readonly RestField[],
): number {
  return 1 + limit * askedFields(entity, fields, further, true).length;
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

/** Runs on a snapshot of its own unless `query` has one. @throws AppError LIMIT_EXCEEDED when more rows would have to be sorted than are */
export async function runList(context: GraphqlContext, { reads }: RestEntity, asked: ListQuestion, query?: Query) {
  const { text, values } = listStatement(asked);
  const run = query ?? context.reads.once;
  const [row] = await run<ListRow>(`rest ${reads.plural} listed`, text, values);
  if (row === undefined) throw new AppError('INTERNAL', 'A list gave no row');
  if (Number(row.sorted ?? 0) > MOST_SORTED) throw unsorted(reads);
  const { more, first, last } = row;
  return { row, page: { more, first, last, total: row.total === null ? undefined : Number(row.total) } };
}

function unsorted(reads: EntityReads): AppError {
  const indexed = Object.keys(reads.indexed ?? {}).map((name) => reads.fields[name]?.column ?? name);
  return new AppError('LIMIT_EXCEEDED', `Only ${MOST_SORTED} ${inWords(reads)} can be put in this order`, {
    path: 'sort',
    hint: `Narrow the list by filters, or sort it first by one of these: ${[...indexed, keyColumn(reads)].join(', ')}.`,
  });
}

/** The body of a page: the rows as the database wrote them. */
function listBody({ page }: ListQuestion, found: Parameters<typeof nextCursor>[1], data: string | null): string {
  const { limit, offset } = page;
  const place = { limit, offset, next_cursor: nextCursor(page, found), total: found.total };
  return `{"data":[${data ?? ''}],"page":${JSON.stringify(place)}}`;
}
