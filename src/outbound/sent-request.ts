/** What somebody asks `fetch` for, read once: whichever of its forms they used. */
import type { RequestInit as UndiciInit } from 'undici';

export interface SentRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: NonNullable<UndiciInit['body']> | null;
  readonly redirect: 'follow' | 'error' | 'manual';
  readonly signal: AbortSignal | undefined;
}

/** @throws TypeError for an address that cannot be read, holds a user or is not the web's, as fetch does */
export async function readSent(input: string | URL | Request, init: RequestInit = {}): Promise<SentRequest> {
  const asked = input instanceof Request ? input : undefined;
  const url = new URL(input instanceof Request ? input.url : input);
  requireWeb(url);
  const headers = new Headers(init.headers ?? asked?.headers);
  return {
    url,
    method: (init.method ?? asked?.method ?? 'GET').toUpperCase(),
    headers,
    body: await readContent(init.body ?? asked?.body ?? null, headers),
    redirect: init.redirect ?? asked?.redirect ?? 'follow',
    signal: init.signal ?? asked?.signal ?? undefined,
  };
}

/** @throws TypeError unless an address is one of the web, without a user in it (who would travel into logs and referrers) */
export function requireWeb({ protocol, username, password }: URL): void {
  if (protocol !== 'https:' && protocol !== 'http:') throw new TypeError(`The scheme ${protocol} is not the web's`);
  if (username !== '' || password !== '') throw new TypeError('The address holds a user or a password');
}

/** A form of the global kind is unknown to the fetch that is used: it is written out. Anything else goes as it is. */
async function readContent(
  body: NonNullable<RequestInit['body']> | null,
  headers: Headers,
): Promise<SentRequest['body']> {
  if (body === null || isSendable(body)) return body;
  const written = new Response(body);
  if (!headers.has('content-type')) headers.set('content-type', written.headers.get('content-type') ?? '');
  return new Uint8Array(await written.arrayBuffer());
}

const isSendable = (body: unknown): body is NonNullable<SentRequest['body']> =>
  typeof body === 'string' ||
  body instanceof ArrayBuffer ||
  ArrayBuffer.isView(body) ||
  [Blob, URLSearchParams, ReadableStream].some((kind) => body instanceof kind);
