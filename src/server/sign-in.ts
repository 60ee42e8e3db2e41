/** The sign-in link's page, its button, and signing out. */
import type { AccessOptions, Authentication } from '../access/authenticate.ts';
import { readSessionCookie, sessionCookie } from '../access/cookies.ts';
import { isSameOrigin, requireOwnPage } from '../access/csrf.ts';
import { closeFormer, closeSession } from '../access/sessions.ts';
import { redeemSignInCode } from '../access/sign-in.ts';
import { readBody } from '../http/body.ts';
import { HttpError } from '../http/http-error.ts';
import { redirect, send } from '../http/respond.ts';
import { AppError } from '../kernel/errors.ts';
import type { Exchange } from './exchange.ts';
import { signInFailedPage, signInPage } from './pages.ts';
import type { RateLimits } from './rate-limits.ts';

const FORM_LIMITS = { size: 2_000, time: 5_000 };

/**
 * GET shows the page, which offers the OpenID `provider` if there is one; POST uses the link up and opens the session.
 * @throws AppError FORBIDDEN for a form of another site: it would sign the victim in as somebody else
 */
export async function answerSignIn(
  { database }: AccessOptions,
  exchange: Exchange,
  rates: Pick<RateLimits, 'failed'>,
  provider: string | undefined,
): Promise<void> {
  const { request, response, url, secure } = exchange;
  if (request.method === 'GET' || request.method === 'HEAD') {
    return send(response, signInPage(url.searchParams.get('code'), provider));
  }
  if (request.method !== 'POST') throw new HttpError(405, 'BAD_USER_INPUT', 'Signing in takes GET and POST');
  if (!isSameOrigin(request.headers)) throw new AppError('FORBIDDEN', 'This form was sent by another site');
  const form = new URLSearchParams((await readBody(request, FORM_LIMITS)).toString('utf8'));
  try {
    const secret = await redeemSignInCode(database, form.get('code') ?? '', request.headers['user-agent']);
    await closeFormer(database, readSessionCookie(request.headers.cookie, secure));
    redirect(response, 303, '/graphql', { 'set-cookie': sessionCookie(secret, secure) });
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'UNAUTHENTICATED') throw thrown;
    rates.failed(request, response);
    send(response, signInFailedPage(thrown.message, thrown.hint ?? ''));
  }
}

/** Ends the browser's session at once. */
export async function answerSignOut(
  { database }: AccessOptions,
  { request, response, secure }: Exchange,
  { actor, by }: Authentication,
  trusted: readonly string[],
): Promise<void> {
  if (request.method !== 'POST') throw new HttpError(405, 'BAD_USER_INPUT', 'Signing out takes POST');
  requireOwnPage(by, request.headers, trusted);
  const secret = readSessionCookie(request.headers.cookie, secure);
  if (secret !== undefined) await closeSession(database, actor, secret);
  const headers = { 'set-cookie': sessionCookie(undefined, secure) };
  send(response, { status: 204, type: 'text/plain', body: '', headers });
}
