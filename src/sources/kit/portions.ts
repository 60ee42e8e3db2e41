/** An upload's bytes in portions of one size, as stores take them. */
import { ConnectorError, type UploadRequest } from '../connector.ts';

export interface Portion {
  /** Where it begins in the whole. */
  readonly from: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * The bytes from `from` on, each portion `size` long but the last one. Memory holds one portion.
 * @throws ConnectorError conflict where more or fewer bytes come than the request says
 */
export async function* portions(
  request: Pick<UploadRequest, 'open' | 'size' | 'path'>,
  from: number,
  size: number,
): AsyncGenerator<Portion> {
  let at = from;
  let held = Buffer.alloc(Math.min(size, Math.max(0, request.size - at)));
  let filled = 0;
  for await (const chunk of request.open(from)) {
    for (let taken = 0; taken < chunk.length; ) {
      if (held.length === 0) throw changed(request.path);
      const part = chunk.subarray(taken, taken + held.length - filled);
      held.set(part, filled);
      taken += part.length;
      filled += part.length;
      if (filled < held.length) continue;
      yield { from: at, bytes: held };
      at += filled;
      filled = 0;
      held = Buffer.alloc(Math.min(size, request.size - at));
    }
  }
  if (at < request.size) throw changed(request.path);
}

function changed(path: string): ConnectorError {
  return new ConnectorError('conflict', `"${path}" changed while it was read`);
}
