/** Browser sessions: an opaque secret in a cookie, its hash in the table. */
import type { Database } from '../database/connect.ts';
import type { Actor, Role } from '../kernel/actor.ts';
import { secretHash } from './secret.ts';
import { ask } from './statement.ts';

type Pools = Pick<Database, 'read' | 'write'>;

/** A session ends 7 days after it began, used or not (its row's `expires_at`), and 12 hours after its last use. */
export const SESSION_DAYS = 7;
const IDLE = "interval '12 hours'";

/** The actor of a session's secret, or null if there is none, or it is over. */
export async function verifySession({ read, write }: Pools, secret: string): Promise<Actor | null> {
  const [found] = await ask<{ id: bigint; label: string; role: Role; stale: boolean }>(
    read,
    'session verify',
    `SELECT id, label, role, last_seen_at < now() - interval '1 minute' AS stale
       FROM sessions
      WHERE hash = $1 AND expires_at > now() AND last_seen_at > now() - ${IDLE}`,
    [secretHash(secret)],
  );
  if (found === undefined) return null;
  if (found.stale)
    await ask(write, 'session seen', 'UPDATE sessions SET last_seen_at = now() WHERE id = $1', [found.id]);
  return { kind: 'user', label: found.label, role: found.role };
}

/** Ends a session: its cookie opens nothing from now on. */
export async function closeSession({ write }: Pools, secret: string): Promise<void> {
  await ask(write, 'session close', 'DELETE FROM sessions WHERE hash = $1', [secretHash(secret)]);
}

/** Deletes sessions and sign-in links that are over. */
export async function deleteEnded({ write }: Pools): Promise<void> {
  await ask(
    write,
    'delete ended',
    `WITH ended AS (DELETE FROM sessions WHERE expires_at < now() OR last_seen_at < now() - ${IDLE})
     DELETE FROM sign_in_links WHERE expires_at < now() - interval '1 day'`,
  );
}
