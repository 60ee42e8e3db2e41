/** Answers, each with the headers that keep a browser from doing more with them than showing them. */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { clientCode } from '../kernel/client-code.ts';
import type { AppError } from '../kernel/errors.ts';
import { HttpError, statusOf } from './http-error.ts';

const SECURITY_HEADERS: OutgoingHttpHeaders = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
  readonly headers?: OutgoingHttpHeaders;
}

/** The head of an answer whose body follows; its own headers win over the security headers. */
export function writeHead(response: ServerResponse, { status, type, headers }: Omit<Answer, 'body'>): void {
  response.writeHead(status, { ...SECURITY_HEADERS, 'content-type': type, ...headers });
}

/** Sends a whole answer; its own headers win over the security headers. */
export function send(response: ServerResponse, answer: Answer): void {
  const { status, type, body, headers } = answer;
  const length = Buffer.byteLength(body);
  response.writeHead(status, { ...SECURITY_HEADERS, 'content-type': type, 'content-length': length, ...headers });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

/** Sends what has no body, such as a 204 or a 304. */
export function sendEmpty(response: ServerResponse, status: number, headers: OutgoingHttpHeaders = {}): void {
  response.writeHead(status, { ...SECURITY_HEADERS, ...headers });
  response.end();
}

/** A client that takes nothing for so long holds a stream open for nobody. */
export const LONGEST_STALL_MS = 60_000;

/**
 * Sends an answer while it is read, no faster than the client takes it. A client that leaves, or that takes nothing for a
 * minute, ends the reading, which is no failure; what fails after the first of it breaks the connection, which is all that can still be told.
 */
export async function sendStream(
  response: ServerResponse,
  { status, type, body, headers }: Omit<Answer, 'body'> & { readonly body: Readable },
): Promise<void> {
  const isHead = response.req.method === 'HEAD';
  if (!isHead) await begun(body, response);
  writeHead(response, { status, type, ...(headers && { headers }) });
  if (isHead) {
    body.destroy();
    response.end();
    return;
  }
  // What waits for the database is silent as well, so it is asked who waits for whom.
  response.setTimeout(LONGEST_STALL_MS, () => {
    if (response.writableNeedDrain) response.destroy();
  });
  let fault: unknown;
  body.once('error', (error) => {
    // Where the client has left, this is what that made of the reading.
    if (!response.destroyed) fault = error;
  });
  await pipeline(body, response).catch(() => undefined);
  if (fault !== undefined) throw fault;
}

/** Waits for the first of what is read: what fails until then is still answered as an error. */
async function begun(body: Readable, response: ServerResponse): Promise<void> {
  const leave = (): void => void body.destroy();
  response.once('close', leave);
  try {
    await new Promise<void>((resolve, reject) => {
      body.once('readable', resolve).once('end', resolve).once('close', resolve).once('error', reject);
    });
  } finally {
    response.off('close', leave);
  }
}

export function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: OutgoingHttpHeaders = {},
): void {
  send(response, { status, type: 'application/json; charset=utf-8', body: JSON.stringify(value), headers });
}

/** Sends the browser on to `location`. */
export function redirect(
  response: ServerResponse,
  status: 302 | 303,
  location: string,
  headers: OutgoingHttpHeaders = {},
): void {
  send(response, { status, type: 'text/plain; charset=utf-8', body: '', headers: { ...headers, location } });
}

/** An error in the form that GraphQL clients read, whichever route it comes from. `shown` is what the client may see. */
export function sendError(response: ServerResponse, shown: AppError, requestId: string): void {
  const { hint, message } = shown;
  const code = clientCode(shown);
  const reason = shown.code === code ? undefined : shown.code;
  const extensions = { code, requestId, ...(reason && { reason }), ...(hint !== undefined && { hint }) };
  const headers = {
    ...(statusOf(shown) === 401 && { 'www-authenticate': 'Bearer realm="Cairn"' }),
    ...(shown instanceof HttpError && shown.retryAfter !== undefined && { 'retry-after': String(shown.retryAfter) }),
  };
  sendJson(response, statusOf(shown), { errors: [{ message, extensions }] }, headers);
}

/**
 * Passes a fetch response on, streamed: events reach the client when they happen, until `stopping` aborts. Whoever makes
 * the events ends them when the response closes: a reader that waits for the next one cannot be told to.
 */
export async function sendFetched(response: ServerResponse, fetched: Response, stopping: AbortSignal): Promise<void> {
  response.writeHead(fetched.status, {
    ...SECURITY_HEADERS,
    // In one spelling, or both of a name would be sent.
    ...Object.fromEntries([...fetched.headers].map(([name, value]) => [name.toLowerCase(), value])),
    // Events, too: they are sent as `no-cache`, which lets a cache keep them.
    'cache-control': 'no-store',
  });
  if (!fetched.headers.get('content-type')?.startsWith('text/event-stream')) {
    response.end(await fetched.text());
    return;
  }
  const reader = fetched.body?.getReader();
  // Ended without the event that says that all has been told: the client may subscribe to the server that comes next.
  const stop = (): void => void response.end();
  stopping.addEventListener('abort', stop, { once: true });
  try {
    for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read()) {
      if (response.destroyed || response.writableEnded) break;
      if (!response.write(part.value)) await drained(response);
    }
  } finally {
    stopping.removeEventListener('abort', stop);
    await reader?.cancel().catch(() => undefined);
  }
  response.end();
}

/** Waits until the client has read what was written, or has left; one that does neither is cut off. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const stalled = setTimeout(() => response.destroy(), LONGEST_STALL_MS).unref();
    const go = (): void => {
      clearTimeout(stalled);
      response.off('drain', go).off('close', go);
      resolve();
    };
    response.on('drain', go).on('close', go);
  });
}

/**
 * Lets what remains of a refused body pass unread, for a moment: a client that is still sending sees a broken connection
 * instead of the answer. The connection is closed after it.
 */
export async function drainRefused(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.complete || request.destroyed) return;
  response.setHeader('connection', 'close');
  request.resume();
  await Promise.race([
    new Promise((resolve) => request.once('close', resolve).once('end', resolve)),
    new Promise((resolve) => setTimeout(resolve, 1_000).unref()),
  ]);
}
