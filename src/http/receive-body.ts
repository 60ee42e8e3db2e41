/** The body that a route declares, of a request that may bring anything. */
import type { IncomingMessage } from 'node:http';
import { readBody, requireUncompressed } from './body.ts';
import { HttpError } from './http-error.ts';
import { parseJsonBody } from './json-body.ts';
import { type ReceivedStream, receiveStream } from './received-stream.ts';
import { type BodyDeclaration, isStreamed, type JsonBody, type StreamedBody } from './route-facts.ts';

export interface ReceiveLimits {
  /** Bytes of a JSON body. */
  readonly bodySize: number;
  /** Milliseconds for a JSON body, and between two parts of a streamed one. */
  readonly bodyTime: number;
}

export interface ReceivedBody {
  /** A body that is read while it comes. */
  readonly stream: ReceivedStream | undefined;
  /** Bytes that came; of a stream none yet. */
  readonly size: number;
  /** What is checked: the stream, the value of JSON, or undefined. @throws HttpError 415, 400 for what is no JSON */
  readonly read: () => unknown;
}

const NO_BODY: ReceivedBody = { stream: undefined, size: 0, read: () => undefined };

/**
 * Receives the body; JSON is parsed when it is read. One that no route asks for is left unread.
 * @throws HttpError 413 LIMIT_EXCEEDED, 415 for another type or encoding, 408
 */
export async function receiveBody(
  request: IncomingMessage,
  declared: BodyDeclaration | undefined,
  limits: ReceiveLimits,
): Promise<ReceivedBody> {
  if (declared === undefined) return NO_BODY;
  if (!isStreamed(declared)) return receiveJson(request, declared, limits);
  const stream = openStream(request, declared, limits);
  return { stream, size: 0, read: () => stream };
}

async function receiveJson(request: IncomingMessage, declared: JsonBody, limits: ReceiveLimits): Promise<ReceivedBody> {
  const contentType = request.headers['content-type'] ?? '';
  if (contentType === '' && declared.optional === true && hasNoBody(request)) return NO_BODY;
  if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(contentType)) throw wrongType(['application/json']);
  const size = Math.min(declared.most ?? limits.bodySize, limits.bodySize);
  const bytes = await readBody(request, { size, time: limits.bodyTime });
  return { stream: undefined, size: bytes.length, read: () => parseJsonBody(bytes, contentType) };
}

const hasNoBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;

function openStream(
  request: IncomingMessage,
  { streamed, most, gzip = false }: StreamedBody,
  limits: ReceiveLimits,
): ReceivedStream {
  const contentType = request.headers['content-type'] ?? '';
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (!Object.hasOwn(streamed, type)) throw wrongType(Object.keys(streamed));
  const isGzip = gzip && /^(?:x-)?gzip$/i.test(request.headers['content-encoding']?.trim() ?? '');
  if (!isGzip) requireUncompressed(request, gzip ? 'Send it as it is, or as gzip.' : undefined);
  const length = Number(request.headers['content-length'] ?? 0);
  if (!isGzip && length > most) throw new HttpError(413, 'LIMIT_EXCEEDED', `The body is larger than ${most} bytes`);
  return { type, ...receiveStream(request, { most, idle: limits.bodyTime, isGzip }) };
}

function wrongType(types: readonly string[]): HttpError {
  return new HttpError(415, 'BAD_USER_INPUT', `The body comes as ${types.join(' or ')}`, {
    hint: 'Say so in the header Content-Type.',
  });
}
