import { createHash } from 'node:crypto';
import type { Download } from '../connector.ts';

/** Whether a download holds these bytes; it is read to its end only where its size says that it may. */
export async function isContent(
  { body, size }: Download,
  wanted: { readonly size: number; readonly hash: string },
): Promise<boolean> {
  if (size !== undefined && size !== wanted.size) {
    await body.cancel();
    return false;
  }
  const hash = createHash('sha256');
  for await (const chunk of body) hash.update(chunk);
  return hash.digest('hex') === wanted.hash;
}
