import { builder } from '../../graphql/builder.ts';
import { defineEntity } from '../../graphql/define-entity.ts';
import { entityRef } from '../../graphql/entities.ts';
import { mutate } from '../../graphql/mutate.ts';
import { rowNow } from '../changing-sources.graphql.ts';
import { sourcesSlot } from '../sources-house.ts';
import { SOURCES_SCOPE } from '../vocabulary.ts';
import { WEBHOOK_EVENTS } from './events.ts';
import { webhookDeliveries, webhooks } from './webhooks.read.ts';
import { addWebhook, changeWebhook, deleteWebhook, resendDelivery, sendTest } from './webhooks.write.ts';

const needs = { role: 'admin', scope: SOURCES_SCOPE } as const;
const Webhook = defineEntity(webhooks);
const Delivery = defineEntity(webhookDeliveries);

builder.objectField(Webhook, 'events', (t) =>
  t.stringList({
    description: `What is told: ${WEBHOOK_EVENTS.join(', ')}.`,
    resolve: ({ events }) => (Array.isArray(events) ? events.filter((event) => typeof event === 'string') : []),
  }),
);

const CreateWebhookPayload = builder
  .objectRef<{ readonly webhookId: string; readonly secret: string }>('CreateWebhookPayload')
  .implement({
    description: 'A webhook that was just made.',
    fields: (t) => ({
      secret: t.exposeString('secret', {
        description:
          'What signs the calls: X-Cairn-Signature is `t=<seconds>,v1=<hex>`, an HMAC-SHA256 of `<seconds>.<body>`. Shown this once.',
      }),
      webhook: t.field({
        type: Webhook,
        description: 'The webhook, as lists show it.',
        resolve: ({ webhookId }, _given, context, info) => rowNow(context, webhooks, webhookId, info),
      }),
    }),
  });

const DeletedWebhook = builder.objectRef<{ readonly webhookId: string }>('DeleteWebhookPayload').implement({
  description: 'A webhook that is gone, with the log of what it was told.',
  fields: (t) => ({ webhookId: t.exposeID('webhookId', { description: 'Its key.' }) }),
});

const EVENTS = `What to tell: ${WEBHOOK_EVENTS.join(', ')}.`;
const THRESHOLD = 'From how many rejects on import.rejects is told';
const OF_SOURCE = 'Only what this source causes; everything unless given.';

const CreateWebhookInput = builder.inputType('CreateWebhookInput', {
  description: 'A new webhook.',
  fields: (t) => ({
    url: t.string({ required: true, description: 'Where to tell it, such as https://example.org/hook.' }),
    events: t.stringList({ required: true, description: EVENTS }),
    rejectThreshold: t.int({ description: `${THRESHOLD}; 1 unless given.` }),
    sourceId: t.id({ description: OF_SOURCE }),
  }),
});

const UpdateWebhookInput = builder.inputType('UpdateWebhookInput', {
  description: 'What to change of a webhook; what is absent stays.',
  fields: (t) => ({
    url: t.string({ description: 'Where to tell it.' }),
    events: t.stringList({ description: EVENTS }),
    rejectThreshold: t.int({ description: `${THRESHOLD}.` }),
    sourceId: t.id({ description: 'Only what this source causes; null for everything.' }),
    isActive: t.boolean({ description: 'False turns it off: what it was to be told is given up.' }),
  }),
});

const webhookArg = 'The key of the webhook.';

builder.mutationFields((t) => ({
  createWebhook: t.field({
    needs,
    type: CreateWebhookPayload,
    description:
      'Adds a place that is told what happens, and shows its secret this once. Such as `mutation { createWebhook(input: { url: "https://example.org/hook", events: ["import.finished"] }) { secret webhook { webhookId } } }`.',
    args: { input: t.arg({ type: CreateWebhookInput, required: true, description: 'The webhook.' }) },
    resolve: (_root, { input }, context) =>
      mutate(context, ({ query }) => addWebhook(query, sourcesSlot.get(context), context.actor, input)),
  }),
  updateWebhook: t.field({
    needs,
    extensions: { repeatable: true },
    type: entityRef(webhooks.type),
    description:
      'Changes a webhook. Such as `mutation ($id: ID!) { updateWebhook(webhookId: $id, patch: { isActive: false }) { isActive } }`.',
    args: {
      webhookId: t.arg.id({ required: true, description: webhookArg }),
      patch: t.arg({ type: UpdateWebhookInput, required: true, description: 'What to change.' }),
    },
    resolve: async (_root, { webhookId, patch }, context, info) => {
      await mutate(
        context,
        async ({ query }) => {
          await changeWebhook(query, sourcesSlot.get(context), webhookId, patchOf(patch));
          return null;
        },
        info,
      );
      return rowNow(context, webhooks, webhookId, info);
    },
  }),
  deleteWebhook: t.field({
    needs,
    type: DeletedWebhook,
    description:
      'Ends a webhook, and forgets what it was told. Such as `mutation ($id: ID!) { deleteWebhook(webhookId: $id) { webhookId } }`.',
    args: { webhookId: t.arg.id({ required: true, description: webhookArg }) },
    resolve: async (_root, { webhookId }, context) => {
      await mutate(context, ({ query }) => deleteWebhook(query, webhookId));
      return { webhookId };
    },
  }),
  testWebhook: t.field({
    needs,
    type: Delivery,
    description:
      'Tells a webhook that this is a test. What comes of it is in the delivery. Such as `mutation ($id: ID!) { testWebhook(webhookId: $id) { deliveryId } }`.',
    args: { webhookId: t.arg.id({ required: true, description: webhookArg }) },
    resolve: async (_root, { webhookId }, context, info) => {
      const deliveryId = await mutate(context, ({ query }) => sendTest(query, context.actor, webhookId));
      return rowNow(context, webhookDeliveries, deliveryId, info);
    },
  }),
  resendDelivery: t.field({
    needs,
    type: Delivery,
    description:
      'Sends a delivery once more, with the same key. Such as `mutation ($id: ID!) { resendDelivery(deliveryId: $id) { status } }`.',
    args: { deliveryId: t.arg.id({ required: true, description: 'The key of the delivery.' }) },
    resolve: async (_root, { deliveryId }, context, info) => {
      await mutate(context, ({ query }) => resendDelivery(query, deliveryId));
      return rowNow(context, webhookDeliveries, deliveryId, info);
    },
  }),
}));

/** What is absent stays; a null that means nothing is as if it were absent. */
function patchOf({ url, events, ...patch }: typeof UpdateWebhookInput.$inferInput) {
  return { ...patch, ...(url != null && { url }), ...(events != null && { events }) };
}
