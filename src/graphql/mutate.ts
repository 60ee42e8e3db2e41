/** A mutation's root field: rights, one transaction, then a fresh snapshot to answer from. */
import { type WriteSession, writeSession } from '../database/session.ts';
import type { Role } from '../kernel/actor.ts';
import { requireRole } from './authorize.ts';
import type { GraphqlContext } from './context.ts';

/**
 * Runs `write` in one transaction as the operation's actor. What is read afterwards sees what it committed.
 * @throws AppError FORBIDDEN; whatever `write` throws, with nothing written
 */
export async function mutate<T>(
  context: GraphqlContext,
  role: Role,
  write: (session: WriteSession) => Promise<T>,
): Promise<T> {
  requireRole(context, role);
  const result = await writeSession(context.database.write, context.actor, write);
  await context.reads.refresh();
  return result;
}
