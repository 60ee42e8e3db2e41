/** Calls from Pub/Sub that there is mail: Gmail tells a topic of the user’s own, whose push subscription calls the hub. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { HookCaller, IncomingHook, ReceivedHook, Webhooks } from '../../connector.ts';
import { ask, type GmailContext, isGone } from './client.ts';
import { followedLabels } from './labels.ts';
import { isPushOf } from './push-token.ts';
import type { GmailSettings } from './settings.ts';

export const gmailWebhooks: Webhooks<GmailSettings> = { receive, register, unregister };

const pushed = Type.Object({ message: Type.Object({ data: Type.String() }) });
const notice = Type.Object({ emailAddress: Type.String() });

/**
 * Signed by the subscription's service account, where the settings name it; else the subscription’s address ends in `?token=` and
 * the secret, which is all of the call that is ours to check without asking Google.
 */
async function receive(hook: IncomingHook, secret: string, caller?: HookCaller): Promise<ReceivedHook> {
  const isTheirs =
    caller === undefined ? isSame(hook.url.searchParams.get('token') ?? '', secret) : await isPushOf(hook, caller);
  if (!isTheirs) return { dirty: [], status: 403 };
  const body = jsonOf(Buffer.from(hook.body).toString('utf8'));
  const said = Value.Check(pushed, body)
    ? jsonOf(Buffer.from(body.message.data, 'base64').toString('utf8'))
    : undefined;
  // What is refused is sent again for days; what is not understood will not be understood then either.
  if (!Value.Check(notice, said)) return { dirty: [], status: 204 };
  return { dirty: [said.emailAddress.toLowerCase()], status: 204 };
}

/** Without a topic nobody calls; whether one has been set by now is looked at once a day. */
const A_DAY = 24 * 3_600_000;

/** Asked anew it goes on for another week, so that is how it is renewed. @throws ConnectorError */
async function register(context: GmailContext): Promise<{ readonly state: string; readonly expiresAt?: Date }> {
  const { topic = '' } = context.settings;
  if (topic === '') return { state: '', expiresAt: new Date(Date.now() + A_DAY) };
  const labelIds = await followedLabels(context);
  const { expiration } = await ask(context, (users, options) =>
    users.watch(
      {
        userId: 'me',
        requestBody: {
          topicName: topic,
          ...(labelIds.length === 0 ? {} : { labelIds, labelFilterBehavior: 'include' }),
        },
      },
      options,
    ),
  );
  const until = Number(expiration ?? Number.NaN);
  return Number.isFinite(until) ? { state: topic, expiresAt: new Date(until) } : { state: topic };
}

async function unregister(context: GmailContext, state: string): Promise<void> {
  if (state === '') return;
  try {
    // The answer is empty, which `ask` would take for none.
    await ask(context, async (users, options) => {
      await users.stop({ userId: 'me' }, options);
      return { data: {} };
    });
  } catch (thrown) {
    // It has ended by itself.
    if (!isGone(thrown)) throw thrown;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Told by the shape that is then missing.
    return undefined;
  }
}

function isSame(given: string, expected: string): boolean {
  if (expected === '') return false;
  const [a, b] = [given, expected].map((text) => createHmac('sha256', 'length').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
