/** Notion's webhooks: signed calls that say that a workspace is dirty. */
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { ReceivedHook, Webhooks } from '../connector.ts';
import type { NotionSettings } from './settings.ts';

const event = Type.Object({ type: Type.String(), workspace_id: Type.String() });
const handshake = Type.Object({ verification_token: Type.String() });

export const notionWebhooks: Webhooks<NotionSettings> = {
  async receive(hook, secret) {
    const body = parse(hook.body);
    // The only call without a signature. Its token signs what comes later, and has to be entered in Notion by a person.
    if (Value.Check(handshake, body)) return { dirty: [], status: 200, offeredSecret: body.verification_token };
    const { verifyWebhookSignature } = await import('@notionhq/client');
    const signature = hook.headers.get('x-notion-signature');
    const isSigned =
      secret !== '' && (await verifyWebhookSignature({ body: hook.body, signature, verificationToken: secret }));
    if (!isSigned) return { dirty: [], status: 401 };
    return received(body);
  },
};

function received(body: unknown): ReceivedHook {
  return { dirty: Value.Check(event, body) ? [body.workspace_id] : [], status: 200 };
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    // No JSON is no call of Notion's; the missing signature answers it.
    return undefined;
  }
}
