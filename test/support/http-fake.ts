/**
 * What all loopback fakes of providers share: a server on 127.0.0.1 that stands for the provider's hosts, faults on demand,
 * tokens that can be refused, counts. A fake adds what its provider answers (see providers/).
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFakeTokens, type FakeTokens } from './fake-tokens.ts';
import { createFaultScript, type FaultScript } from './fault-script.ts';
import type { FaultPoint, ProviderFault, ProviderPlace } from './provider-fake.ts';
import { routedFetch } from './routed-fetch.ts';

export interface FakeRequest {
  readonly method: string;
  /** As the provider would see it, with the host that was meant: `https://api.example.com/items?page=2`. */
  readonly url: URL;
  readonly headers: Headers;
  readonly body: Buffer;
}

export interface FakeAnswer {
  /** 200 unless given. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text and bytes as they are; anything else as JSON. */
  readonly body?: unknown;
  /** Ends the connection after so many bytes of the body. */
  readonly cutAfter?: number;
}

export interface HttpFakeOptions {
  /** The provider's origins, such as `https://api.example.com`. */
  readonly origins: readonly string[];
  /** What a request is for; undefined: none of these (who am I, tokens). */
  readonly pointOf: (request: FakeRequest) => Exclude<FaultPoint, 'any'> | undefined;
  /** What the provider answers where nothing is wrong with its token. A throw is answered with 500 and fails the test that way. */
  readonly answer: (request: FakeRequest) => FakeAnswer | Promise<FakeAnswer>;
  /** How the provider says that it was asked too often: 429 with Retry-After unless given. */
  readonly limited?: (retryAfter: number, request: FakeRequest) => FakeAnswer;
  readonly broken?: (status: number, request: FakeRequest) => FakeAnswer;
  /** How it refuses a token; of places with static keys, how it refuses those. */
  readonly refused: (kind: 'expired-token' | 'revoked-token', request: FakeRequest) => FakeAnswer;
  /** The token of a request; the bearer of Authorization unless given. `null`: this request needs none. */
  readonly tokenOf?: (request: FakeRequest) => string | null | undefined;
}

export interface HttpFake {
  readonly tokens: FakeTokens;
  /** Spread into what `open` of a ProviderFake returns. */
  readonly place: Pick<ProviderPlace, 'routes' | 'fault' | 'heal' | 'requests' | 'close'>;
  readonly fetch: typeof globalThis.fetch;
  /** Whether a fault of this kind waits at this point, which is then used up: for those that only the provider's answer can show. */
  readonly strikes: (kind: ProviderFault['kind'], point: FaultPoint) => boolean;
  /** Where the server listens, such as `http://127.0.0.1:1234`. */
  readonly origin: string;
}

/** The provider's page for browsers, which comes with status 200 where content was meant. */
const LOGIN_PAGE =
  '<!DOCTYPE html><html><head><title>Sign in</title></head><body><form>Please sign in</form></body></html>';

export async function openHttpFake(options: HttpFakeOptions): Promise<HttpFake> {
  const script = createFaultScript();
  const tokens = createFakeTokens();
  const server = createServer((request, response) => {
    serve(options, script, tokens, request, response).catch((thrown: unknown) => {
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { 'content-type': 'text/plain' }).end(`The fake failed: ${String(thrown)}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const routes = Object.fromEntries(options.origins.map((one) => [one, `${origin}/${new URL(one).host}`]));
  return {
    tokens,
    origin,
    fetch: routedFetch(routes),
    strikes: script.strikes,
    place: {
      routes,
      fault: script.add,
      heal: () => {
        script.clear();
        tokens.heal();
      },
      requests: script.count,
      close: () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    },
  };
}

async function serve(
  options: HttpFakeOptions,
  script: FaultScript,
  tokens: FakeTokens,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const request = await requestOf(incoming);
  const point = options.pointOf(request);
  script.seen(point);
  const fault = script.take(point);
  const token = (options.tokenOf ?? bearerOf)(request);
  if (fault?.kind === 'expired-token') tokens.expire();
  if (fault?.kind === 'revoked-token') tokens.revoke();
  const refusal = token === null ? undefined : tokens.refusal(token);
  if (refusal !== undefined) return send(response, options.refused(refusal, request));
  if (fault?.kind === 'rate-limit') {
    return send(response, options.limited?.(fault.retryAfter, request) ?? tooMany(fault.retryAfter));
  }
  if (fault?.kind === 'server-error') {
    return send(response, options.broken?.(fault.status, request) ?? { status: fault.status, body: 'broken' });
  }
  if (fault?.kind === 'html') return send(response, { headers: { 'content-type': 'text/html' }, body: LOGIN_PAGE });
  const answer = await options.answer(request);
  if (fault?.kind === 'cut') return send(response, { ...answer, cutAfter: fault.afterBytes });
  if (fault?.kind === 'lie') {
    // One byte: the same change to all of them may cancel itself out in a hash that is made of XORs.
    const body = bytesOf(answer.body).map((byte, index) => (index === 0 ? byte ^ 1 : byte));
    return send(response, { ...answer, body });
  }
  send(response, answer);
}

/** The content, or the part of it that `Range` asks for, as providers answer that. */
export function rangeAnswer(
  request: FakeRequest,
  content: Uint8Array,
  headers: Record<string, string> = {},
): FakeAnswer {
  const from = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get('range') ?? '');
  if (from === null) return { headers, body: content };
  const start = Number(from[1]);
  const end = from[2] === '' ? content.length : Math.min(content.length, Number(from[2]) + 1);
  const range = `bytes ${start}-${end - 1}/${content.length}`;
  if (start >= content.length) return { status: 416, headers: { 'content-range': `bytes */${content.length}` } };
  return { status: 206, headers: { ...headers, 'content-range': range }, body: content.subarray(start, end) };
}

function send(response: ServerResponse, answer: FakeAnswer): void {
  const body = bytesOf(answer.body);
  const type =
    answer.body === undefined || answer.body instanceof Uint8Array ? 'application/octet-stream' : 'application/json';
  const headers = { 'content-type': type, 'content-length': String(body.length), ...answer.headers };
  response.writeHead(answer.status ?? 200, headers);
  if (answer.cutAfter === undefined || answer.cutAfter >= body.length) {
    response.end(body);
    return;
  }
  response.write(body.subarray(0, answer.cutAfter), () => response.destroy());
  response.flushHeaders();
}

function tooMany(retryAfter: number): FakeAnswer {
  return { status: 429, headers: { 'retry-after': String(retryAfter) }, body: { error: 'too_many_requests' } };
}

function bytesOf(body: unknown): Uint8Array {
  if (body === undefined) return new Uint8Array();
  if (body instanceof Uint8Array) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

function bearerOf(request: FakeRequest): string | undefined {
  return /^Bearer (.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
}

async function requestOf(incoming: IncomingMessage): Promise<FakeRequest> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part);
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return {
    method: incoming.method ?? 'GET',
    url: new URL(`https:/${incoming.url ?? '/'}`),
    headers,
    body: Buffer.concat(parts),
  };
}
