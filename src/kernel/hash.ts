import { createHash, hash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** SHA-256 of bytes or of a string's UTF-8, in lower-case hexadecimal. */
export function hashBytes(bytes: Uint8Array | string): string {
  return hash('sha256', bytes, 'hex');
}

/** SHA-256 (lower-case hexadecimal) and size in bytes of a file, read as a stream: memory stays flat whatever its size. */
export async function hashFile(path: string, signal?: AbortSignal): Promise<{ hash: string; size: number }> {
  const hasher = createHash('sha256');
  let size = 0;
  const chunks: AsyncIterable<Buffer> = createReadStream(path, { highWaterMark: 1 << 20, ...(signal && { signal }) });
  for await (const chunk of chunks) {
    hasher.update(chunk);
    size += chunk.length;
  }
  return { hash: hasher.digest('hex'), size };
}
