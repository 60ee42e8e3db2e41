/** Redirects, followed by hand: each hop is led and guarded like a first request, and another host hears no credentials. */
import { requireWeb, type SentRequest } from './sent-request.ts';

const MOST_REDIRECTS = 5;
const REDIRECTS = [301, 302, 303, 307, 308];

/** All that another host is told. Providers put credentials into headers of their own, so the rest stays behind. */
const HARMLESS = [
  'accept',
  'accept-language',
  'content-type',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'range',
  'user-agent',
];

/**
 * Sends a request by `send`, and what its answers redirect to; `lead` tells where an address is led.
 * @throws TypeError as fetch does
 */
export async function followRedirects(
  first: SentRequest,
  lead: (url: URL) => URL,
  send: (request: SentRequest) => Promise<Response>,
): Promise<Response> {
  let request = first;
  for (let hop = 0; ; hop += 1) {
    const response = await send(request);
    const location = REDIRECTS.includes(response.status) ? response.headers.get('location') : null;
    if (location === null || first.redirect === 'manual') return response;
    // Its connection is free again; what it says is nobody's answer.
    await response.body?.cancel();
    if (first.redirect === 'error')
      throw new TypeError('fetch failed', { cause: new Error('It answered with a redirect') });
    if (hop >= MOST_REDIRECTS)
      throw new TypeError('fetch failed', { cause: new Error('It redirects again and again') });
    const next = redirected(request, response.status, location);
    if (lead(request.url).protocol === 'https:' && lead(next.url).protocol === 'http:')
      throw new TypeError('fetch failed', { cause: new Error('It redirects from https to http') });
    request = next;
  }
}

function redirected(request: SentRequest, status: number, location: string): SentRequest {
  const url = new URL(location, request.url);
  requireWeb(url);
  const isForgotten =
    (status === 303 && !['GET', 'HEAD'].includes(request.method)) ||
    ([301, 302].includes(status) && request.method === 'POST');
  if (!isForgotten && request.body instanceof ReadableStream)
    throw new TypeError('fetch failed', { cause: new Error('It redirects a body that was sent once') });
  const kept = [...request.headers].filter(
    ([name]) =>
      (url.origin === request.url.origin || HARMLESS.includes(name)) &&
      !(isForgotten && name.startsWith('content-')) &&
      name !== 'host',
  );
  return {
    ...request,
    url,
    headers: new Headers(kept),
    ...(isForgotten && { method: 'GET', body: null }),
  };
}
