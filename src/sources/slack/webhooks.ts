/** The Events API: signed calls that say that a workspace is dirty. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { IncomingHook, ReceivedHook, Webhooks } from '../connector.ts';
import type { SlackSettings } from './settings.ts';

/** Seconds: an older call may be one that somebody kept and sends again. */
const FRESH = 300;

const challenge = Type.Object({ type: Type.Literal('url_verification'), challenge: Type.String() });
const event = Type.Object({ type: Type.Literal('event_callback'), team_id: Type.String() });

export const slackWebhooks: Webhooks<SlackSettings> = {
  receive: async (hook, secret) => {
    if (!isSigned(hook, secret, Date.now())) return { dirty: [], status: 401 };
    return received(parse(hook.body));
  },
};

/** Whether the app's signing secret made the signature, within the last minutes. `now`: milliseconds. */
export function isSigned(hook: Pick<IncomingHook, 'headers' | 'body'>, secret: string, now: number): boolean {
  const time = hook.headers.get('x-slack-request-timestamp') ?? '';
  if (secret === '' || !/^\d+$/.test(time) || Math.abs(now / 1000 - Number(time)) > FRESH) return false;
  const made = createHmac('sha256', secret).update(`v0:${time}:`).update(hook.body).digest('hex');
  const [ours, theirs] = [Buffer.from(`v0=${made}`), Buffer.from(hook.headers.get('x-slack-signature') ?? '')];
  return ours.length === theirs.length && timingSafeEqual(ours, theirs);
}

function received(body: unknown): ReceivedHook {
  if (Value.Check(challenge, body)) {
    return { dirty: [], status: 200, body: body.challenge, contentType: 'text/plain' };
  }
  return { dirty: Value.Check(event, body) ? [body.team_id] : [], status: 200 };
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    // It is signed and still no JSON: nothing that we were told of.
    return undefined;
  }
}
