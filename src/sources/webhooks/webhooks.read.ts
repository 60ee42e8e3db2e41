import type { WebhookDelivery, WebhookEndpoint } from '../../database/generated/client.ts';
import { type EntityReads, fieldsOf, many, one } from '../../graphql/entity.ts';
import { SOURCES_SCOPE } from '../vocabulary.ts';
import { DELIVERY_STATUS } from './events.ts';

const endpoint = fieldsOf<WebhookEndpoint>();
const delivery = fieldsOf<WebhookDelivery>();

export const webhooks: EntityReads = {
  type: 'Webhook',
  scope: SOURCES_SCOPE,
  plural: 'webhooks',
  single: 'webhook',
  aggregated: false,
  table: 'webhook_endpoints',
  key: 'webhookId',
  description: 'A place that is told what happens: an address of another system. You see your own.',
  fields: {
    webhookId: endpoint.uuid('webhook_id', 'The key, a UUID of version 7.'),
    url: endpoint.text('url', 'Where it is told.'),
    rejectThreshold: endpoint.integer('reject_threshold', 'From how many rejects on import.rejects is told.'),
    sourceId: endpoint.uuid('source_id', 'Only what this source causes; null for everything.', { nullable: true }),
    isActive: endpoint.boolean('is_active', 'False once it is turned off, or its server said that it is gone.'),
    createdAt: endpoint.dateTime('created_at', 'When it was added.'),
    updatedAt: endpoint.dateTime('updated_at', 'When it was last changed.'),
    version: endpoint.integer('version', 'Grows by one with every change.'),
  },
  relations: {
    deliveries: many('WebhookDelivery', 'webhook_id', 'What it was told, and what came of it.'),
  },
  needs: { events: ['events'] },
  order: [['createdAt', 'DESC']],
  indexed: { createdAt: 'DESC' },
};

export const webhookDeliveries: EntityReads = {
  type: 'WebhookDelivery',
  scope: SOURCES_SCOPE,
  plural: 'webhookDeliveries',
  words: 'deliveries',
  single: 'webhookDelivery',
  aggregated: false,
  table: 'webhook_deliveries',
  key: 'deliveryId',
  description: 'One thing that one place is told, at least once: until it has heard, or for two days.',
  fields: {
    deliveryId: delivery.uuid('delivery_id', 'The key, a UUID of version 7; it is sent along as X-Cairn-Delivery.'),
    webhookId: delivery.uuid('webhook_id', 'The webhook.'),
    event: delivery.id('event', 'What happened, such as import.finished.'),
    payload: delivery.json('payload', 'What is told.', { filter: false }),
    status: delivery.enumeration('status', DELIVERY_STATUS, 'Where it is on its way.'),
    attempts: delivery.integer('attempts', 'How often it was sent.'),
    nextAttemptAt: delivery.dateTime('next_attempt_at', 'When it is sent next; null once that is over.', {
      nullable: true,
    }),
    responseStatus: delivery.integer('response_status', 'The HTTP status of the last answer; null without one.', {
      nullable: true,
    }),
    responseMs: delivery.integer('response_ms', 'Milliseconds until the last answer.', { nullable: true }),
    error: delivery.text('error', 'Why the last attempt failed.', { nullable: true }),
    createdAt: delivery.dateTime('created_at', 'When it happened.'),
    deliveredAt: delivery.dateTime('delivered_at', 'When it was heard; null before.', { nullable: true }),
  },
  relations: { webhook: one('Webhook', 'webhook_id', 'The webhook.') },
  needs: {},
  order: [['createdAt', 'DESC']],
  indexed: { createdAt: 'DESC' },
};
