/** A request's body, read with its bytes counted and its time bounded: neither is told truly by the client. */
import type { IncomingMessage } from 'node:http';
import { HttpError } from './http-error.ts';

export interface BodyLimits {
  /** Bytes. */
  readonly size: number;
  /** Milliseconds for the whole body: one byte a second holds a connection for days. */
  readonly time: number;
}

/**
 * Refuses a compressed body: its bytes are counted as they arrive, and a thousandth of them may be what was allowed.
 * @throws HttpError 415
 */
export function requireUncompressed({ headers }: IncomingMessage, hint = 'Send it as it is.'): void {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity' || encoding === '') return;
  throw new HttpError(415, 'BAD_USER_INPUT', 'A body that is compressed so is not read', { hint });
}

/**
 * The whole body as bytes.
 * @throws HttpError 413 LIMIT_EXCEEDED, 415 for a compressed one, 408 BAD_USER_INPUT when it does not arrive in time or the client leaves
 */
export async function readBody(request: IncomingMessage, limits: BodyLimits): Promise<Buffer> {
  requireUncompressed(request);
  const chunks: Buffer[] = [];
  let size = 0;
  const body = Promise.withResolvers<Buffer>();
  const late = setTimeout(() => body.reject(incomplete()), limits.time);
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= limits.size) chunks.push(chunk);
    else body.reject(tooLarge(limits.size));
  });
  request.on('end', () => body.resolve(Buffer.concat(chunks)));
  request.on('error', () => body.reject(incomplete()));
  onBrokenOff(request, () => body.reject(incomplete()));
  try {
    return await body.promise;
  } finally {
    clearTimeout(late);
  }
}

/**
 * Calls `broken` when nothing more of the body can be read although its end was not: also where its sender left before
 * anybody listened, and where all of it came but went with the connection.
 */
export function onBrokenOff(request: IncomingMessage, broken: () => void): void {
  if (request.destroyed && !request.readableEnded) broken();
  else
    request.once('close', () => {
      if (!request.readableEnded) broken();
    });
}

/** A body of more than `size` bytes. */
export function tooLarge(size: number): HttpError {
  return new HttpError(413, 'LIMIT_EXCEEDED', `The body is larger than ${size} bytes`, {
    hint: 'Send less at once, or upload the file.',
  });
}

/** A body that did not arrive whole. */
export function incomplete(): HttpError {
  return new HttpError(408, 'BAD_USER_INPUT', 'The body did not arrive whole and in time');
}
