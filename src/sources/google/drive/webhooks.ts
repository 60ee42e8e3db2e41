/** Calls from Drive that something changed: one channel for each change log, each signed by the token that we gave it. */
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { Type } from 'typebox';
import type { IncomingHook, ReceivedHook, Webhooks } from '../../connector.ts';
import { cursorCodec } from '../../kit/cursor.ts';
import { accountOf } from './account.ts';
import { ask, type DriveContext, OWN_LOG } from './client.ts';
import { startToken } from './full.ts';
import { isLost, openPlace } from './place.ts';
import type { DriveSettings } from './settings.ts';

/** Channels of change logs live a week at most. */
const LONGEST_MS = 7 * 24 * 3_600_000;

const hookState = cursorCodec(
  1,
  Type.Object({ channels: Type.Array(Type.Object({ id: Type.String(), resourceId: Type.String() })) }),
);

export const driveWebhooks: Webhooks<DriveSettings> = { receive, register, unregister };

async function receive(hook: IncomingHook, secret: string): Promise<ReceivedHook> {
  const channel = hook.headers.get('x-goog-channel-id') ?? '';
  const token = hook.headers.get('x-goog-channel-token') ?? '';
  const at = token.indexOf('.');
  const accountId = Buffer.from(token.slice(at + 1), 'base64url').toString('utf8');
  if (channel === '' || !isSame(token, tokenFor(channel, accountId, secret))) return { dirty: [], status: 403 };
  // The first call of a channel says that it is there, and nothing else.
  const isHandshake = hook.headers.get('x-goog-resource-state') === 'sync';
  return { dirty: isHandshake ? [] : [accountId], status: 200 };
}

async function register(
  context: DriveContext,
  hook: { readonly url: string; readonly secret: string; readonly state: string | null },
): Promise<{ readonly state: string; readonly expiresAt: Date }> {
  const { accountId } = await accountOf(context);
  const place = await openPlace(context);
  const channels: { id: string; resourceId: string }[] = [];
  let expiresAt = Date.now() + LONGEST_MS;
  for (const log of place.logs) {
    const id = randomUUID();
    const pageToken = await startToken(context, log);
    const channel = await ask(context, (drive, options) =>
      drive.changes.watch(
        {
          pageToken,
          includeItemsFromAllDrives: true,
          supportsAllDrives: true,
          ...(log === OWN_LOG ? {} : { driveId: log }),
          requestBody: {
            id,
            type: 'web_hook',
            address: hook.url,
            token: tokenFor(id, accountId, hook.secret),
            expiration: String(expiresAt),
          },
        },
        options,
      ),
    );
    channels.push({ id, resourceId: channel.resourceId ?? '' });
    const until = Number(channel.expiration ?? Number.NaN);
    if (until > 0) expiresAt = Math.min(expiresAt, until);
  }
  // Only now that the new channels call: a gap between the two would be a change that nobody tells of.
  if (hook.state !== null) await unregister(context, hook.state);
  return { state: hookState.write({ channels }), expiresAt: new Date(expiresAt) };
}

async function unregister(context: DriveContext, state: string): Promise<void> {
  for (const { id, resourceId } of hookState.read(state)?.channels ?? []) {
    try {
      // The answer is empty, which `ask` would take for none.
      await ask(context, async (drive, options) => {
        await drive.channels.stop({ requestBody: { id, resourceId } }, options);
        return { data: {} };
      });
    } catch (thrown) {
      // It has ended by itself.
      if (!isLost(thrown)) throw thrown;
    }
  }
}

/** Names the account, so that a call leads to its sources, and is bound to the one channel that carries it. */
function tokenFor(channel: string, accountId: string, secret: string): string {
  const account = Buffer.from(accountId).toString('base64url');
  const mark = createHmac('sha256', secret).update(`${channel}\n${account}`).digest('base64url');
  return `${mark}.${account}`;
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [given, expected].map((text) => createHmac('sha256', 'length').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
