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
 * The whole body as bytes.
 * @throws HttpError 413 LIMIT_EXCEEDED, 408 BAD_USER_INPUT when it does not arrive in time or the client leaves
 */
export async function readBody(request: IncomingMessage, limits: BodyLimits): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const late = AbortSignal.timeout(limits.time);
  const stop = (): void => void request.destroy();
  const body = Promise.withResolvers<Buffer>();
  const onLate = (): void => body.reject(incomplete());
  late.addEventListener('abort', onLate);
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= limits.size) chunks.push(chunk);
    else body.reject(tooLarge(limits.size));
  });
  request.on('end', () => body.resolve(Buffer.concat(chunks)));
  request.on('close', () => body.reject(incomplete()));
  request.on('error', stop);
  try {
    return await body.promise;
  } finally {
    late.removeEventListener('abort', onLate);
    request.off('error', stop);
  }
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
