/** The sources' types as REST shows them. */
import { type RestEntity, restEntity, shown } from '../rest/entity.ts';
import { scheduleRuns, schedules } from './schedules/schedules.read.ts';
import { sources } from './sources.read.ts';
import { syncItems } from './sync-items.read.ts';
import { syncJobs } from './sync-jobs.read.ts';
import { webhookDeliveries, webhooks } from './webhooks/webhooks.read.ts';

const EXAMPLE = '019a0b1c-2d3e-7f40-8a51-62738495a6b8';
const FAULT = '`code`, `message` and `hint`.';

export const sourceEntity = restEntity(sources, EXAMPLE, [
  shown('total_items_synced', 'bigint', false, 'How many of its items are here.'),
  shown('error', 'json', true, `Why it cannot be reached: ${FAULT}`),
]);

export const syncJobEntity = restEntity(syncJobs, EXAMPLE, [
  shown('error', 'json', true, `Why it failed, or what it waits for: ${FAULT}`),
]);

export const syncItemEntity = restEntity(syncItems, 7, [
  shown('size', 'bigint', true, 'Its size in bytes, as the place tells it.'),
  shown('error', 'json', true, `Why it could not be read: ${FAULT}`),
]);

/** Under the word that people use for them. */
const renamed = (entity: RestEntity, path: string, tag: string): RestEntity => ({ ...entity, path, tag });

export const scheduleEntity = renamed(restEntity(schedules, EXAMPLE), '/schedules', 'Schedules');
export const scheduleRunEntity = renamed(
  restEntity(scheduleRuns, EXAMPLE, [shown('error', 'json', true, `Why it failed, or asked for nothing: ${FAULT}`)]),
  '/schedule-runs',
  'Schedules',
);

export const webhookEntity = renamed(
  restEntity(webhooks, EXAMPLE, [
    {
      ...shown('events', 'json', false, 'What is told.'),
      // An array of PostgreSQL's own is no JSON.
      sql: (alias) => `(SELECT to_jsonb(e.events) FROM webhook_endpoints e WHERE e.webhook_id = ${alias}.webhook_id)`,
    },
  ]),
  '/webhooks',
  'Webhooks',
);
export const deliveryEntity = renamed(restEntity(webhookDeliveries, EXAMPLE), '/webhook-deliveries', 'Webhooks');
