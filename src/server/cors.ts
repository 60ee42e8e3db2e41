/** Pages of other sites may ask only if their origin is set; a browser keeps every other page from reading an answer. */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** What a page may read of an answer beside its body. */
const EXPOSED =
  'retry-after, x-request-id, x-cairn-cost, ratelimit, ratelimit-policy, etag, link, location, content-disposition';
const PREFLIGHT_SECONDS = '600';

/** Says to the browser whether the page that asks may read the answer. */
export function applyCors(origins: readonly string[], request: IncomingMessage, response: ServerResponse): void {
  if (origins.length === 0) return;
  // The answer differs by origin, and a cache must not give one page's to another's.
  response.setHeader('vary', 'Origin');
  const { origin } = request.headers;
  if (origin === undefined || !origins.includes(origin)) return;
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-allow-credentials', 'true');
  response.setHeader('access-control-expose-headers', EXPOSED);
}

/** The headers that grant a preflight; none for a page that may not ask, which its browser takes as a refusal. */
export function preflightHeaders(origins: readonly string[], { headers }: IncomingMessage): OutgoingHttpHeaders {
  if (headers.origin === undefined || !origins.includes(headers.origin)) return {};
  return {
    'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
    // Whatever an origin that may ask wants to send, it may.
    'access-control-allow-headers': headers['access-control-request-headers'] ?? '',
    'access-control-max-age': PREFLIGHT_SECONDS,
    vary: 'Origin, Access-Control-Request-Headers',
  };
}
