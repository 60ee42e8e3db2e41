/** Dropbox's calls: they say whose place has changed, never what. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHook, ReceivedHook } from '../connector.ts';

/** See {@link Webhooks.receive}. `secret`: the app's. */
export async function receive(hook: IncomingHook, secret: string): Promise<ReceivedHook> {
  if (hook.method === 'GET') {
    const challenge = hook.url.searchParams.get('challenge');
    return challenge === null
      ? { dirty: [], status: 400 }
      : { dirty: [], status: 200, body: challenge, contentType: 'text/plain' };
  }
  if (!isSigned(hook, secret)) return { dirty: [], status: 403 };
  return { dirty: accountsOf(hook.body), status: 200 };
}

function isSigned(hook: IncomingHook, secret: string): boolean {
  const told = Buffer.from(hook.headers.get('x-dropbox-signature') ?? '', 'hex');
  const made = createHmac('sha256', secret).update(hook.body).digest();
  return secret !== '' && told.length === made.length && timingSafeEqual(told, made);
}

/** `{"list_folder": {"accounts": ["dbid:…"]}}`; whatever else it says is not ours. */
function accountsOf(body: Uint8Array): string[] {
  const told: unknown = readJson(body);
  const list = member(member(told, 'list_folder'), 'accounts');
  return Array.isArray(list) ? list.filter((account) => typeof account === 'string') : [];
}

function readJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    // Signed, so it is Dropbox's: a kind of call that this release does not know names nobody.
    return null;
  }
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
