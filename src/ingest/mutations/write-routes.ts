/** The routes that write rows of a type: POST, PUT, PATCH and DELETE, by the functions behind its mutations. */
import Type, { type TObject, type TSchema } from 'typebox';
import type { GraphqlContext } from '../../graphql/context.ts';
import type { Asked, RouteAnswer } from '../../http/route.ts';
import { AppError } from '../../kernel/errors.ts';
import type { RestEntity } from '../../rest/entity.ts';
import { answerOnce, IDEMPOTENCY_HEADER } from '../../rest/idempotent.ts';
import { noRow } from '../../rest/list-route.ts';
import { type RestRoute, restRoute } from '../../rest/route.ts';
import { keyOf, keyParams, loadRow } from '../../rest/row-route.ts';
import { plain, rowSchema } from '../../rest/schemas.ts';
import { bodySchemas } from './body-schemas.ts';
import type { Given } from './check.ts';
import { CONSEQUENCES } from './consequence-schema.ts';
import { deleteRow } from './delete-rows.ts';
import { byHand, handWrite } from './hand-write.ts';
import { mergedPatch } from './merge-patch.ts';
import type { Mutable } from './mutable.ts';
import { lockedRow, preconditionOf, requirePrecondition } from './precondition.ts';
import { replaceRow } from './replace-row.ts';
import { inBody, restMutable } from './rest-mutable.ts';
import { createRow, updateRow } from './write-rows.ts';

/** Bodies as the documentation shows them, under the names of columns. */
export interface WriteExamples {
  /** A new row, with its key. */
  readonly row: Readonly<Record<string, unknown>>;
  readonly patch: Readonly<Record<string, unknown>>;
}

const IF_MATCH = {
  'if-match': {
    description: 'The ETag that you saw: 412 if the row is another by now.',
    schema: Type.String({ $id: 'if-match' }),
  },
};
const IF_NONE_MATCH = {
  'if-none-match': {
    description: '`*` makes a row and never replaces one: 412 if there is one.',
    schema: Type.String({ $id: 'if-none-match' }),
  },
};
const STALE = { description: 'The row is not as the headers say: it was changed meanwhile.' };
const UNFIT = { description: 'Values that do not pass, each with its place in the body, in `faults`.' };
const NOT_THERE = { description: 'There is none.' };

type WriteAsked = Asked<object, object, unknown>;

/** What of a type can be written, as routes. `mutable` is the one behind its mutations. */
export function writeRoutes(entity: RestEntity, declared: Mutable, examples: WriteExamples): RestRoute[] {
  const mutable = restMutable(declared);
  const { create, whole, patch } = bodySchemas(mutable);
  const { path, tag, one, key } = entity;
  const { needs } = byHand(entity.reads.scope);
  const byKey = { path: `${path}/:${key.name}`, tag, needs, params: keyParams(entity) } as const;
  const { [key.name]: _key, ...values } = examples.row;
  const answered = (description: string) => ({
    description,
    content: { 'application/json': rowSchema(entity) },
    headers: { etag: { description: 'The version of the row, for If-Match.' } },
  });
  return [
    restRoute({
      method: 'POST',
      path,
      operationId: `create${one}`,
      tag,
      summary: `Makes one of the ${mutable.words}`,
      description: 'Of one that was deleted, what files say stands in what is not given.',
      needs,
      body: { schema: withExample(create, examples.row) },
      headers: IDEMPOTENCY_HEADER,
      answers: {
        201: {
          ...answered('The new row.'),
          headers: { ...answered('').headers, location: { description: 'Its address.' } },
        },
        400: UNFIT,
        409: { description: 'There is a row of this key already, or the Idempotency-Key stands for another request.' },
      },
      price: () => entity.fields.size,
      answer: (context, asked) => answerOnce(context, asked, () => post(context, entity, mutable, asked)),
    }),
    restRoute({
      ...byKey,
      method: 'PUT',
      operationId: `replace${one}`,
      summary: `Makes or replaces one of the ${mutable.words}`,
      description:
        'The whole row: a field that is left out has no value or its default afterwards; a date that says when the row came to be stays.',
      body: { schema: withExample(whole, values) },
      headers: { ...IF_MATCH, ...IF_NONE_MATCH },
      answers: {
        200: answered('The row, replaced.'),
        201: {
          ...answered('The row, made.'),
          headers: { ...answered('').headers, location: { description: 'Its address.' } },
        },
        400: UNFIT,
        412: STALE,
      },
      price: () => entity.fields.size,
      answer: (context, asked) => put(context, entity, mutable, asked),
    }),
    restRoute({
      ...byKey,
      method: 'PATCH',
      operationId: `update${one}`,
      summary: `Changes one of the ${mutable.words}`,
      description:
        'A JSON Merge Patch (RFC 7396): an absent field is kept, null clears it, an object is merged. An edit stays until a file brings another value than before.',
      body: { schema: withExample(patch, examples.patch) },
      headers: IF_MATCH,
      answers: { 200: answered('The row as it is now.'), 400: UNFIT, 404: NOT_THERE, 412: STALE },
      price: () => entity.fields.size,
      answer: (context, asked) => change(context, entity, mutable, asked),
    }),
    restRoute({
      ...byKey,
      method: 'DELETE',
      operationId: `delete${one}`,
      summary: `Deletes one of the ${mutable.words}; no file brings it back`,
      query: Type.Object({
        dry_run: Type.Optional(
          Type.Boolean({ $id: 'dry_run', default: false, description: 'Only say what would happen; write nothing.' }),
        ),
      }),
      headers: IF_MATCH,
      answers: {
        200: { description: 'What would happen.', content: { 'application/json': CONSEQUENCES } },
        204: { description: 'It is gone.' },
        404: NOT_THERE,
        412: STALE,
      },
      answer: (context, asked) => remove(context, entity, mutable, asked, asked.query.dry_run === true),
    }),
  ];
}

const withExample = (schema: TObject, example: object): TSchema => plain({ ...schema, examples: [example] });

async function post(
  context: GraphqlContext,
  entity: RestEntity,
  mutable: Mutable,
  asked: WriteAsked,
): Promise<RouteAnswer> {
  const key = await handWrite(context, `create${entity.one}`, (write) =>
    inBody(() => createRow(write, mutable, given(asked.body))),
  );
  return made(context, entity, key, `${asked.url.pathname.replace(/\/+$/, '')}/${encodeURIComponent(key)}`);
}

async function put(
  context: GraphqlContext,
  entity: RestEntity,
  mutable: Mutable,
  asked: WriteAsked,
): Promise<RouteAnswer> {
  const precondition = preconditionOf(asked.ifMatch, asked.headers);
  const { key, outcome } = await handWrite(context, `replace${entity.one}`, (write) =>
    inBody(() =>
      replaceRow(write, mutable, { key: keyOf(entity, asked.params), record: given(asked.body), precondition }),
    ),
  );
  if (outcome !== 'created') return rowNow(context, entity, key);
  return made(context, entity, key, asked.url.pathname.replace(/[^/]+\/*$/, encodeURIComponent(key)));
}

async function change(
  context: GraphqlContext,
  entity: RestEntity,
  mutable: Mutable,
  asked: WriteAsked,
): Promise<RouteAnswer> {
  const key = keyOf(entity, asked.params);
  await handWrite(context, `update${entity.one}`, (write) =>
    inBody(async () => {
      const patch = given(asked.body);
      // As updateRow locks, or two that change names would wait for each other.
      const row = await lockedRow(write, mutable, key, mutable.named && patch['name'] !== undefined);
      if (row === undefined) throw noRow(entity, key);
      requirePrecondition(mutable, key, row, preconditionOf(asked.ifMatch, {}));
      return updateRow(write, mutable, { key, patch: await mergedPatch(write, mutable, key, patch) });
    }),
  );
  return rowNow(context, entity, key);
}

async function remove(
  context: GraphqlContext,
  entity: RestEntity,
  mutable: Mutable,
  asked: WriteAsked,
  dryRun: boolean,
): Promise<RouteAnswer> {
  const key = keyOf(entity, asked.params);
  const consequences = await handWrite(context, `delete${entity.one}`, async (write) => {
    const row = await lockedRow(write, mutable, key, !dryRun);
    if (row === undefined) throw noRow(entity, key);
    requirePrecondition(mutable, key, row, preconditionOf(asked.ifMatch, {}));
    return deleteRow(write, mutable, { key, dryRun, actor: context.actor.label });
  });
  return dryRun ? { body: JSON.stringify({ dry_run: true, consequences }) } : { status: 204 };
}

/** A body as its schema has checked it. */
function given(body: unknown): Given {
  if (typeof body === 'object' && body !== null) return { ...body };
  throw new AppError('INTERNAL', 'The body of a write is no object');
}

async function made(context: GraphqlContext, entity: RestEntity, key: string, location: string): Promise<RouteAnswer> {
  return { ...(await rowNow(context, entity, key)), status: 201, headers: { location } };
}

/** The row that was written. @throws AppError CONFLICT when it is gone again */
async function rowNow(context: GraphqlContext, entity: RestEntity, key: string): Promise<RouteAnswer> {
  const found = await loadRow(context, entity, key);
  if (found === null) throw new AppError('CONFLICT', `${entity.one} ${key} was deleted at the same moment`);
  return { body: found.body, ...(found.etag !== undefined && { etag: found.etag }) };
}
