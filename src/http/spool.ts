/** A streamed body on disk: what is counted and hashed there can be read twice, and nothing of it stands in memory. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as whatElseCame } from 'node:timers/promises';
import { asDiskFull } from '../kernel/disk-full.ts';
import { uuidv7 } from '../kernel/uuid.ts';
import { incomplete } from './body.ts';
import { HttpError } from './http-error.ts';
import type { ReceivedStream } from './received-stream.ts';

export interface SpooledBody {
  /** Absolute; whoever spooled it deletes it. */
  readonly path: string;
  /** Bytes, unpacked. */
  readonly size: number;
  /** SHA-256 of them, hexadecimal. */
  readonly hash: string;
}

export interface SpoolLimits {
  /** How many bytes may come out of one. What people write packs ten to fifty times. */
  readonly ratio: number;
  /** Bytes to which anything may unpack. */
  readonly freely: number;
}

const SPOOL_LIMITS: SpoolLimits = { ratio: 200, freely: 64 * 1024 * 1024 };
/** Bytes a second, once a minute has passed: a body of one byte now and then would hold its connection and file for hours. */
const SLOWEST = 4_096;
const PATIENCE_MS = 60_000;

/**
 * Writes the body to a new file in `folder`. Nothing stays there if it throws. `left` is aborted when the client leaves.
 * @throws HttpError 400 for an empty body, 408 for one that ends early or is slower than a telephone, 413 for one that unpacks
 * to far more than came; AppError DISK_FULL; what the stream fails with
 */
export async function spoolBody(
  body: Pick<ReceivedStream, 'stream' | 'received'>,
  folder: string,
  left?: AbortSignal,
  limits: SpoolLimits = SPOOL_LIMITS,
): Promise<SpooledBody> {
  const path = join(folder, uuidv7());
  const hash = createHash('sha256');
  const began = performance.now();
  let size = 0;
  const measured = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      size += chunk.length;
      hash.update(chunk);
      const late = performance.now() - began - PATIENCE_MS;
      if (size > limits.freely && size > body.received() * limits.ratio) done(unpacksTooFar(limits.ratio));
      else if (late > 0 && body.received() < (late / 1000) * SLOWEST) done(incomplete());
      else done(null, chunk);
    },
  });
  try {
    await pipeline(body.stream, measured, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
    if (size === 0) throw new HttpError(400, 'BAD_USER_INPUT', 'The body is empty', { hint: 'Send the records.' });
    // What came behind the end that the client had declared has broken the connection by now.
    await whatElseCame();
    if (left?.aborted) throw incomplete();
    return { path, size, hash: hash.digest('hex') };
  } catch (thrown) {
    await rm(path, { force: true });
    throw asDiskFull(thrown);
  }
}

function unpacksTooFar(ratio: number): HttpError {
  return new HttpError(413, 'LIMIT_EXCEEDED', `The body unpacks to more than ${ratio} times what came`, {
    hint: 'Send it in several parts, or unpacked.',
  });
}
