/** Text that we wrote ourselves, as the content of an item. */
import type { Download } from '../connector.ts';

/** A body and its size, from `offset` on: whoever asks for the rest has the version checked before. */
export function textContent(text: string, offset = 0): Pick<Download, 'body' | 'size'> {
  const bytes = new TextEncoder().encode(text);
  return { body: new Blob([bytes.subarray(offset)]).stream(), size: bytes.length };
}
