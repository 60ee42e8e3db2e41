/** Every request to Google goes through here: with a token of the token source, by our own way out, tried once. */
import type { OAuth2Client } from 'google-auth-library';
import { type ConnectorContext, ConnectorError } from '../connector.ts';
import { answerText } from '../kit/answer-error.ts';
import { reach } from '../kit/network-error.ts';
import { refusalError, thrownError } from './errors.ts';

export type GoogleContext = Pick<ConnectorContext, 'auth' | 'fetch' | 'signal'>;

/**
 * Runs a request with a token of this moment: listings outlive tokens.
 * @throws ConnectorError for whatever Google or the way to it has to say; `auth-expired` where it refuses the token
 */
export async function withToken<T>(
  context: GoogleContext,
  provider: string,
  request: (accessToken: string) => Promise<T>,
): Promise<T> {
  const { accessToken } = await context.auth.get();
  try {
    return await request(accessToken);
  } catch (thrown) {
    throw thrownError(thrown, provider, context.signal);
  }
}

/** The transport of the SDKs: our fetch, our token, no retry and no refresh of its own. */
export async function authOf(context: GoogleContext, accessToken: string): Promise<OAuth2Client> {
  const { OAuth2Client } = await import('google-auth-library');
  const auth = new OAuth2Client({
    transporterOptions: { fetchImplementation: context.fetch, retry: false, retryConfig: { retry: 0 } },
  });
  auth.setCredentials({ access_token: accessToken });
  return auth;
}

/** What each call of an SDK is given beside its parameters. */
export function callOptions(context: GoogleContext): { retry: false; retryConfig: { retry: 0 }; signal: AbortSignal } {
  return { retry: false, retryConfig: { retry: 0 }, signal: context.signal };
}

/**
 * The data of an SDK's answer. A page of a proxy or a login comes with status 200 and would look like an empty listing.
 * @throws ConnectorError transient where it is no JSON object
 */
export function dataOf<T>(answer: { readonly data: T }, provider: string): T {
  const data: unknown = answer.data;
  if (typeof data === 'object' && data !== null && Object.getPrototypeOf(data) === Object.prototype) return answer.data;
  throw new ConnectorError('transient', `${provider} answered with something that is no answer of this API`);
}

/** Content as it streams, with whatever status of success. @throws ConnectorError */
export function fetchContent(
  context: GoogleContext,
  provider: string,
  url: string | URL,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return withToken(context, provider, async (accessToken) => {
    // Ranges and sizes are of the bytes as they are, so they must not come compressed.
    const sent = { ...headers, authorization: `Bearer ${accessToken}`, 'accept-encoding': 'identity' };
    const answer = await reach(context, provider, url, { headers: sent });
    if (answer.ok) return answer;
    throw refusalError({ status: answer.status, headers: answer.headers, body: await answerText(answer) }, provider);
  });
}
