/** A mutation's root field: one transaction, then a fresh snapshot to answer from. Who may is the field's `needs`. */
import { type WriteSession, writeSession } from '../database/session.ts';
import { crashPoint } from '../kernel/crash-point.ts';
import type { GraphqlContext } from './context.ts';
import { onceUnderKey, type Part } from './idempotency.ts';

/**
 * Runs `write` in one transaction as the operation's actor. What is read afterwards sees what it committed. With a
 * `part` (a field's info, or a request's own name for what it does) it is done once per Idempotency-Key, and what `write`
 * gives must be plain JSON; such a field has the extension `repeatable`.
 * @throws AppError LIMIT_EXCEEDED, CONFLICT for what takes too long; whatever `write` throws; with nothing written
 */
export async function mutate<T>(
  context: GraphqlContext,
  write: (session: WriteSession) => Promise<T>,
  part?: Part,
): Promise<T> {
  const once = async (session: WriteSession): Promise<T> => {
    const result = await (part === undefined
      ? write(session)
      : onceUnderKey(context, part, session.query, () => write(session)));
    crashPoint('edit.before-commit');
    return result;
  };
  const result = await writeSession(context.database.write, context.actor, once, { isByHand: true });
  crashPoint('edit.committed');
  await context.reads.refresh();
  return result;
}
