/** Turns at the database: an operation asks when its actor's turn has come, where a server shares them out. */
import type { GraphqlContext, Reads } from './context.ts';

/** What is waited for apart: documents to be parsed and validated, reading, editing by hand, and imports, which may take hours. */
export type Lane = 'document' | 'read' | 'write' | 'import';

export type InTurn = <T>(lane: Lane, work: () => Promise<T> | T) => Promise<T>;

/** The extension of a mutation's field that is waited for apart from edits. */
export const IMPORT_LANE = { lane: 'import' } as const;

// Keyed by what survives the copying of a context.
const turns = new WeakMap<Reads, InTurn>();

/** Makes the operations of this context wait for their turn. */
export function setTurn({ reads }: GraphqlContext, turn: InTurn): void {
  turns.set(reads, turn);
}

/**
 * Runs `work` when the turn of the context's actor has come; at once where nobody shares turns out.
 * @throws AppError RATE_LIMITED, INTERRUPTED; whatever `work` throws
 */
export async function inTurn<T>({ reads }: GraphqlContext, lane: Lane, work: () => Promise<T> | T): Promise<T> {
  const turn = turns.get(reads);
  return turn === undefined ? work() : turn(lane, work);
}
