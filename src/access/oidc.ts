/** Signing in at an OpenID provider: authorization code with PKCE, state and nonce, the ID token's signature checked. */
import { createHmac } from 'node:crypto';
import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  None,
  type ServerMetadata,
} from 'openid-client';
import { HttpError } from '../http/http-error.ts';
import { AppError } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import { isLoopback, type OidcSettings } from '../kernel/sign-in-settings.ts';

/** Who somebody is, by the provider's word. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
  /** Only an address that the provider has verified: anybody may claim another. */
  readonly email: string | undefined;
  readonly name: string | undefined;
}

export interface Oidc {
  /** The provider's host, to show. */
  readonly name: string;
  readonly defaultRole: OidcSettings['defaultRole'];
  /** Where to send the browser that holds `secret`. @throws HttpError 502 when the provider does not answer */
  readonly begin: (secret: string, redirectUri: string) => Promise<URL>;
  /**
   * Who came back at `address`, which is the redirect URI with the provider's answer.
   * @throws AppError UNAUTHENTICATED when the answer does not hold, HttpError 502 when the provider does not answer
   */
  readonly finish: (secret: string, address: URL) => Promise<Identity>;
}

/** What the provider says of itself seldom changes. Its keys may at any time: they are fetched for every sign-in. */
const METADATA_MS = 600_000;
const TIMEOUT_S = 10;

/** One browser's secret makes the three values that bind the provider's answer to it: none has to be kept. */
const derived = (secret: string, purpose: 'state' | 'nonce' | 'verifier'): string =>
  createHmac('sha256', secret).update(purpose).digest('base64url');

/** A client of the provider; it is not asked anything before somebody signs in. */
export function createOidc(settings: OidcSettings, log: Log): Oidc {
  const metadata = keepMetadata(settings);
  const answered = async <T>(ask: (config: Configuration) => Promise<T>): Promise<T> => {
    try {
      return await ask(configure(settings, await metadata()));
    } catch (thrown) {
      log.warn({ issuer: settings.issuer, error: named(thrown) }, 'a sign-in by OpenID Connect failed');
      throw refusal(thrown, settings);
    }
  };
  return {
    name: new URL(settings.issuer).host,
    defaultRole: settings.defaultRole,
    begin: (secret, redirectUri) =>
      answered(async (config) =>
        buildAuthorizationUrl(config, {
          redirect_uri: redirectUri,
          response_type: 'code',
          scope: 'openid email profile',
          state: derived(secret, 'state'),
          nonce: derived(secret, 'nonce'),
          code_challenge: await calculatePKCECodeChallenge(derived(secret, 'verifier')),
          code_challenge_method: 'S256',
        }),
      ),
    finish: (secret, address) =>
      answered(async (config) => {
        const tokens = await authorizationCodeGrant(config, address, {
          expectedState: derived(secret, 'state'),
          expectedNonce: derived(secret, 'nonce'),
          pkceCodeVerifier: derived(secret, 'verifier'),
          idTokenExpected: true,
        });
        const claims = tokens.claims();
        if (claims === undefined) throw new Error('The provider sent no ID token');
        const hasInfo = config.serverMetadata().userinfo_endpoint !== undefined;
        // Some providers tell the address only there.
        const info =
          claims['email'] === undefined && hasInfo
            ? await fetchUserInfo(config, tokens.access_token, claims.sub)
            : claims;
        return { issuer: claims.iss, subject: claims.sub, email: verifiedEmail(info), name: textOf(info['name']) };
      }),
  };
}

function keepMetadata(settings: OidcSettings): () => Promise<ServerMetadata> {
  let kept: { readonly metadata: ServerMetadata; readonly until: number } | undefined;
  return async () => {
    if (kept !== undefined && kept.until > Date.now()) return kept.metadata;
    const issuer = new URL(settings.issuer);
    const execute = insecureIfLoopback(issuer);
    const found = await discovery(issuer, settings.clientId, undefined, None(), { timeout: TIMEOUT_S, execute });
    kept = { metadata: found.serverMetadata(), until: Date.now() + METADATA_MS };
    return kept.metadata;
  };
}

function configure(settings: OidcSettings, metadata: ServerMetadata): Configuration {
  const config = new Configuration({ ...metadata }, settings.clientId, undefined, clientAuth(settings, metadata));
  config.timeout = TIMEOUT_S;
  // Without this a token from the token endpoint is believed for its connection alone.
  enableNonRepudiationChecks(config);
  for (const allow of insecureIfLoopback(new URL(settings.issuer))) allow(config);
  return config;
}

/** The setting takes http for this machine alone. */
const insecureIfLoopback = (issuer: URL): ((config: Configuration) => void)[] =>
  issuer.protocol === 'http:' && isLoopback(issuer) ? [allowInsecureRequests] : [];

function clientAuth({ clientSecret }: OidcSettings, metadata: ServerMetadata): ClientAuth {
  if (clientSecret === undefined) return None();
  // A provider that names no method takes this one, says the specification.
  const methods = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  return methods.includes('client_secret_basic') ? ClientSecretBasic(clientSecret) : ClientSecretPost(clientSecret);
}

function refusal(thrown: unknown, { issuer }: OidcSettings): AppError {
  const { host } = new URL(issuer);
  if (thrown instanceof AuthorizationResponseError) {
    const code = /^[\w.-]{1,60}$/.test(thrown.error) ? ` (${thrown.error})` : '';
    return new AppError('UNAUTHENTICATED', `You were not signed in at ${host}${code}`, { hint: 'Try again.' });
  }
  if (isUnanswered(thrown)) {
    return new HttpError(502, 'UNAUTHENTICATED', `The sign-in service ${host} does not answer as it should`, {
      hint: 'Try again later, or ask an administrator for a sign-in link.',
    });
  }
  return new AppError('UNAUTHENTICATED', `The answer of ${host} could not be verified`, {
    hint: 'Sign in again. If it fails again, ask an administrator to look into the log.',
  });
}

/** What the log may know of an error: its cause and its response hold tokens and claims. */
function named(thrown: unknown): { readonly message: string; readonly code: unknown } {
  if (!(thrown instanceof Error)) return { message: String(thrown), code: undefined };
  const { cause } = thrown;
  const reason = isNetwork(thrown) && cause instanceof Error ? `: ${cause.message}` : '';
  return { message: `${thrown.message}${reason}`, code: codeOf(thrown) };
}

const isNetwork = (thrown: Error): boolean => thrown instanceof TypeError && thrown.message === 'fetch failed';
const codeOf = (thrown: Error): unknown => ('code' in thrown ? thrown.code : undefined);

/** Answers that are not the protocol's; beside them connections that were refused or lost. */
const UNANSWERED: readonly unknown[] = [
  'OAUTH_TIMEOUT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_PARSE_ERROR',
];

const isUnanswered = (thrown: unknown): boolean =>
  thrown instanceof Error && (isNetwork(thrown) || UNANSWERED.includes(codeOf(thrown)));

function verifiedEmail(claims: { readonly [claim: string]: unknown }): string | undefined {
  const { email, email_verified: verified } = claims;
  return verified === true || verified === 'true' ? textOf(email)?.normalize('NFC').toLowerCase() : undefined;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
