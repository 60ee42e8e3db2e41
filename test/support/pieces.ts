/** What is sent while it is made, for tests that keep what they read. */
import type { SentPieces } from '../../src/http/send-pieces.ts';

/** Each piece copied: its maker uses it again. */
export async function* copiesOf({ pieces }: SentPieces): AsyncGenerator<Uint8Array, void> {
  for await (const piece of pieces) yield Uint8Array.from(piece);
}
