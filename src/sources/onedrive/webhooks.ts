/** Change notifications: they say that a drive is dirty, carry no data, and have to be renewed before a month is over. */
import { timingSafeEqual } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { ConnectorError, type IncomingHook, type ReceivedHook, type Webhooks } from '../connector.ts';
import { openDrive } from './drive.ts';
import { askGraph, askJson, GRAPH, type OneDriveContext } from './graph.ts';
import type { OneDriveSettings } from './settings.ts';

/** Graph allows 42,300 minutes for drives. */
const LIFE_MS = 42_000 * 60_000;

const notifications = Type.Object({
  value: Type.Array(
    Type.Object({
      subscriptionId: Type.String(),
      clientState: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    }),
  ),
});
const subscription = Type.Object({ id: Type.String(), expirationDateTime: Type.String() });

export const oneDriveWebhooks: Webhooks<OneDriveSettings> = {
  receive: async (hook, secret) => received(hook, secret),
  async register(context, { url, secret, state }) {
    const renewed = state === null ? undefined : await renew(context, state);
    const made = renewed ?? (await subscribe(context, url, secret));
    return { state: made.id, expiresAt: new Date(made.expirationDateTime) };
  },
  async unregister(context, state) {
    await askGraph(context, subscriptionAddress(state), { method: 'DELETE' }, [404]);
  },
};

/** `clientState` is the whole proof: what does not bring it was not sent for a subscription of ours. */
function received(hook: IncomingHook, secret: string): ReceivedHook {
  const token = hook.url.searchParams.get('validationToken');
  if (token !== null) return { dirty: [], status: 200, body: token, contentType: 'text/plain' };
  const body = parse(hook.body);
  if (body === undefined) return { dirty: [], status: 400 };
  const ours = body.value.filter(({ clientState }) => isSame(clientState ?? '', secret));
  if (ours.length === 0 && body.value.length > 0) return { dirty: [], status: 401 };
  return { dirty: [...new Set(ours.map(({ subscriptionId }) => subscriptionId))], status: 202 };
}

function parse(bytes: Uint8Array): Static<typeof notifications> | undefined {
  try {
    const body: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return Value.Check(notifications, body) ? body : undefined;
  } catch {
    // Not JSON is not Graph's: answered with 400.
    return undefined;
  }
}

function isSame(given: string, secret: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(secret)];
  return secret !== '' && left.length === right.length && timingSafeEqual(left, right);
}

async function subscribe(context: OneDriveContext, url: string, secret: string): Promise<Static<typeof subscription>> {
  const drive = await openDrive(context);
  return askJson(context, `${GRAPH}/subscriptions`, subscription, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      changeType: 'updated',
      notificationUrl: url,
      lifecycleNotificationUrl: url,
      resource: `drives/${drive.id}/root`,
      expirationDateTime: new Date(Date.now() + LIFE_MS).toISOString(),
      clientState: secret,
    }),
  });
}

/** Undefined where Graph knows it no more. */
async function renew(context: OneDriveContext, id: string): Promise<Static<typeof subscription> | undefined> {
  try {
    return await askJson(context, subscriptionAddress(id), subscription, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ expirationDateTime: new Date(Date.now() + LIFE_MS).toISOString() }),
    });
  } catch (thrown) {
    if (thrown instanceof ConnectorError && thrown.kind === 'not-found') return undefined;
    throw thrown;
  }
}

function subscriptionAddress(id: string): string {
  return `${GRAPH}/subscriptions/${encodeURIComponent(id)}`;
}
