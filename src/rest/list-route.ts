/** The route of a list: a whole table's, a part of it, or the rows that belong to another row. */
import Type, { type TObject, type TSchema } from 'typebox';
import type { GraphqlContext } from '../graphql/context.ts';
import { inWords } from '../graphql/entities.ts';
import type { EntityReads, ListRelation } from '../graphql/entity.ts';
import { edgeColumn } from '../graphql/list-sql.ts';
import { DEFAULT_ROWS } from '../graphql/page.ts';
import { requireVisible, rightToSee } from '../graphql/visible.ts';
import { AppError } from '../kernel/errors.ts';
import { type RestEntity, type RestField, restField } from './entity.ts';
import { filterSchemas } from './filters.ts';
import { type ListQuery, readList, runList } from './list.ts';
import { type ListQuestion, type ListStatement, listStatement, tellBody } from './list-sql.ts';
import { linkHeader, PAGE_QUERY, questionOf } from './page.ts';
import { type RestRoute, restRoute } from './route.ts';
import { fieldsSchema, keySchema, pageSchema, parameterSchema, rowSchema } from './schemas.ts';
import { sortable } from './sort.ts';

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
  const params = of === undefined ? part && partParams(entity, part) : ownerParams(of.owner);
  const planned = keptPlans(of === undefined ? [reads] : [reads, of.owner.reads]);
  return restRoute({
    method: 'GET',
    path,
    operationId,
    tag,
    summary,
    ...(description !== undefined && { description }),
    needs: rightToSee(reads),
    isOneRead: true,
    ...(params !== undefined && { params }),
    query: Type.Object({ ...listQuery(entity), ...filterSchemas(entity) }),
    answers: {
      200: {
        description: `A page of ${inWords(reads)}.`,
        content: { 'application/json': pageSchema(row) },
        headers: { link: { description: 'The first page, and the next, previous and last one where there are such.' } },
      },
    },
    price: ({ query }) => priceOf(entity, query),
    answer: async (context, { params: given, query, url }) => {
      const named: unknown = parameter === undefined ? undefined : Reflect.get(given, parameter);
      const { asked, statement, question } = planned(context, query, url, () =>
        readList(context, entity, query, {
          further,
          ...(part !== undefined && { whole: { [declaredOf(entity, part.field)]: { equals: named } } }),
          ...(of !== undefined && { of: { ...of, key: String(named).normalize('NFC') } }),
        }),
      );
      const found = await runList(context, entity, asked, { statement });
      if (found.isOwnerFound === false && of !== undefined) throw noRow(of.owner, String(named));
      return { body: found.told, headers: { link: linkHeader(question, asked.page, found.page) } };
    },
  });
}

interface Plan {
  readonly asked: ListQuestion;
  readonly statement: ListStatement;
  /** What links begin with. */
  readonly question: string;
}

/**
 * Gives the plan of a question, which is kept as long as its checked query is: that is one and the same for an address that
 * comes again. Those of actors who see a part of the rows are made for each request; what the types ask for is required each
 * time.
 */
function keptPlans(types: readonly EntityReads[]) {
  const plans = new WeakMap<object, Plan>();
  return (context: GraphqlContext, query: object, url: URL, read: () => ListQuestion): Plan => {
    const isWhole = types.every((reads) => requireVisible(context, reads) === undefined);
    const kept = isWhole ? plans.get(query) : undefined;
    if (kept !== undefined) return kept;
    const asked = read();
    const plan = { asked, statement: listStatement(asked, tellBody), question: questionOf(url) };
    if (isWhole) plans.set(query, plan);
    return plan;
  };
}

/** @throws AppError NOT_FOUND */
export const noRow = ({ reads }: RestEntity, key: string): AppError =>
  new AppError('NOT_FOUND', `There is no ${reads.type} ${key.slice(0, 200)}`);

/** The parameters that every list takes. */
const listQuery = (entity: RestEntity): Record<string, TSchema> => ({
  ...PAGE_QUERY,
  sort: Type.Optional(
    Type.String({
      $id: `${entity.one}.sort`,
      description: `The order: ${sortable(entity).join(', ')}, several separated by commas, the most important first; a minus puts the largest first. What has no value comes last.`,
      examples: [entity.reads.order.map(([name, direction]) => sortName(entity, name, direction)).join(',')],
    }),
  ),
  fields: fieldsSchema(entity),
});

function sortName({ reads }: RestEntity, name: string, direction: string): string {
  return `${direction === 'DESC' ? '-' : ''}${reads.fields[name]?.column ?? name}`;
}

const ownerParams = (owner: RestEntity): TObject => Type.Object({ [owner.key.name]: keySchema(owner) });

function partParams(entity: RestEntity, { field, example }: { readonly field: string; readonly example: string }) {
  const found = entity.fields.get(field);
  if (found === undefined) throw noField(entity, field);
  return Type.Object({ [field]: parameterSchema(found, example) });
}

function declaredOf(entity: RestEntity, name: string): string {
  const declared = entity.fields.get(name)?.declared;
  if (declared !== undefined) return declared;
  throw noField(entity, name);
}

const noField = ({ reads }: RestEntity, name: string): AppError =>
  new AppError('DECLARATION_INVALID', `The type ${reads.type} has no field ${name}`);

/** What links say, shown beside the fields of the rows that they lead to. */
function edgeFields(relation: ListRelation): RestField[] {
  if (relation.kind === 'many') return [];
  return Object.values(relation.edge).map((reads) => ({
    ...restField(reads),
    sql: (alias) => `${alias}.${edgeColumn(reads.column)}`,
  }));
}

/** As GraphQL counts: a point per field and row. */
function priceOf({ fields }: RestEntity, { limit = DEFAULT_ROWS, fields: asked }: ListQuery): number {
  return 1 + limit * (asked === undefined ? fields.size : asked.split(',').length);
}
