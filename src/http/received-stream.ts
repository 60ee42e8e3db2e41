/** A body that is read while it arrives: counted, bounded, unpacked where its route allows that. */
import type { IncomingMessage } from 'node:http';
import { type Readable, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { incomplete, onBrokenOff, tooLarge } from './body.ts';
import { HttpError } from './http-error.ts';

/** A body on its way. Who answers the request reads it to its end or leaves it: the kit then lets the rest pass unread. */
export interface ReceivedStream {
  /** One of the media types that the route declares. */
  readonly type: string;
  /** The header Content-Type as it came, such as `text/csv; charset=utf-8`. */
  readonly contentType: string;
  /**
   * Unpacked and bounded: it fails with an AppError where the body is too large (413), ends early (408), is no gzip (400),
   * or stops arriving (408).
   */
  readonly stream: Readable;
  /** Bytes as they came from the client, so far. */
  readonly received: () => number;
}

/** Whether a value is one. */
export function isReceivedStream(value: unknown): value is ReceivedStream {
  return typeof value === 'object' && value !== null && 'stream' in value && 'received' in value;
}

export interface StreamLimits {
  /** Bytes as they are read: of what comes compressed, unpacked. */
  readonly most: number;
  /** Milliseconds without a byte after which the client is given up. */
  readonly idle: number;
  readonly isGzip: boolean;
}

/**
 * Opens the body. The request itself is never destroyed, or its client would see a broken connection instead of the answer:
 * whoever answers lets what remains pass.
 */
export function receiveStream(
  request: IncomingMessage,
  { most, idle, isGzip }: StreamLimits,
): Omit<ReceivedStream, 'type'> {
  let received = 0;
  request.on('data', (chunk: Buffer) => {
    received += chunk.length;
  });
  let first: Transform | undefined;
  const bounded = boundOf(most, () => {
    request.setTimeout(0);
    // At once: letting go pauses the request, and who lets the rest of it pass has resumed it by the next tick.
    if (first !== undefined) request.unpipe(first);
    if (first !== bounded) first?.destroy();
  });
  first = isGzip ? unpacking(bounded) : bounded;
  const fail = (error: Error): void => void bounded.destroy(error);
  onBrokenOff(request, () => fail(incomplete()));
  request.once('error', () => fail(incomplete()));
  request.setTimeout(idle, () => fail(incomplete()));
  // Also when nobody reads any more: without a listener an error of a stream ends the process.
  bounded.on('error', () => undefined);
  request.pipe(first);
  return { stream: bounded, contentType: request.headers['content-type'] ?? '', received: () => received };
}

/** Passes `most` bytes at most; `leave` is called as soon as no more is read. */
function boundOf(most: number, leave: () => void): Transform {
  let size = 0;
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      size += chunk.length;
      if (size > most) done(tooLarge(most));
      else done(null, chunk);
    },
    destroy: (error, done) => {
      leave();
      done(error);
    },
  });
}

function unpacking(into: Transform): Transform {
  const gunzip = createGunzip();
  gunzip.on('error', () => into.destroy(new HttpError(400, 'BAD_USER_INPUT', 'The body is no whole gzip')));
  gunzip.pipe(into);
  return gunzip;
}
