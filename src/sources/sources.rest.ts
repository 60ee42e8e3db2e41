import Type, { type Static, type TObject } from 'typebox';
import type { GraphqlContext } from '../graphql/context.ts';
import { mutate } from '../graphql/mutate.ts';
import type { RouteAnswer } from '../http/route.ts';
import { importerSlot } from '../ingest/importer-slot.ts';
import { answerOnce, IDEMPOTENCY_HEADER } from '../rest/idempotent.ts';
import { listRoute, noRow } from '../rest/list-route.ts';
import { restRoute } from '../rest/route.ts';
import { keyOf, keyParams, loadRow, rowRoute } from '../rest/row-route.ts';
import { rowSchema } from '../rest/schemas.ts';
import { ID, listOrRow } from './by-id.ts';
import { rememberGrant } from './connections/let-go.ts';
import { createSource } from './create-source.ts';
import { connectorOf } from './registry.ts';
import { sourceEntity } from './rest-entities.ts';
import { changeSource, deleteSource } from './sources.write.ts';
import { sourcesSlot } from './sources-house.ts';
import { SOURCES_SCOPE } from './vocabulary.ts';

/** Of the system that these routes replace. */
const REPLACED = '/api/data-sources';
const { path, tag, key } = sourceEntity;
const BY_KEY = { path: `${path}/:${key.name}`, aliases: [`${REPLACED}/:${key.name}`], params: keyParams(sourceEntity) };
const BY_QUERY = { path, aliases: [REPLACED], query: Type.Object({ id: ID(sourceEntity) }) };
const FACTS = { tag, needs: { role: 'editor', scope: SOURCES_SCOPE } } as const;

const nullable = (description: string) => Type.Unsafe<string | null>({ type: ['string', 'null'], description });
const object = (description: string) => Type.Unsafe<Record<string, unknown>>({ type: 'object', description });

const CHOICES = {
  config: Type.Optional(object('Its settings, as the connector’s `settings` describe them; all of them.')),
  rules: Type.Optional(
    Type.Array(Type.Object({ pattern: Type.String(), dataset: Type.String() }, { additionalProperties: false }), {
      description: 'What becomes of which items: a glob, and a dataset by name, `document` or `ignore`.',
    }),
  ),
  sync_frequency: Type.Optional(nullable('5 minutes, hourly, daily, a cron; null: only when asked.')),
  is_active: Type.Optional(Type.Boolean({ description: 'False pauses it.' })),
  is_shared: Type.Optional(Type.Boolean({ description: 'Whether the team sees it, and datasets take it in.' })),
  delete_guard: Type.Optional(Type.Integer({ description: 'Percent of its items that one sync may delete unasked.' })),
};
const NAME = Type.String({ description: 'What people call it.' });

const CREATE = Type.Object(
  {
    name: NAME,
    source_type: Type.String({ description: 'A connector by name, such as folder.' }),
    keys: Type.Optional(object('The secrets that open it, by name: sealed, never shown.')),
    ...CHOICES,
  },
  {
    additionalProperties: false,
    examples: [{ name: 'Research', source_type: 'folder', config: { path: '/srv/data' } }],
  },
);
const CHANGE = Type.Object(
  { name: Type.Optional(NAME), ...CHOICES },
  { additionalProperties: false, examples: [{ sync_frequency: 'hourly' }] },
);
const DELETED = Type.Object(
  {
    source_id: Type.String({ description: 'Its key.' }),
    name: Type.String({ description: 'What it was called.' }),
    documents: Type.Integer({ description: 'Documents that went with it.' }),
    items: Type.Integer({ description: 'Items that are forgotten.' }),
    rows_kept: Type.Integer({ description: 'Items whose rows stay in their datasets.' }),
  },
  { additionalProperties: false },
);

const ROW = { description: 'The source as it is now.', content: { 'application/json': rowSchema(sourceEntity) } };
const GONE = { description: 'What went with it, and what stays.', content: { 'application/json': DELETED } };
const NONE = { description: 'There is none that you may see.' };
const UNFIT = { description: 'What was given does not pass.' };
const OTHERS = { description: 'It is somebody else’s, or your role is too low.' };
const ONE_OF_YOURS = 'Your own; administrators also what is shared.';

const choicesOf = ({ sync_frequency, is_active, is_shared, delete_guard, ...rest }: Static<typeof CHANGE>) => ({
  ...rest,
  syncFrequency: sync_frequency,
  isActive: is_active,
  isShared: is_shared,
  deleteGuard: delete_guard,
});

const toolsOf = (context: GraphqlContext) => ({
  datasets: new Set(importerSlot.get(context).ingest.datasets.keys()),
});

async function rowNow(context: GraphqlContext, sourceId: string): Promise<RouteAnswer> {
  const found = await loadRow(context, sourceEntity, sourceId);
  if (found === null) throw noRow(sourceEntity, sourceId);
  return { body: found.body, ...(found.etag !== undefined && { etag: found.etag }) };
}

async function create(context: GraphqlContext, body: Static<typeof CREATE>, pathname: string): Promise<RouteAnswer> {
  const { source_type: sourceType, keys, name, ...given } = body;
  const house = sourcesSlot.get(context);
  const connector = connectorOf(await house.connectors(), sourceType);
  const wanted = { ...choicesOf(given), name, connector, keys };
  const { sourceId } = await createSource(house, toolsOf(context), context.actor, wanted, (write) =>
    mutate(context, write, 'createDataSource'),
  );
  await context.reads.refresh();
  return { ...(await rowNow(context, sourceId)), status: 201, headers: { location: `${pathname}/${sourceId}` } };
}

async function change(context: GraphqlContext, sourceId: string, body: Static<typeof CHANGE>): Promise<RouteAnswer> {
  const { connectors } = await sourcesSlot.get(context).connectors();
  const connector = (type: string) => connectors.get(type);
  await mutate(context, ({ query }) =>
    changeSource(query, toolsOf(context), context.actor, { sourceId, connector, patch: choicesOf(body) }),
  );
  return rowNow(context, sourceId);
}

async function remove(context: GraphqlContext, sourceId: string): Promise<RouteAnswer> {
  const endThere = await rememberGrant(sourcesSlot.get(context), context.actor, sourceId);
  const {
    rowsKept,
    sourceId: gone,
    ...rest
  } = await mutate(context, ({ query }) => deleteSource(query, context.actor, sourceId));
  await endThere();
  return { body: JSON.stringify({ source_id: gone, ...rest, rows_kept: rowsKept }) };
}

const row = rowRoute(sourceEntity);
const list = listRoute(sourceEntity, {
  operationId: 'listDataSources',
  summary: 'Lists sources',
  description: 'Your own and those that are shared, the newest first unless sorted otherwise.',
});
const given = (params: TObject | object): string => keyOf(sourceEntity, params);

export default [
  listOrRow(sourceEntity, list, row, [REPLACED]),
  { ...row, aliases: BY_KEY.aliases },
  restRoute({
    ...FACTS,
    method: 'POST',
    path,
    aliases: [REPLACED],
    operationId: 'createDataSource',
    summary: 'Adds a source and speaks with it',
    description:
      '`connection_status` and `error` say what came of that; where a person has to sign in first it is pending.',
    body: { schema: CREATE, description: 'The source.' },
    headers: IDEMPOTENCY_HEADER,
    answers: {
      201: { ...ROW, headers: { location: { description: 'Its address.' } } },
      400: UNFIT,
      409: { description: 'You have a source of this name already.' },
    },
    price: () => sourceEntity.fields.size,
    answer: (context, asked) => answerOnce(context, asked, () => create(context, asked.body, asked.url.pathname)),
  }),
  restRoute({
    ...FACTS,
    ...BY_KEY,
    method: 'PUT',
    operationId: 'updateDataSource',
    summary: 'Changes a source',
    description: `What is left out stays. ${ONE_OF_YOURS}`,
    body: { schema: CHANGE, description: 'What to change.' },
    answers: { 200: ROW, 400: UNFIT, 403: OTHERS, 404: NONE },
    price: () => sourceEntity.fields.size,
    answer: (context, { params, body }) => change(context, given(params), body),
  }),
  restRoute({
    ...FACTS,
    ...BY_QUERY,
    method: 'PUT',
    operationId: 'updateDataSourceById',
    summary: 'Changes a source that the query names',
    description: `What is left out stays. ${ONE_OF_YOURS}`,
    body: { schema: CHANGE, description: 'What to change.' },
    answers: { 200: ROW, 400: UNFIT, 403: OTHERS, 404: NONE },
    price: () => sourceEntity.fields.size,
    answer: (context, { query, body }) => change(context, query.id, body),
  }),
  restRoute({
    ...FACTS,
    ...BY_KEY,
    method: 'DELETE',
    operationId: 'deleteDataSource',
    summary: 'Deletes a source with its items, documents and schedules',
    description: `Rows that datasets took from it stay. ${ONE_OF_YOURS}`,
    answers: { 200: GONE, 403: OTHERS, 404: NONE },
    answer: (context, { params }) => remove(context, given(params)),
  }),
  restRoute({
    ...FACTS,
    ...BY_QUERY,
    method: 'DELETE',
    operationId: 'deleteDataSourceById',
    summary: 'Deletes a source that the query names',
    description: `As by its address. ${ONE_OF_YOURS}`,
    answers: { 200: GONE, 403: OTHERS, 404: NONE },
    answer: (context, { query }) => remove(context, query.id),
  }),
];
