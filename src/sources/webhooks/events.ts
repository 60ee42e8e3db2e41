/** What others can be told of. The triggers of the tables write it, in the transaction of what happened. */
import { enumeration } from '../../graphql/enumerations.ts';

/** A `test` is sent by hand, whatever an endpoint asks for. */
export const WEBHOOK_EVENTS = ['import.finished', 'import.rejects', 'sync.failed', 'sync.waiting'] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

export const TEST_EVENT = 'test';

/** The channel on which workers hear that somebody is to be told. */
export const WEBHOOKS = 'webhooks';

export const DELIVERY_STATUS = enumeration('DeliveryStatus', 'Where a delivery is on its way.', [
  'pending',
  'delivered',
  'failed',
]);
