/** How Google's APIs refuse. */
import type { FakeAnswer, FakeRequest } from '../http-fake.ts';

/** The body that every error of these APIs has; `location` where a parameter is to blame. */
export function googleError(
  status: number,
  reason: string,
  message: string,
  location?: string,
  headers: Readonly<Record<string, string>> = {},
): FakeAnswer {
  const error = {
    domain: 'global',
    reason,
    message,
    ...(location === undefined ? {} : { location, locationType: 'parameter' }),
  };
  return { status, headers, body: { error: { code: status, message, errors: [error] } } };
}

/** Limits come as 403 and 429; Google tells the wait in a header where it tells it. */
export function limited(status: 403 | 429): (retryAfter: number) => FakeAnswer {
  const [reason, words] = ['userRateLimitExceeded', 'User Rate Limit Exceeded'];
  return (retryAfter) => googleError(status, reason, words, undefined, { 'retry-after': String(retryAfter) });
}

export function refusedToken(): FakeAnswer {
  return googleError(401, 'authError', 'Invalid Credentials', 'Authorization', { 'www-authenticate': 'Bearer' });
}

export const isTokenRequest = (request: FakeRequest): boolean => request.url.hostname === 'oauth2.googleapis.com';

/** The token endpoint, for what trades refresh tokens beyond the context's own source. */
export function tokenAnswer(request: FakeRequest, accessToken: string, isRevoked: boolean): FakeAnswer {
  const form = new URLSearchParams(request.body.toString('utf8'));
  if (form.get('grant_type') !== 'refresh_token' || isRevoked) {
    const body = { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' };
    return { status: 400, body };
  }
  return {
    body: { access_token: accessToken, expires_in: 3599, scope: form.get('scope') ?? '', token_type: 'Bearer' },
  };
}
