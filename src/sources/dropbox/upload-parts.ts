/** The bytes of an upload in portions that fit one request. */
import { ConnectorError, type UploadRequest } from '../connector.ts';

/** A multiple of the 4 MiB that Dropbox asks for; one is held in memory at a time. */
export const PART = 8 * 1024 * 1024;

/**
 * Parts of {@link PART} bytes from `offset` on, the last one shorter.
 * @throws ConnectorError conflict where the content is longer or shorter than was told; the signal's reason
 */
export async function* partsFrom(
  request: UploadRequest,
  offset: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let bytes = 0;
  let left = request.size - offset;
  if (left === 0) return;
  for await (const chunk of request.open(offset)) {
    signal.throwIfAborted();
    for (let from = 0; from < chunk.length; ) {
      const piece = chunk.subarray(from, from + Math.min(PART, left) - bytes);
      if (piece.length === 0) throw changed(request);
      held.push(piece);
      from += piece.length;
      bytes += piece.length;
      if (bytes < Math.min(PART, left)) continue;
      yield Buffer.concat(held);
      left -= bytes;
      held = [];
      bytes = 0;
    }
  }
  if (left > 0) throw changed(request);
}

function changed(request: UploadRequest): ConnectorError {
  return new ConnectorError(
    'conflict',
    `The content of ${request.path} is not the ${request.size} bytes that were told`,
  );
}
