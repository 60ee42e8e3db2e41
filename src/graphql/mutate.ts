/** A mutation's root field: one transaction, then a fresh snapshot to answer from. Who may is the field's `needs`. */
import { type WriteSession, writeSession } from '../database/session.ts';
import type { GraphqlContext } from './context.ts';

/**
 * Runs `write` in one transaction as the operation's actor. What is read afterwards sees what it committed.
 * @throws AppError LIMIT_EXCEEDED, CONFLICT for what takes too long; whatever `write` throws; with nothing written
 */
export async function mutate<T>(context: GraphqlContext, write: (session: WriteSession) => Promise<T>): Promise<T> {
  const result = await writeSession(context.database.write, context.actor, write, { isByHand: true });
  await context.reads.refresh();
  return result;
}
