/** The one-time link that opens a browser session: good for 15 minutes and for one use. */
import type { Database } from '../database/connect.ts';
import { type Query, writeSession } from '../database/session.ts';
import type { Actor, Role } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';
import { newSecret, secretHash } from './secret.ts';
import { deleteEnded, openSession, type SessionOwner } from './sessions.ts';
import { ask } from './statement.ts';

type Pools = Pick<Database, 'read' | 'write'>;

const LINK_MINUTES = 15;

/** Whoever signs in is known only once the link is read. */
const STRANGER: Actor = { kind: 'user', label: 'user:signing in', role: 'viewer' };

/** A new one-time code for a session that belongs to no user, with this label (`user:anna`) and role. */
export async function createSignInCode(pools: Pools, session: { label: string; role: Role }): Promise<string> {
  await deleteEnded(pools);
  const code = newSecret();
  await ask(
    pools.write,
    'link create',
    `INSERT INTO sign_in_links (hash, label, role, expires_at)
     VALUES ($1, $2, $3, now() + interval '${LINK_MINUTES} minutes')`,
    [secretHash(code), session.label, session.role],
  );
  return code;
}

/** A new one-time code for a session of a user, and when it ends. @throws AppError NOT_FOUND for a user who is disabled or none */
export async function createUserCode(query: Query, userId: string): Promise<{ code: string; expiresAt: Date }> {
  const code = newSecret();
  const [link] = await query<{ expires_at: Date }>(
    'link of a user',
    `INSERT INTO sign_in_links (hash, label, user_id, expires_at)
     SELECT $1, 'user:' || email, user_id, now() + interval '${LINK_MINUTES} minutes' FROM users
      WHERE user_id = $2 AND disabled_at IS NULL
     RETURNING expires_at`,
    [secretHash(code), userId],
  );
  if (link === undefined) throw new AppError('NOT_FOUND', 'There is no active user with this id', { path: 'userId' });
  return { code, expiresAt: link.expires_at };
}

/** The address that a code is used up at. */
export const signInLink = (baseUrl: string, code: string): string => `${baseUrl}/sign-in?code=${code}`;

/**
 * Uses up a code and opens a session. Returns the session's secret, for the cookie. Of two browsers that redeem one code
 * at once the row's lock lets one through.
 * @throws AppError UNAUTHENTICATED for a code that is unknown, used or too old, or whose user is disabled
 */
export async function redeemSignInCode({ write }: Pools, code: string, userAgent?: string): Promise<string> {
  return writeSession(write, STRANGER, async ({ query }) => {
    const [owner] = await query<SessionOwner & Record<string, unknown>>(
      'link redeem',
      `UPDATE sign_in_links l SET used_at = now()
        WHERE l.hash = $1 AND l.used_at IS NULL AND l.expires_at > now()
          AND NOT EXISTS (SELECT FROM users u WHERE u.user_id = l.user_id AND u.disabled_at IS NOT NULL)
       RETURNING l.label, l.user_id AS "userId", l.role`,
      [secretHash(code)],
    );
    if (owner !== undefined) return openSession(query, owner, { method: 'link', userAgent });
    throw new AppError('UNAUTHENTICATED', `This sign-in link has been used or is older than ${LINK_MINUTES} minutes`, {
      hint: 'Ask an administrator for a new one, or start the server again: it prints one.',
    });
  });
}
