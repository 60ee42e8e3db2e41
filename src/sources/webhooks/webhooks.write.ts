/** Places that are told what happened, as people add, change and end them. */
import type { Query } from '../../database/session.ts';
import { type Actor, ownerOf } from '../../kernel/actor.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Keyring, SealedPlace } from '../../kernel/keyring.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import type { Outbound } from '../../outbound/outbound.ts';
import { refused } from '../source-input.ts';
import { TEST_EVENT, WEBHOOK_EVENTS, WEBHOOKS } from './events.ts';
import { newWebhookSecret } from './signature.ts';

export interface WebhookInput {
  readonly url: string;
  readonly events: readonly string[];
  /** Of `import.rejects`; 1 unless given. */
  readonly rejectThreshold?: number | null | undefined;
  /** Only what this source causes. */
  readonly sourceId?: string | null | undefined;
}

export type WebhookPatch = Partial<WebhookInput> & { readonly isActive?: boolean | null | undefined };

/** What making webhooks needs beside a transaction. */
export interface WebhookTools {
  readonly keyring: Keyring;
  readonly outbound: Pick<Outbound, 'requireReachable'>;
}

/** Where the secret of an endpoint is kept. */
export const secretPlace = (webhookId: string, owner: string): SealedPlace => ({
  table: 'webhook_endpoints',
  row: webhookId,
  column: 'sealed_secret',
  owner,
});

/** Adds an endpoint; its secret is told this once. @throws AppError BAD_USER_INPUT, ADDRESS_NOT_ALLOWED, NOT_FOUND */
export async function addWebhook(
  query: Query,
  { keyring, outbound }: WebhookTools,
  actor: Actor,
  wanted: WebhookInput,
): Promise<{ readonly webhookId: string; readonly secret: string }> {
  const webhookId = uuidv7();
  const owner = ownerOf(actor);
  const secret = newWebhookSecret();
  await requireSource(query, wanted.sourceId);
  await query(
    'webhook add',
    `INSERT INTO webhook_endpoints (webhook_id, url, sealed_secret, events, reject_threshold, source_id, owner_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      webhookId,
      checkedUrl(outbound, wanted.url),
      await keyring.seal(secret, secretPlace(webhookId, owner)),
      checkedEvents(wanted.events),
      checkedThreshold(wanted.rejectThreshold ?? 1),
      wanted.sourceId ?? null,
      owner,
    ],
  );
  return { webhookId, secret };
}

/** Changes an endpoint; what is absent stays. One that is turned off is told nothing that it was to be told. */
export async function changeWebhook(
  query: Query,
  { outbound }: Pick<WebhookTools, 'outbound'>,
  webhookId: string,
  patch: WebhookPatch,
): Promise<void> {
  await requireSource(query, patch.sourceId);
  const changed = await query<{ is_active: boolean }>(
    'webhook change',
    `UPDATE webhook_endpoints
        SET url = coalesce($2, url), events = coalesce($3::text[], events),
            reject_threshold = coalesce($4::integer, reject_threshold),
            source_id = CASE WHEN $5 THEN $6::uuid ELSE source_id END, is_active = coalesce($7::boolean, is_active)
      WHERE webhook_id = $1
     RETURNING is_active`,
    [
      webhookId,
      patch.url == null ? null : checkedUrl(outbound, patch.url),
      patch.events == null ? null : checkedEvents(patch.events),
      patch.rejectThreshold == null ? null : checkedThreshold(patch.rejectThreshold),
      patch.sourceId !== undefined,
      patch.sourceId ?? null,
      patch.isActive ?? null,
    ],
  );
  if (changed[0] === undefined) throw noWebhook(webhookId);
  if (!changed[0].is_active) await giveUp(query, webhookId, 'The webhook was turned off');
}

/** Ends an endpoint, its log with it. @throws AppError NOT_FOUND */
export async function deleteWebhook(query: Query, webhookId: string): Promise<void> {
  const gone = await query('webhook delete', 'DELETE FROM webhook_endpoints WHERE webhook_id = $1 RETURNING id', [
    webhookId,
  ]);
  if (gone.length === 0) throw noWebhook(webhookId);
}

/** Tells an endpoint that this is a test; returns the delivery's key. @throws AppError NOT_FOUND, CONFLICT */
export async function sendTest(query: Query, actor: Actor, webhookId: string): Promise<string> {
  const [endpoint] = await query<{ owner_id: string; is_active: boolean }>(
    'webhook to test',
    'SELECT owner_id, is_active FROM webhook_endpoints WHERE webhook_id = $1',
    [webhookId],
  );
  if (endpoint === undefined) throw noWebhook(webhookId);
  if (!endpoint.is_active) throw turnedOff();
  const deliveryId = uuidv7();
  const payload = { type: TEST_EVENT, timestamp: new Date().toISOString(), data: { actor: actor.label } };
  await query(
    'webhook test',
    `INSERT INTO webhook_deliveries (delivery_id, webhook_id, owner_id, event, payload) VALUES ($1, $2, $3, $4, $5)`,
    [deliveryId, webhookId, endpoint.owner_id, TEST_EVENT, JSON.stringify(payload)],
  );
  await query('webhooks tell', `SELECT pg_notify('${WEBHOOKS}', '')`);
  return deliveryId;
}

/** Sends a delivery once more, as a new one is. @throws AppError NOT_FOUND, CONFLICT */
export async function resendDelivery(query: Query, deliveryId: string): Promise<void> {
  const [found] = await query<{ is_active: boolean }>(
    'delivery to resend',
    `SELECT w.is_active
       FROM webhook_deliveries d
       JOIN webhook_endpoints w ON w.webhook_id = d.webhook_id
      WHERE d.delivery_id = $1`,
    [deliveryId],
  );
  if (found === undefined) {
    throw new AppError('NOT_FOUND', `There is no delivery ${deliveryId}`, { path: 'deliveryId' });
  }
  if (!found.is_active) throw turnedOff();
  await query(
    'delivery resend',
    `UPDATE webhook_deliveries
        SET status = 'pending', attempts = 0, next_attempt_at = now(), error = NULL, delivered_at = NULL
      WHERE delivery_id = $1 AND status <> 'pending'`,
    [deliveryId],
  );
  await query('webhooks tell', `SELECT pg_notify('${WEBHOOKS}', '')`);
}

/** Nobody waits for what an endpoint was to be told. */
export async function giveUp(query: Query, webhookId: string, why: string): Promise<void> {
  await query(
    'deliveries given up',
    `UPDATE webhook_deliveries
        SET status = 'failed', next_attempt_at = NULL, error = $2
      WHERE webhook_id = $1 AND status = 'pending'`,
    [webhookId, why],
  );
}

async function requireSource(query: Query, sourceId: string | null | undefined): Promise<void> {
  if (sourceId == null) return;
  const found = await query('webhook source', 'SELECT FROM data_sources WHERE source_id = $1', [sourceId]);
  if (found.length === 0) throw new AppError('NOT_FOUND', `There is no source ${sourceId}`, { path: 'sourceId' });
}

const LONGEST_URL = 2_000;

function checkedUrl(outbound: WebhookTools['outbound'], text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || text.length > LONGEST_URL)
    throw refused('url', 'is an address such as https://example.org/hook, without a user');
  outbound.requireReachable(url);
  return url.href;
}

function checkedEvents(given: readonly string[]): string[] {
  const unknown = given.find((event) => !WEBHOOK_EVENTS.some((known) => known === event));
  if (unknown === undefined && given.length > 0) return [...new Set(given)];
  throw refused('events', `are one or more of ${WEBHOOK_EVENTS.join(', ')}`);
}

function checkedThreshold(count: number): number {
  if (Number.isInteger(count) && count >= 1 && count <= 2_000_000_000) return count;
  throw refused('rejectThreshold', 'is a whole number from 1');
}

const noWebhook = (webhookId: string): AppError =>
  new AppError('NOT_FOUND', `There is no webhook ${webhookId}`, { path: 'webhookId' });

const turnedOff = (): AppError =>
  new AppError('CONFLICT', 'The webhook is turned off', { hint: 'Turn it on first: updateWebhook, isActive.' });
