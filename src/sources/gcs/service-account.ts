/** Access tokens for a service account: asked for with a statement that its key signs (RFC 7523), and kept while they hold. */
import { createSign } from 'node:crypto';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { ConnectorError } from '../connector.ts';
import { answerError, answerText } from '../kit/answer-error.ts';
import { answerJson } from '../kit/answer-json.ts';
import { reach } from '../kit/network-error.ts';
import type { GcsContext } from './settings.ts';

const TOKEN_URL = 'https://oauth2.googleapis.com/token';
const SCOPE = 'https://www.googleapis.com/auth/devstorage.read_write';
const PROVIDER = 'Google';
/** Early, since a listing goes on while a token ends. */
const EARLY_MS = 300_000;

const KEY = Type.Object({
  client_email: Type.String(),
  private_key: Type.String(),
  private_key_id: Type.Optional(Type.String()),
});
const ANSWER = Type.Object({ access_token: Type.String(), expires_in: Type.Number() });

interface Held {
  readonly token: string;
  readonly until: number;
}

const HELD = new WeakMap<GcsContext, Promise<Held>>();

/** A token that holds for some minutes at least. @throws ConnectorError auth-revoked, config (the key is none), transient */
export async function accessToken(context: GcsContext): Promise<string> {
  const held = await HELD.get(context);
  if (held !== undefined && held.until > Date.now() + EARLY_MS) return held.token;
  return newToken(context);
}

/** Instead of one that was refused. */
export async function newToken(context: GcsContext): Promise<string> {
  const asked = askToken(context);
  HELD.set(context, asked);
  try {
    return (await asked).token;
  } catch (thrown) {
    HELD.delete(context);
    throw thrown;
  }
}

async function askToken(context: GcsContext): Promise<Held> {
  const body = new URLSearchParams({
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: statement(context.keys['serviceAccount'] ?? ''),
  });
  const answer = await reach(context, PROVIDER, TOKEN_URL, { method: 'POST', body });
  if (!answer.ok) {
    const words = await answerText(answer);
    const isGone = /invalid_grant|invalid_client|unauthorized_client/.test(words);
    throw answerError(answer, {
      provider: PROVIDER,
      words,
      kind: isGone ? 'auth-revoked' : undefined,
      hint: isGone
        ? 'Give this source another key of the service account; it may also be that this machine’s clock is off.'
        : undefined,
    });
  }
  const { access_token: token, expires_in: seconds } = await answerJson(answer, ANSWER, {
    provider: PROVIDER,
    signal: context.signal,
  });
  return { token, until: Date.now() + seconds * 1000 };
}

/** The signed statement: who asks, for what, until when. */
function statement(key: string): string {
  const { client_email: email, private_key: pem, private_key_id: id } = readKey(key);
  const now = Math.floor(Date.now() / 1000);
  const head = { alg: 'RS256', typ: 'JWT', ...(id === undefined ? {} : { kid: id }) };
  const claims = { iss: email, scope: SCOPE, aud: TOKEN_URL, iat: now, exp: now + 3600 };
  const text = [head, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  try {
    return `${text}.${createSign('RSA-SHA256').update(text).sign(pem, 'base64url')}`;
  } catch {
    // The cause would name parts of the key.
    throw noKey();
  }
}

function readKey(text: string): { client_email: string; private_key: string; private_key_id?: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The cause would show the beginning of the key.
    throw noKey();
  }
  if (Value.Check(KEY, value)) return value;
  throw noKey();
}

function noKey(): ConnectorError {
  return new ConnectorError('config', 'The key is no JSON key of a service account', {
    hint: 'Paste the whole file that Google Cloud gives under "Keys" of the service account.',
  });
}
