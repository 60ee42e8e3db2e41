import Type, { type Static } from 'typebox';
import type { GraphqlContext } from '../../graphql/context.ts';
import { mutate } from '../../graphql/mutate.ts';
import type { RouteAnswer } from '../../http/route.ts';
import { parseJson } from '../../ingest/read/json-parse.ts';
import type { JsonValue } from '../../kernel/json.ts';
import { restEntity } from '../../rest/entity.ts';
import { answerOnce, IDEMPOTENCY_HEADER } from '../../rest/idempotent.ts';
import { noRow } from '../../rest/list-route.ts';
import { readRoutes } from '../../rest/read-routes.ts';
import { restRoute } from '../../rest/route.ts';
import { keyOf, keyParams, loadRow } from '../../rest/row-route.ts';
import { rowSchema } from '../../rest/schemas.ts';
import { previewTransformation } from './preview.ts';
import { checkedTransformation } from './save-transformation.ts';
import { transformations } from './transformations.read.ts';
import {
  addTransformation,
  changeTransformation,
  deleteTransformation,
  findTransformation,
} from './transformations.write.ts';

const entity = restEntity(transformations, '019a0b1c-2d3e-7f40-8a51-62738495a6b8');
const { path, tag, key } = entity;
const FACTS = { tag, needs: { role: 'editor', scope: transformations.scope } } as const;
const BY_KEY = { path: `${path}/:${key.name}`, params: keyParams(entity) };

const RECORDS = Type.Array(Type.Unsafe<unknown>({ description: 'A record as a file has it.' }), { maxItems: 100 });
/** Checked by hand: what a union says of a step that fits none of its kinds helps nobody. */
const STEP_LIST = Type.Unsafe<unknown>({ type: 'array', items: { type: 'object', description: 'One step.' } });
const CHOICES = {
  pattern: Type.Optional(
    Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: 'A glob over the items’ paths; all unless given.',
    }),
  ),
  is_active: Type.Optional(Type.Boolean({ description: 'False leaves it out.' })),
  sample: Type.Optional(RECORDS),
};
const NAME = Type.String({ description: 'What people call it.' });
const SOURCE = Type.String({ format: 'uuid', description: 'The source.' });
const STEPS = [{ kind: 'rename', names: { Titel: 'title' } }];
const CREATE = Type.Object(
  { source_id: SOURCE, name: NAME, steps: STEP_LIST, ...CHOICES },
  { additionalProperties: false, examples: [{ source_id: entity.example, name: 'Tidy', steps: STEPS }] },
);
const CHANGE = Type.Object(
  {
    name: Type.Optional(NAME),
    steps: Type.Optional(STEP_LIST),
    if_version: Type.Optional(Type.Integer({ description: 'The version that you saw.' })),
    ...CHOICES,
  },
  { additionalProperties: false, examples: [{ is_active: false }] },
);
const PREVIEW = Type.Object(
  {
    steps: Type.Optional(STEP_LIST),
    source_id: Type.Optional(SOURCE),
    records: Type.Optional(RECORDS),
    item_id: Type.Optional(Type.Integer({ description: 'An item of a source, fetched from its place.' })),
    path: Type.Optional(Type.String({ description: 'A file inside the import roots.' })),
    dataset: Type.Optional(Type.String({ description: 'The dataset as whose file it is read.' })),
    first: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: 'At most so many records.' })),
  },
  { additionalProperties: false, examples: [{ steps: STEPS, records: [{ Titel: 'Tides' }] }] },
);
const ANY = Type.Unsafe<unknown>({});
const PREVIEWED = Type.Object(
  {
    records: Type.Array(
      Type.Object(
        {
          line: Type.Integer(),
          before: ANY,
          after: ANY,
          is_kept: Type.Boolean(),
          fault: Type.Unsafe<string | null>({ type: ['string', 'null'] }),
        },
        { additionalProperties: false },
      ),
    ),
    kept: Type.Integer(),
    dropped: Type.Integer(),
    failed: Type.Integer(),
  },
  { additionalProperties: false },
);

const ROW = { description: 'The transformation as it is now.', content: { 'application/json': rowSchema(entity) } };
const NONE = { description: 'There is none that you may see.' };
const UNFIT = { description: 'What was given does not pass, or a step met a limit: the answer names it.' };
const OTHERS = { description: 'It is of somebody else’s source, or your role is too low.' };

/** Records as readers give them. */
const recordsOf = (given: readonly unknown[] | undefined): JsonValue[] | undefined =>
  given?.map((value) => {
    const parsed = parseJson(JSON.stringify(value));
    return parsed.is === 'value' ? parsed.value : null;
  });

const givenOf = ({ name, pattern, steps, is_active: isActive, sample }: Static<typeof CHANGE>) => ({
  name,
  pattern,
  steps,
  isActive,
  sample: recordsOf(sample),
});

async function rowNow(context: GraphqlContext, transformationId: string): Promise<RouteAnswer> {
  const found = await loadRow(context, entity, transformationId);
  if (found === null) throw noRow(entity, transformationId);
  return { body: found.body, ...(found.etag !== undefined && { etag: found.etag }) };
}

async function create(context: GraphqlContext, body: Static<typeof CREATE>, pathname: string): Promise<RouteAnswer> {
  const values = await checkedTransformation(givenOf(body), undefined);
  const made = await mutate(
    context,
    ({ query }) => addTransformation(query, context.actor, body.source_id, values),
    'createTransformation',
  );
  return { ...(await rowNow(context, made)), status: 201, headers: { location: `${pathname}/${made}` } };
}

export default [
  ...readRoutes(entity),
  restRoute({
    ...FACTS,
    method: 'POST',
    path,
    operationId: 'createTransformation',
    summary: 'Adds steps that a source’s records go through before they are mapped',
    description: `Each step has a \`kind\`: rename (names), map (field, values, otherwise), set (field, value, when), split (field, by, into), join (fields, with, into), filter (field with is or isNot, or expression), compute (field, expression). With a \`sample\` it is saved only if one of its records passes.`,
    body: { schema: CREATE, description: 'The transformation.' },
    headers: IDEMPOTENCY_HEADER,
    answers: {
      201: { ...ROW, headers: { location: { description: 'Its address.' } } },
      400: UNFIT,
      403: OTHERS,
      404: NONE,
    },
    price: () => entity.fields.size,
    answer: (context, asked) => answerOnce(context, asked, () => create(context, asked.body, asked.url.pathname)),
  }),
  restRoute({
    ...FACTS,
    ...BY_KEY,
    method: 'PATCH',
    operationId: 'updateTransformation',
    summary: 'Changes a transformation',
    description: 'What is left out stays. What it changes is imported anew by the next sync.',
    body: { schema: CHANGE, description: 'What to change.' },
    answers: { 200: ROW, 400: UNFIT, 403: OTHERS, 404: NONE, 409: { description: 'It has another version by now.' } },
    price: () => entity.fields.size,
    answer: async (context, { params, body }) => {
      const transformationId = keyOf(entity, params);
      const known = await findTransformation(context.reads.query, transformationId);
      const values = await checkedTransformation(givenOf(body), known);
      const seen = body.if_version ?? known.version;
      await mutate(context, ({ query }) => changeTransformation(query, context.actor, transformationId, values, seen));
      return rowNow(context, transformationId);
    },
  }),
  restRoute({
    ...FACTS,
    ...BY_KEY,
    method: 'DELETE',
    operationId: 'deleteTransformation',
    summary: 'Deletes a transformation',
    answers: { 204: { description: 'It is gone.' }, 403: OTHERS, 404: NONE },
    answer: async (context, { params }) => {
      await mutate(context, ({ query }) =>
        deleteTransformation(query, context.actor, keyOf(entity, params), undefined),
      );
      return { status: 204 };
    },
  }),
  restRoute({
    tag,
    needs: { role: 'importer', scope: transformations.scope },
    method: 'POST',
    path: `${path}/preview`,
    operationId: 'previewTransformation',
    summary: 'Shows what steps make of a sample; writes nothing',
    description: 'The sample is `records`, an item of a source, or a file inside the import roots.',
    body: { schema: PREVIEW, description: 'What to try, and on what.' },
    answers: {
      200: { description: 'Each record before and after.', content: { 'application/json': PREVIEWED } },
      400: UNFIT,
      404: NONE,
    },
    answer: async (context, { body }) => {
      const { source_id: sourceId, item_id: itemId, records, ...rest } = body;
      const tried = await previewTransformation(context, {
        ...rest,
        sourceId,
        itemId: itemId === undefined ? undefined : String(itemId),
        records: recordsOf(records),
      });
      const shown = tried.records.map(({ isKept, ...record }) => ({ ...record, is_kept: isKept }));
      return { body: JSON.stringify({ ...tried, records: shown }) };
    },
  }),
];
