/** Asking providers for tokens: code flow with PKCE, refreshes, and the end of a grant. */
import type { Configuration, TokenEndpointResponse } from 'openid-client';
import { AppError } from '../../kernel/errors.ts';
import type { OauthClient } from '../../kernel/source-settings.ts';
import { ConnectorError } from '../connector.ts';
import type { SourcesHouse } from '../sources-house.ts';
import { shimmed } from './oauth-shims.ts';
import { PROVIDERS, type Provider } from './providers.ts';

/** What a grant gives. */
export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  /** Undefined: until it is revoked. */
  readonly expiresAt: Date | undefined;
}

export interface OauthParty {
  readonly provider: Provider;
  readonly client: OauthClient;
}

/** Seconds that a provider has for a token: a row stays locked meanwhile. */
const TIMEOUT_S = 20;

/** The provider of a connector, and as whom the hub asks there. @throws AppError CONFIG_INVALID where that is not set */
export function partyOf({ oauthClients }: Pick<SourcesHouse, 'oauthClients'>, id: string): OauthParty {
  const provider = Object.values(PROVIDERS).find((known) => known.id === id);
  if (provider === undefined)
    throw new AppError('INTERNAL', `A connector names the provider "${id}", which is not known`);
  const client = oauthClients[provider.id];
  if (client !== undefined) return { provider, client };
  throw new AppError('CONFIG_INVALID', `The hub is not registered at ${provider.title}`, {
    hint: `Register it there and set CAIRN_OAUTH_${id.toUpperCase()}_CLIENT_ID and _CLIENT_SECRET.`,
  });
}

/** Where somebody consents. */
export async function consentUrl(
  house: SourcesHouse,
  party: OauthParty,
  asked: {
    readonly redirectUri: string;
    readonly state: string;
    readonly verifier: string;
    readonly scopes: readonly string[];
  },
): Promise<URL> {
  const { buildAuthorizationUrl, calculatePKCECodeChallenge } = await import('openid-client');
  const { scopeSeparator, scopes = [], authorizeParameters } = party.provider;
  return buildAuthorizationUrl(await configuration(house, party), {
    ...authorizeParameters,
    ...(scopeSeparator !== undefined && { scope: [...asked.scopes, ...scopes].join(scopeSeparator) }),
    response_type: 'code',
    redirect_uri: asked.redirectUri,
    state: asked.state,
    code_challenge: await calculatePKCECodeChallenge(asked.verifier),
    code_challenge_method: 'S256',
  });
}

/**
 * The tokens of whoever came back at `address`, which is the redirect URI with the provider's answer.
 * @throws AppError UNAUTHENTICATED when they did not consent or the answer does not hold; ConnectorError when the provider fails
 */
export async function exchangeCode(
  house: SourcesHouse,
  party: OauthParty,
  came: { readonly address: URL; readonly state: string; readonly verifier: string },
): Promise<Tokens> {
  const { authorizationCodeGrant, AuthorizationResponseError } = await import('openid-client');
  const config = await configuration(house, party);
  try {
    return tokensOf(
      await authorizationCodeGrant(config, came.address, {
        expectedState: came.state,
        pkceCodeVerifier: came.verifier,
      }),
      undefined,
    );
  } catch (thrown) {
    const { title } = party.provider;
    if (thrown instanceof AuthorizationResponseError) {
      throw new AppError('UNAUTHENTICATED', `${title} did not connect the account${wordOf(thrown.error)}`, {
        hint: 'Begin again, and consent there.',
      });
    }
    throw await failureOf(thrown, party);
  }
}

/** New tokens for old ones. @throws ConnectorError `auth-revoked` when the grant is over, else why there are none now */
export async function refreshTokens(house: SourcesHouse, party: OauthParty, refreshToken: string): Promise<Tokens> {
  const { refreshTokenGrant } = await import('openid-client');
  const config = await configuration(house, party);
  try {
    return tokensOf(await refreshTokenGrant(config, refreshToken), refreshToken);
  } catch (thrown) {
    throw await failureOf(thrown, party);
  }
}

/** Ends a grant at the provider. @throws whatever fetch does; an answer that is no success is told by `false` */
export async function revokeGrant(house: SourcesHouse, party: OauthParty, tokens: Tokens): Promise<boolean> {
  const { provider, client } = party;
  if (provider.revoke === undefined) return false;
  const { url, how } = provider.revoke;
  const token = tokens.refreshToken ?? tokens.accessToken;
  const basic = Buffer.from(`${client.clientId}:${client.clientSecret ?? ''}`).toString('base64');
  const sent: Record<typeof how, RequestInit> = {
    bearer: { headers: { authorization: `Bearer ${tokens.accessToken}` } },
    form: { body: new URLSearchParams({ token }) },
    'basic-json': {
      headers: { authorization: `Basic ${basic}`, 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    },
  };
  const signal = AbortSignal.timeout(TIMEOUT_S * 1000);
  const answer = await house.outbound.fetch(url, { method: 'POST', ...sent[how], signal });
  await answer.body?.cancel();
  return answer.ok;
}

async function configuration(house: SourcesHouse, { provider, client }: OauthParty): Promise<Configuration> {
  const oauth = await import('openid-client');
  const tenanted = (url: string): string => url.replace('TENANT', client.tenant ?? 'common');
  const secret = client.clientSecret;
  const auth = provider.clientAuth === 'basic' ? oauth.ClientSecretBasic : oauth.ClientSecretPost;
  const config = new oauth.Configuration(
    {
      issuer: provider.issuer,
      authorization_endpoint: tenanted(provider.authorizeUrl),
      token_endpoint: tenanted(provider.tokenUrl),
    },
    client.clientId,
    undefined,
    // PKCE alone proves who asks, where a provider gives no secret.
    secret === undefined ? oauth.None() : auth(secret),
  );
  config.timeout = TIMEOUT_S;
  const fetch = shimmed(provider, (url, init) => house.outbound.fetch(url, init));
  config[oauth.customFetch] = (url, { method, headers, body, signal }) =>
    // What is sent to a token address is a form, and what it answers is no redirect.
    fetch(url, {
      method,
      headers,
      redirect: 'manual',
      ...((body instanceof URLSearchParams || typeof body === 'string') && { body }),
      ...(signal && { signal }),
    });
  return config;
}

/** A provider that does not rotate says nothing of the refresh token: the old one stays. */
function tokensOf(told: TokenEndpointResponse, former: string | undefined): Tokens {
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: seconds } = told;
  return {
    accessToken,
    refreshToken: refreshToken ?? former,
    expiresAt: seconds === undefined ? undefined : new Date(Date.now() + seconds * 1000),
  };
}

/** Faults of the hub's registration: nobody's consent mends them. */
const OURS: readonly string[] = ['invalid_client', 'unauthorized_client', 'bad_client_secret', 'invalid_client_id'];

async function failureOf(thrown: unknown, { provider }: OauthParty): Promise<Error> {
  const { ResponseBodyError } = await import('openid-client');
  if (thrown instanceof AppError) return thrown;
  // Causes hold tokens and codes: only what the protocol calls the fault goes on.
  if (thrown instanceof ResponseBodyError) {
    const { error, status } = thrown;
    const details = { status };
    const words = `${provider.title} gives no token${wordOf(error)}`;
    if (error === 'invalid_grant') {
      return new ConnectorError('auth-revoked', words, { ...details, hint: 'Connect this source again.' });
    }
    if (OURS.includes(error)) {
      const hint = `Look into the settings CAIRN_OAUTH_${provider.id.toUpperCase()}_CLIENT_ID and _CLIENT_SECRET.`;
      return new ConnectorError('config', words, { ...details, hint });
    }
    return new ConnectorError(status === 429 ? 'rate-limit' : status >= 500 ? 'transient' : 'config', words, details);
  }
  const response = responseOf(thrown);
  if (response?.status === 429) {
    const seconds = Number(response.headers.get('retry-after'));
    const retryAfterMs = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
    return new ConnectorError('rate-limit', `${provider.title} gives no more tokens now`, {
      status: 429,
      retryAfterMs,
    });
  }
  const { status } = response ?? {};
  return new ConnectorError('transient', `${provider.title} does not answer as it should when asked for a token`, {
    status,
  });
}

function responseOf(thrown: unknown): Response | undefined {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  return cause instanceof Response ? cause : undefined;
}

const wordOf = (error: string): string => (/^[\w.-]{1,60}$/.test(error) ? ` (${error})` : '');
