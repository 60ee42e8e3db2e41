/** Sessions ended by those whose they are, or by who looks after them. */
import type { Query } from '../database/session.ts';
import type { Actor } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';

/** Whose sessions may be ended: of one label, or everybody's. */
export type Whose = { readonly label: string } | 'everybody';

/**
 * Ends a session: its cookie opens nothing from now on.
 * @throws AppError NOT_FOUND, also for somebody else's: ids must not be told apart
 */
export async function endSession(query: Query, whose: Whose, sessionId: string): Promise<void> {
  const ended = await query(
    'session end',
    'DELETE FROM sessions WHERE session_id::text = $1 AND ($2::text IS NULL OR label = $2) RETURNING session_id',
    [sessionId, whose === 'everybody' ? null : whose.label],
  );
  if (ended.length > 0) return;
  throw new AppError('NOT_FOUND', 'There is no session with this id', { path: 'sessionId' });
}

/** Ends every session of the actor; returns how many they were. */
export async function endOwnSessions(query: Query, { label }: Actor): Promise<number> {
  return (await query('own sessions end', 'DELETE FROM sessions WHERE label = $1 RETURNING session_id', [label]))
    .length;
}

/** Ends every session of a user, who must exist; returns how many they were. */
export async function endSessionsOf(query: Query, userId: string): Promise<number> {
  const ended = await query('sessions of a user end', 'DELETE FROM sessions WHERE user_id = $1 RETURNING session_id', [
    userId,
  ]);
  return ended.length;
}
