/** Bodies that are parsed in a turn of their sender's. */
import type { InTurn } from '../graphql/turn.ts';
import { hearOthers } from './hear-others.ts';

/** Bytes: to parse and check more than this holds everybody up. */
const LARGE = 100_000;

/** What `read` makes of a body of so many bytes: of a large one when its sender's turn has come. @throws AppError RATE_LIMITED, INTERRUPTED; whatever `read` throws */
export async function readLarge<T>(bytes: number, inTurn: InTurn, read: () => T): Promise<T> {
  if (bytes <= LARGE) return read();
  return inTurn('document', async () => {
    const value = read();
    await hearOthers();
    return value;
  });
}
