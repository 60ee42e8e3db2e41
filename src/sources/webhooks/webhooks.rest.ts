import Type, { type Static } from 'typebox';
import type { GraphqlContext } from '../../graphql/context.ts';
import { mutate } from '../../graphql/mutate.ts';
import type { RestEntity } from '../../rest/entity.ts';
import { noRow } from '../../rest/list-route.ts';
import { readRoutes } from '../../rest/read-routes.ts';
import { type RestRoute, restRoute } from '../../rest/route.ts';
import { keyOf, keyParams, loadRow } from '../../rest/row-route.ts';
import { rowSchema } from '../../rest/schemas.ts';
import { deliveryEntity, webhookEntity } from '../rest-entities.ts';
import { sourcesSlot } from '../sources-house.ts';
import { SOURCES_SCOPE } from '../vocabulary.ts';
import { WEBHOOK_EVENTS } from './events.ts';
import { addWebhook, changeWebhook, deleteWebhook, resendDelivery, sendTest } from './webhooks.write.ts';

const TAG = webhookEntity.tag;
const needs = { role: 'admin', scope: SOURCES_SCOPE } as const;
const BY_KEY = `${webhookEntity.path}/:${webhookEntity.key.name}`;

const CHOICES = {
  url: Type.String({ description: 'Where to tell it, such as https://example.org/hook.' }),
  events: Type.Array(Type.String(), { description: `What to tell: ${WEBHOOK_EVENTS.join(', ')}.` }),
  reject_threshold: Type.Integer({ description: 'From how many rejects on import.rejects is told.' }),
  source_id: Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'Only what this source causes.' }),
};
const { url, events, ...OPTIONAL } = CHOICES;
const CREATE = Type.Object(
  { url, events, ...Type.Partial(Type.Object(OPTIONAL)).properties },
  { additionalProperties: false, examples: [{ url: 'https://example.org/hook', events: ['import.finished'] }] },
);
const CHANGE = Type.Object(
  {
    ...Type.Partial(Type.Object(CHOICES)).properties,
    is_active: Type.Optional(Type.Boolean({ description: 'False turns it off.' })),
  },
  { additionalProperties: false, examples: [{ is_active: false }] },
);
const MADE = Type.Object(
  {
    webhook_id: Type.String({ description: 'Its key.' }),
    secret: Type.String({ description: 'What signs the calls. Shown this once.' }),
  },
  { additionalProperties: false },
);

const NONE = { description: 'There is none that you may see.' };
const UNFIT = { description: 'What was given does not pass.' };
const rowOf = (entity: RestEntity, description: string) => ({
  description,
  content: { 'application/json': rowSchema(entity) },
});

const choicesOf = ({ reject_threshold, source_id, is_active, ...rest }: Static<typeof CHANGE>) => ({
  ...rest,
  rejectThreshold: reject_threshold,
  isActive: is_active,
  ...(source_id !== undefined && { sourceId: source_id }),
});

async function bodyOf(context: GraphqlContext, entity: RestEntity, key: string): Promise<{ body: string | Buffer }> {
  const found = await loadRow(context, entity, key);
  if (found === null) throw noRow(entity, key);
  return { body: found.body };
}

const textKey = (entity: RestEntity, params: object): string => String(keyOf(entity, params));

const routes: readonly RestRoute[] = [
  ...readRoutes(webhookEntity),
  ...readRoutes(deliveryEntity),
  restRoute({
    method: 'POST',
    path: webhookEntity.path,
    operationId: 'createWebhook',
    tag: TAG,
    summary: 'Adds a place that is told what happens; shows its secret this once',
    needs,
    body: { schema: CREATE, description: 'The webhook.' },
    answers: { 201: { description: 'It is made.', content: { 'application/json': MADE } }, 400: UNFIT, 403: UNFIT },
    answer: async (context, { body }) => {
      const { reject_threshold: rejectThreshold, source_id: sourceId, ...wanted } = body;
      const made = await mutate(context, ({ query }) =>
        addWebhook(query, sourcesSlot.get(context), context.actor, { ...wanted, rejectThreshold, sourceId }),
      );
      return { status: 201, body: JSON.stringify({ webhook_id: made.webhookId, secret: made.secret }) };
    },
  }),
  restRoute({
    method: 'PATCH',
    path: BY_KEY,
    operationId: 'updateWebhook',
    tag: TAG,
    summary: 'Changes a webhook; what is absent stays',
    needs,
    params: keyParams(webhookEntity),
    body: { schema: CHANGE, description: 'What to change.' },
    answers: { 200: rowOf(webhookEntity, 'The webhook as it is now.'), 400: UNFIT, 404: NONE },
    answer: async (context, { params, body }) => {
      const key = textKey(webhookEntity, params);
      await mutate(context, ({ query }) => changeWebhook(query, sourcesSlot.get(context), key, choicesOf(body)));
      return bodyOf(context, webhookEntity, key);
    },
  }),
  restRoute({
    method: 'DELETE',
    path: BY_KEY,
    operationId: 'deleteWebhook',
    tag: TAG,
    summary: 'Ends a webhook, and forgets what it was told',
    needs,
    params: keyParams(webhookEntity),
    answers: { 204: { description: 'It is gone.' }, 404: NONE },
    answer: async (context, { params }) => {
      await mutate(context, ({ query }) => deleteWebhook(query, textKey(webhookEntity, params)));
      return { status: 204 };
    },
  }),
  restRoute({
    method: 'POST',
    path: `${BY_KEY}/test`,
    operationId: 'testWebhook',
    tag: TAG,
    summary: 'Tells a webhook that this is a test',
    needs,
    params: keyParams(webhookEntity),
    answers: { 200: rowOf(deliveryEntity, 'The delivery; what comes of it is in it.'), 404: NONE, 409: UNFIT },
    answer: async (context, { params }) => {
      const key = textKey(webhookEntity, params);
      const made = await mutate(context, ({ query }) => sendTest(query, context.actor, key));
      return bodyOf(context, deliveryEntity, made);
    },
  }),
  restRoute({
    method: 'POST',
    path: `${deliveryEntity.path}/:${deliveryEntity.key.name}/resend`,
    operationId: 'resendDelivery',
    tag: TAG,
    summary: 'Sends a delivery once more, with the same key',
    needs,
    params: keyParams(deliveryEntity),
    answers: { 200: rowOf(deliveryEntity, 'The delivery as it is now.'), 404: NONE, 409: UNFIT },
    answer: async (context, { params }) => {
      const key = textKey(deliveryEntity, params);
      await mutate(context, ({ query }) => resendDelivery(query, key));
      return bodyOf(context, deliveryEntity, key);
    },
  }),
];

export default routes;
