/** Another site's page can make a browser send our cookie, but not a header of its own choice. */
import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '../kernel/errors.ts';
import type { Authentication } from './authenticate.ts';

/** Any value will do: a cross-site request with such a header needs a preflight, which only trusted origins are granted. */
export const CSRF_HEADERS = ['x-cairn-csrf', 'apollo-require-preflight'] as const;

/**
 * Refuses a request that a cookie authenticates and no page of ours, or of an origin that is `trusted`, can be shown to
 * have sent.
 * @throws AppError FORBIDDEN
 */
export function requireOwnPage(
  by: Authentication['by'],
  headers: IncomingHttpHeaders,
  trusted: readonly string[] = [],
): void {
  if (by === 'bearer') return;
  const marked = CSRF_HEADERS.some((name) => headers[name] !== undefined);
  if (marked && (isSameOrigin(headers) || trusted.includes(headers.origin ?? ''))) return;
  throw new AppError('FORBIDDEN', 'This request could have been made by another site', {
    hint: 'Send the header x-cairn-csrf: 1, or authenticate with Authorization: Bearer TOKEN.',
  });
}

/** Whether the page that sent the request, if the browser names it, lives on the host that the request is for. */
export function isSameOrigin(headers: IncomingHttpHeaders): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

/**
 * Refuses what another site's page has a browser read with its user's cookie, as an image or a script. A link that is
 * followed passes: it shows the answer to the user alone.
 * @throws AppError FORBIDDEN
 */
export function requireOwnReader(
  by: Authentication['by'],
  headers: IncomingHttpHeaders,
  trusted: readonly string[] = [],
): void {
  const isStrange = headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate';
  if (by === 'bearer' || !isStrange || trusted.includes(headers.origin ?? '')) return;
  throw new AppError('FORBIDDEN', 'This request was made by another site', {
    hint: 'Authenticate with Authorization: Bearer TOKEN.',
  });
}
