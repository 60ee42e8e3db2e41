/** Microsoft Graph by plain requests: five addresses are all that a drive needs. */
import type { Static, TSchema } from 'typebox';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { type ConnectorContext, ConnectorError, type ConnectorErrorKind } from '../connector.ts';
import { answerError, answerText } from '../kit/answer-error.ts';
import { answerJson } from '../kit/answer-json.ts';
import { reach } from '../kit/network-error.ts';
import type { OneDriveSettings } from './settings.ts';

export const PROVIDER = 'OneDrive';
export const GRAPH = 'https://graph.microsoft.com/v1.0';

export type OneDriveContext = ConnectorContext<OneDriveSettings>;

/** `code` of Graph's error body, where it says more than the status. */
const KIND_BY_CODE: Readonly<Record<string, ConnectorErrorKind>> = {
  activityLimitReached: 'rate-limit',
  TooManyRequests: 'rate-limit',
  quotaLimitReached: 'quota',
  resourceModified: 'conflict',
  malwareDetected: 'forbidden',
  notSupported: 'config',
  resourceLocked: 'conflict',
};

const errorBody = Type.Object({
  error: Type.Object({ code: Type.Optional(Type.String()), message: Type.Optional(Type.String()) }),
});

/**
 * Asks Graph with the token of this moment; `url` is absolute and must be Graph's own, since the token goes with it. Answers
 * of 2xx and 3xx pass, and those of the statuses in `accept`.
 * @throws ConnectorError
 */
export async function askGraph(
  context: OneDriveContext,
  url: string,
  init: RequestInit = {},
  accept: readonly number[] = [],
): Promise<Response> {
  if (new URL(url).origin !== new URL(GRAPH).origin) {
    throw new ConnectorError('config', `${PROVIDER} leads to ${new URL(url).host}, which is not its own address`);
  }
  const { accessToken } = await context.auth.get();
  const response = await reach(context, PROVIDER, url, {
    ...init,
    redirect: 'manual',
    headers: { accept: 'application/json', ...init.headers, authorization: `Bearer ${accessToken}` },
  });
  if (response.status < 400 || accept.includes(response.status)) return response;
  throw await graphError(response);
}

/** An answer's JSON, of the shape that Graph promises. @throws ConnectorError transient where it is anything else */
export async function askJson<Schema extends TSchema>(
  context: OneDriveContext,
  url: string,
  schema: Schema,
  init: RequestInit = {},
): Promise<Static<Schema>> {
  return readJson(context, await askGraph(context, url, init), schema);
}

export async function readJson<Schema extends TSchema>(
  context: OneDriveContext,
  response: Response,
  schema: Schema,
): Promise<Static<Schema>> {
  return answerJson(response, schema, { provider: PROVIDER, signal: context.signal });
}

/** What a refusal's body says: its code, and the whole error that it stands for. */
export async function graphError(response: Response): Promise<ConnectorError> {
  const { code, message } = errorOf(await answerText(response));
  const words = [code, message].filter((part) => part !== undefined).join(': ');
  const kind = response.status === 429 ? 'rate-limit' : KIND_BY_CODE[code ?? ''];
  return answerError(response, { provider: PROVIDER, kind, words });
}

export function errorOf(text: string): { readonly code?: string; readonly message?: string } {
  try {
    const body: unknown = JSON.parse(text);
    return Value.Check(errorBody, body) ? body.error : {};
  } catch {
    // Proxies answer with pages of their own; the status says enough then.
    return {};
  }
}
