/** The deliverer of a worker: tells places what happened, at least once, each at its own pace. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Notices } from '../../database/notices.ts';
import { type Query, writeSession } from '../../database/session.ts';
import { type Actor, HOUSEKEEPER } from '../../kernel/actor.ts';
import { asAppError } from '../../kernel/errors.ts';
import type { SourcesHouse } from '../sources-house.ts';
import { noteSent, type TakenDelivery, takeDeliveries } from './deliveries.ts';
import { WEBHOOKS } from './events.ts';
import { type Sent, send } from './send.ts';
import { secretPlace } from './webhooks.write.ts';

export interface DelivererOptions {
  readonly house: Pick<SourcesHouse, 'database' | 'keyring' | 'outbound' | 'log'>;
  readonly notices: Pick<Notices, 'on'>;
  /** Milliseconds between two looks where nothing is heard. */
  readonly lookMs?: number;
  /** Milliseconds that a place has to answer. */
  readonly limitMs?: number;
}

export interface Deliverer {
  readonly stop: () => Promise<void>;
}

const LOOK_MS = 5_000;
/** Places that are told side by side. */
const AT_ONCE = 8;

/** As the history names who turns an endpoint off that is gone. */
const DELIVERER: Actor = { ...HOUSEKEEPER, label: 'schedule:webhooks' };

/** Starts it. Whoever starts it stops it, before the database is closed. */
export function startDeliverer({ house, notices, lookMs = LOOK_MS, limitMs }: DelivererOptions): Deliverer {
  const { database, log } = house;
  const stopping = new AbortController();
  const sending = new Map<string, Promise<void>>();
  let waking = new AbortController();
  let isWoken = true;
  const wake = (): void => {
    isWoken = true;
    waking.abort();
  };
  const hearing = notices.on(WEBHOOKS, wake);
  const write = <T>(work: (query: Query) => Promise<T>): Promise<T> =>
    writeSession(database.write, DELIVERER, ({ query }) => work(query));

  async function pass(): Promise<void> {
    const room = AT_ONCE - sending.size;
    if (room <= 0) return;
    const taken = await write((query) => takeDeliveries(query, [...sending.keys()], room));
    for (const delivery of taken) {
      const { webhook_id: webhookId, delivery_id: deliveryId } = delivery;
      const done = deliver(delivery)
        .catch((err: unknown) =>
          log.warn({ err, deliveryId }, 'what came of a delivery could not be written; it is made again'),
        )
        .finally(() => {
          sending.delete(webhookId);
          // Its place may be told the next thing.
          wake();
        });
      sending.set(webhookId, done);
    }
  }

  async function deliver(taken: TakenDelivery): Promise<void> {
    const sent = await attempt(taken);
    // Whether it arrived is not known: it is made again, and its key is the same.
    if (stopping.signal.aborted && sent.status === undefined) return;
    await write((query) => noteSent(query, taken, sent));
  }

  async function attempt(taken: TakenDelivery): Promise<Sent> {
    const { url, event, delivery_id: deliveryId, webhook_id: webhookId, owner_id: owner } = taken;
    try {
      const secret = await house.keyring.open(taken.sealed_secret, secretPlace(webhookId, owner));
      const body = JSON.stringify(taken.payload);
      return await send(house.outbound, { url, secret, deliveryId, event, body }, stopping.signal, limitMs);
    } catch (thrown) {
      const error = asAppError(thrown);
      log.warn({ err: error, webhookId }, 'a webhook cannot be signed');
      return { status: undefined, ms: 0, error: error.message, retryAfterMs: undefined };
    }
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      isWoken = false;
      waking = new AbortController();
      await pass().catch((err: unknown) => log.warn({ err }, 'what is to be told could not be looked for'));
      if (isWoken || stopping.signal.aborted) continue;
      await sleep(lookMs, undefined, { signal: waking.signal }).catch(() => undefined);
    }
  }

  const looping = loop();
  return {
    stop: async () => {
      hearing.stop();
      stopping.abort();
      wake();
      await looping;
      await Promise.all(sending.values());
    },
  };
}
