/** The lines of what is to be told: taken by one worker at a time, and what came of each attempt. */
import type { Query } from '../../database/session.ts';
import type { Sent } from './send.ts';
import { giveUp } from './webhooks.write.ts';

export interface TakenDelivery {
  readonly delivery_id: string;
  readonly webhook_id: string;
  readonly owner_id: string;
  readonly url: string;
  readonly sealed_secret: string;
  readonly event: string;
  readonly payload: unknown;
  /** This attempt among them. */
  readonly attempts: number;
}

/** Longer than an attempt takes: after that its worker is taken for dead, and the place is told again. */
const TAKEN_SECONDS = 60;

/** Takes the next delivery of endpoints that are not `busy`, one of each, so that one that hangs holds up no other. */
export async function takeDeliveries(query: Query, busy: readonly string[], most: number): Promise<TakenDelivery[]> {
  return query<TakenDelivery & Record<string, unknown>>(
    'deliveries take',
    `WITH next AS (
       SELECT w.webhook_id, w.url, w.sealed_secret, d.id
         FROM webhook_endpoints w
        CROSS JOIN LATERAL (
              SELECT id
                FROM webhook_deliveries
               WHERE webhook_id = w.webhook_id AND status = 'pending' AND next_attempt_at <= now()
               ORDER BY next_attempt_at, id
               LIMIT 1
                 FOR UPDATE SKIP LOCKED) d
        WHERE w.is_active AND w.webhook_id <> ALL ($1::uuid[])
        LIMIT $2)
     UPDATE webhook_deliveries d
        SET attempts = d.attempts + 1, next_attempt_at = now() + interval '${TAKEN_SECONDS} seconds'
       FROM next
      WHERE d.id = next.id
     RETURNING d.delivery_id, d.webhook_id, d.owner_id, next.url, next.sealed_secret, d.event, d.payload, d.attempts`,
    [busy, most],
  );
}

/** Attempts that are made, over two days and a half. */
export const MOST_ATTEMPTS = 10;
const FIRST_PAUSE_S = 10;
const LONGEST_PAUSE_S = 86_400;

/** Seconds before the next attempt; those that failed together must not come back together. */
export function pauseAfter(attempts: number, retryAfterMs: number | undefined, random: number = Math.random()): number {
  const backoff = FIRST_PAUSE_S * 3 ** (attempts - 1) * (0.75 + random / 2);
  return Math.min(Math.max(backoff, (retryAfterMs ?? 0) / 1000), LONGEST_PAUSE_S);
}

/** It is gone for good, as its server says. */
const GONE = 410;

/** Writes what came of an attempt. Of one that was taken over meanwhile nothing is written. */
export async function noteSent(query: Query, taken: TakenDelivery, sent: Sent): Promise<void> {
  const { delivery_id: deliveryId, webhook_id: webhookId, attempts } = taken;
  const { status, ms, error, retryAfterMs } = sent;
  const isOver = error === undefined || attempts >= MOST_ATTEMPTS || status === GONE;
  await query(
    'delivery note',
    `UPDATE webhook_deliveries
        SET status = $3, response_status = $4, response_ms = $5, error = $6,
            delivered_at = CASE $3 WHEN 'delivered' THEN now() END,
            next_attempt_at = CASE $3 WHEN 'pending' THEN now() + make_interval(secs => $7) END
      WHERE delivery_id = $1 AND attempts = $2 AND status = 'pending'`,
    [
      deliveryId,
      attempts,
      error === undefined ? 'delivered' : isOver ? 'failed' : 'pending',
      status ?? null,
      ms,
      error ?? null,
      pauseAfter(attempts, retryAfterMs),
    ],
  );
  if (status !== GONE) return;
  await query('webhook gone', 'UPDATE webhook_endpoints SET is_active = false WHERE webhook_id = $1', [webhookId]);
  await giveUp(query, webhookId, 'The place says that it is gone');
}
