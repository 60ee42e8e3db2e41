/** The route of a list: a whole table's, a part of it, or the rows that belong to another row. */
import Type, { type TObject, type TSchema } from 'typebox';
import type { GraphqlContext } from '../graphql/context.ts';
import { inWords } from '../graphql/entities.ts';
import type { EntityReads, ListRelation } from '../graphql/entity.ts';
import { edgeColumn, type Statement } from '../graphql/list-sql.ts';
import { DEFAULT_ROWS } from '../graphql/page.ts';
import { requireVisible, rightToSee } from '../graphql/visible.ts';
import { AppError } from '../kernel/errors.ts';
import { createRecent } from '../kernel/recent.ts';
import { type RestEntity, type RestField, restField } from './entity.ts';
import { filterSchemas } from './filters.ts';
import { type ListQuery, listBody, readList, runList } from './list.ts';
import { type ListQuestion, listStatement } from './list-sql.ts';
import { linkHeader, PAGE_QUERY, questionOf } from './page.ts';
import { type RestRoute, restRoute } from './route.ts';
import { pageSchema, parameterSchema, rowSchema } from './schemas.ts';
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
  const params = paramsOf(of?.owner ?? entity, parameter, of?.owner.example ?? part?.example);
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
      const { asked, statement, question } = planned(context, url, () =>
        readList(context, entity, query, {
          further,
          ...(part !== undefined && { whole: { [declaredOf(entity, part.field)]: { equals: named } } }),
          ...(of !== undefined && { of: { ...of, key: String(named).normalize('NFC') } }),
        }),
      );
      const found = await runList(context, entity, asked, { statement });
      if (found.isOwnerFound === false && of !== undefined) throw noRow(of.owner, String(named));
      return { body: listBody(asked, found), headers: { link: linkHeader(question, asked.page, found.page) } };
    },
  });
}

interface Plan {
  readonly asked: ListQuestion;
  readonly statement: Statement;
  /** What links begin with. */
  readonly question: string;
}

/** Kept of each list: a dashboard asks the same few questions again and again. */
const MOST_PLANS = 40;
const LONGEST_ADDRESS = 1_000;

/**
 * Gives the plan of a question, by its address. Those of actors who see a part of the rows are made for each request; what
 * the types ask for is required each time.
 */
function keptPlans(types: readonly EntityReads[]) {
  const plans = createRecent<Plan>(MOST_PLANS);
  return (context: GraphqlContext, url: URL, read: () => ListQuestion): Plan => {
    const address = `${url.pathname}${url.search}`;
    const isWhole = types.every((reads) => requireVisible(context, reads) === undefined);
    const kept = isWhole ? plans.get(address) : undefined;
    if (kept !== undefined) return kept;
    const asked = read();
    const plan = { asked, statement: listStatement(asked), question: questionOf(url) };
    if (isWhole && address.length <= LONGEST_ADDRESS) plans.set(address, plan);
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
function priceOf({ fields }: RestEntity, { limit = DEFAULT_ROWS, fields: asked }: ListQuery): number {
  return 1 + limit * (asked === undefined ? fields.size : asked.split(',').length);
}
