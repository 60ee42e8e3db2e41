import Type from 'typebox';
import type { GraphqlContext } from '../graphql/context.ts';
import { mutate } from '../graphql/mutate.ts';
import { inTurn } from '../graphql/turn.ts';
import type { RouteAnswer } from '../http/route.ts';
import { answerOnce, IDEMPOTENCY_HEADER } from '../rest/idempotent.ts';
import { listRoute, noRow } from '../rest/list-route.ts';
import { readRoutes } from '../rest/read-routes.ts';
import { restRoute } from '../rest/route.ts';
import { keyOf, keyParams, loadRow, rowRoute } from '../rest/row-route.ts';
import { rowSchema } from '../rest/schemas.ts';
import { ID, listOrRow } from './by-id.ts';
import { sourceEntity, syncItemEntity, syncJobEntity } from './rest-entities.ts';
import { endOfSync } from './sync-end.ts';
import { cancelSync, MAY_SYNC, retryItems, startSync } from './syncs.write.ts';
import { SYNC_JOB_TYPES } from './vocabulary.ts';

/** Of the system that these routes replace. */
const REPLACED = '/api/data-sources/sync';
const { path, tag, key } = syncJobEntity;
const FACTS = { tag, needs: MAY_SYNC } as const;
const ALIASES = [`${REPLACED}/:${key.name}`];

const SYNC = { description: 'The sync as it is now.', content: { 'application/json': rowSchema(syncJobEntity) } };
const NONE = { description: 'There is none that you may see.' };
const WHOSE = 'Those of your sources, and what nobody but you asked for; administrators anybody’s.';
const OTHERS = { description: 'Others asked for it too, or the source is not yours.' };
const NOT_NOW = { description: 'The source cannot be reached, the sync has ended, or nobody works on what waits.' };

const START = Type.Object(
  {
    source_id: Type.String({ format: 'uuid', description: 'The source.', examples: [sourceEntity.example] }),
    job_type: Type.Optional(
      Type.Enum([...SYNC_JOB_TYPES], { description: 'manual, which reads what changed, unless given.' }),
    ),
    priority: Type.Optional(
      Type.Integer({ minimum: -10, maximum: 10, description: 'Of the syncs that wait, the higher ones begin first.' }),
    ),
    approve_deletes: Type.Optional(
      Type.Boolean({ description: 'Yes to the deletes that the last sync waits with. Needs the role editor.' }),
    ),
    wait: Type.Optional(
      Type.Boolean({
        description: 'True answers when it has ended, or with the sync as it is by then after nearly a minute.',
      }),
    ),
  },
  { additionalProperties: false, examples: [{ source_id: sourceEntity.example, job_type: 'full_sync' }] },
);

const RETRY = Type.Object(
  {
    item_ids: Type.Optional(
      Type.Array(Type.Integer({ minimum: 1 }), {
        description: 'Their keys; all that failed unless given.',
        minItems: 1,
      }),
    ),
  },
  { additionalProperties: false, examples: [{}] },
);
const RETRIED = Type.Object(
  {
    retried: Type.Integer({ description: 'How many items are read anew.' }),
    sync_job_id: Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'The sync that reads them.' }),
  },
  { additionalProperties: false },
);

async function syncNow(context: GraphqlContext, syncJobId: string): Promise<RouteAnswer> {
  const found = await loadRow(context, syncJobEntity, syncJobId);
  if (found === null) throw noRow(syncJobEntity, syncJobId);
  return { body: found.body };
}

async function cancel(context: GraphqlContext, syncJobId: string): Promise<RouteAnswer> {
  await mutate(context, ({ query }) => cancelSync(query, context.actor, syncJobId));
  return syncNow(context, syncJobId);
}

const row = rowRoute(syncJobEntity);
const list = listRoute(syncJobEntity, {
  operationId: 'listSyncJobs',
  summary: 'Lists syncs',
  description: 'The newest first unless sorted otherwise. Every condition given holds.',
});

export default [
  listOrRow(syncJobEntity, list, row, [REPLACED]),
  { ...row, aliases: ALIASES },
  ...readRoutes(syncItemEntity),
  restRoute({
    ...FACTS,
    method: 'POST',
    path,
    aliases: [REPLACED],
    operationId: 'startSync',
    summary: 'Asks for a sync',
    description:
      'One of this source that waits or runs already takes the request over. Answers at once unless told to wait.',
    // Whoever waits must not keep others from writing.
    lane: 'none',
    body: { schema: START, description: 'Of which source, and how.' },
    headers: IDEMPOTENCY_HEADER,
    answers: {
      200: { ...SYNC, description: 'The sync as it ended, where that was waited for.' },
      202: { ...SYNC, headers: { location: { description: 'Where it tells how far it is.' } } },
      404: NONE,
      409: NOT_NOW,
    },
    price: () => syncJobEntity.fields.size,
    answer: (context, asked) =>
      answerOnce(context, asked, async () => {
        const { source_id: sourceId, job_type: type, priority, approve_deletes: approveDeletes, wait } = asked.body;
        const started = await inTurn(context, 'write', () =>
          mutate(
            context,
            ({ query }) => startSync(query, context.actor, sourceId, { type, priority, approveDeletes }),
            'startSync',
          ),
        );
        if (wait === true) await endOfSync(context, started);
        const location = `${asked.url.pathname.replace(/\/+$/, '')}/${started}`;
        const now = await inTurn(context, 'read', () => syncNow(context, started));
        return wait === true ? now : { ...now, status: 202, headers: { location } };
      }),
  }),
  restRoute({
    ...FACTS,
    method: 'DELETE',
    path: `${path}/:${key.name}`,
    aliases: ALIASES,
    params: keyParams(syncJobEntity),
    operationId: 'cancelSync',
    summary: 'Ends a sync; what it had done stays',
    description: WHOSE,
    answers: { 200: SYNC, 403: OTHERS, 404: NONE, 409: NOT_NOW },
    price: () => syncJobEntity.fields.size,
    answer: (context, { params }) => cancel(context, keyOf(syncJobEntity, params)),
  }),
  restRoute({
    ...FACTS,
    method: 'DELETE',
    path,
    aliases: [REPLACED],
    query: Type.Object({ id: ID(syncJobEntity) }),
    operationId: 'cancelSyncById',
    summary: 'Ends a sync that the query names; what it had done stays',
    description: WHOSE,
    answers: { 200: SYNC, 403: OTHERS, 404: NONE, 409: NOT_NOW },
    price: () => syncJobEntity.fields.size,
    answer: (context, { query }) => cancel(context, query.id),
  }),
  restRoute({
    ...FACTS,
    tag: sourceEntity.tag,
    method: 'POST',
    path: `${sourceEntity.path}/:${sourceEntity.key.name}/retry-items`,
    params: keyParams(sourceEntity),
    operationId: 'retryItems',
    summary: 'Has items read anew that failed',
    body: { schema: RETRY, description: 'Which.', optional: true },
    answers: {
      200: { description: 'How many they are.', content: { 'application/json': RETRIED } },
      404: NONE,
      409: NOT_NOW,
    },
    answer: async (context, { params, body }) => {
      const ids = body?.item_ids?.map(String);
      const { retried, syncJobId } = await mutate(context, ({ query }) =>
        retryItems(query, context.actor, keyOf(sourceEntity, params), ids),
      );
      return { body: JSON.stringify({ retried, sync_job_id: syncJobId }) };
    },
  }),
];
