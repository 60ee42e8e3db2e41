/** Signing in at the OpenID provider: the way there, and the way back. */
import type { AccessOptions } from '../access/authenticate.ts';
import { attemptCookie, readAttemptCookie, readSessionCookie, sessionCookie } from '../access/cookies.ts';
import type { Oidc } from '../access/oidc.ts';
import { beginAttempt, endAttempt } from '../access/oidc-attempts.ts';
import { signInAs } from '../access/oidc-users.ts';
import { closeFormer } from '../access/sessions.ts';
import { HttpError, statusOf } from '../http/http-error.ts';
import { redirect, send } from '../http/respond.ts';
import { asAppError, isShownToClients } from '../kernel/errors.ts';
import type { Exchange } from './exchange.ts';
import { signInFailedPage } from './pages.ts';
import type { RateLimits } from './rate-limits.ts';

export const OIDC_START = '/sign-in/oidc';
export const OIDC_CALLBACK = '/sign-in/callback';

export interface OidcRoute {
  readonly access: AccessOptions;
  readonly oidc: Oidc;
  /** Where the provider sends the browser back to, without a slash at its end. */
  readonly baseUrl: () => string;
  readonly rates: Pick<RateLimits, 'failed'>;
}

/** Answers both addresses; whatever fails is told on a page, since a person looks at it. */
export async function answerOidc(route: OidcRoute, exchange: Exchange): Promise<void> {
  const { request, response, url } = exchange;
  if (request.method !== 'GET') throw new HttpError(405, 'BAD_USER_INPUT', 'Signing in by a provider takes GET');
  try {
    await (url.pathname === OIDC_START ? start(route, exchange) : comeBack(route, exchange));
  } catch (thrown) {
    const error = asAppError(thrown);
    if (!isShownToClients(error)) throw error;
    if (error.code !== 'RATE_LIMITED') route.rates.failed(request, response);
    send(response, signInFailedPage(error.message, error.hint ?? '', statusOf(error)));
  }
}

async function start({ access, oidc, baseUrl }: OidcRoute, { response, secure }: Exchange): Promise<void> {
  const secret = await beginAttempt(access.database);
  const address = await oidc.begin(secret, baseUrl() + OIDC_CALLBACK);
  redirect(response, 302, address.href, { 'set-cookie': attemptCookie(secret, secure) });
}

async function comeBack(
  { access, oidc, baseUrl }: OidcRoute,
  { request, response, url, secure }: Exchange,
): Promise<void> {
  const secret = await endAttempt(access.database, readAttemptCookie(request.headers.cookie, secure));
  const identity = await oidc.finish(secret, new URL(OIDC_CALLBACK + url.search, baseUrl()));
  const { cookie } = request.headers;
  const session = await signInAs(access.database, identity, oidc.defaultRole, request.headers['user-agent']);
  await closeFormer(access.database, readSessionCookie(cookie, secure));
  redirect(response, 303, '/graphql', {
    'set-cookie': [sessionCookie(session, secure), attemptCookie(undefined, secure)],
  });
}
