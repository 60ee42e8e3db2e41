/** What somebody may do now, who asked for something a while ago: rights may have been taken away since. */
import type { Query } from '../database/session.ts';
import type { Actor, Role } from '../kernel/actor.ts';
import { lesserRights, type Rights } from './rights.ts';
import { isOpen } from './sessions.ts';

/** A token opens no more than the user whom it was made for may. */
const OF_TOKEN = `
  SELECT t.role, t.scopes, u.role AS user_role, u.scopes AS user_scopes
    FROM tokens t
    LEFT JOIN users u ON u.user_id = t.user_id
   WHERE t.token_id = $1 AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now())
     AND u.disabled_at IS NULL`;
const OF_USER = 'SELECT role, scopes FROM users WHERE user_id = $1 AND disabled_at IS NULL';
/** The start's link belongs to no user: nothing but its session says that it still opens anything. */
const OF_LINK = `SELECT s.role, NULL::text[] AS scopes FROM sessions s WHERE s.session_id = $1 AND ${isOpen('s')}`;

interface Found extends Rights {
  readonly user_role?: Role | null;
  readonly user_scopes?: readonly string[] | null;
}

/**
 * The actor with what is left of the rights that it had, or null when its token was revoked, its user disabled, or its session
 * without a user ended. Who signs out takes nothing away from what they asked for. Never more rights than there were.
 */
export async function rightsNow(query: Query, asked: Actor): Promise<Actor | null> {
  const { credential } = asked;
  // The command line, a schedule, and the token of the settings: who sets these up decides at the machine.
  if (credential === undefined) return asked;
  const [text, id] =
    credential.kind === 'token'
      ? [OF_TOKEN, credential.id]
      : credential.userId === null
        ? [OF_LINK, credential.id]
        : [OF_USER, credential.userId];
  const [found] = await query<Found & Record<string, unknown>>(`rights of a ${credential.kind}`, text, [id]);
  if (found === undefined) return null;
  const { user_role: userRole, user_scopes: userScopes = null } = found;
  const now = userRole == null ? found : lesserRights(found, { role: userRole, scopes: userScopes });
  const { role, scopes } = lesserRights({ role: asked.role, scopes: asked.scopes ?? null }, now);
  return { ...asked, role, scopes: scopes ?? undefined };
}
