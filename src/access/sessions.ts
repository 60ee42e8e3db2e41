/** Browser sessions: an opaque secret in a cookie, its hash in the table. */
import type { Database } from '../database/connect.ts';
import { type Query, writeSession } from '../database/session.ts';
import type { Actor, Role } from '../kernel/actor.ts';
import { uuidv7 } from '../kernel/uuid.ts';
import { newSecret, secretHash } from './secret.ts';
import { ask } from './statement.ts';

type Pools = Pick<Database, 'read' | 'write'>;

/** A session ends 7 days after it began, used or not (its row's `expires_at`), and 12 hours after its last use. */
export const SESSION_DAYS = 7;
const IDLE = "interval '12 hours'";

/** That the session of `alias` is not over. */
export const isOpen = (alias: string): string =>
  `${alias}.expires_at > now() AND ${alias}.last_seen_at > now() - ${IDLE}`;

/** Whose a session is: a user's, or, of the start's link, nobody's with a role of its own. */
export interface SessionOwner {
  /** How the change log names who acts in it: `user:anna@example.org`. */
  readonly label: string;
  readonly userId: string | null;
  readonly role: Role | null;
}

/** How somebody came in. */
export interface Entrance {
  readonly method: 'link' | 'oidc';
  /** What the browser calls itself. */
  readonly userAgent: string | undefined;
}

const LONGEST_AGENT = 300;

/** Opens a session within a transaction, as its own actor. Returns its secret, for the cookie. */
export async function openSession(query: Query, owner: SessionOwner, entrance: Entrance): Promise<string> {
  const secret = newSecret();
  await query('session actor', "SELECT set_config('cairn.actor', $1, true)", [owner.label]);
  await query(
    'session open',
    `INSERT INTO sessions (session_id, hash, label, user_id, role, method, user_agent, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, now() + interval '${SESSION_DAYS} days')`,
    [
      uuidv7(),
      secretHash(secret),
      owner.label,
      owner.userId,
      owner.role,
      entrance.method,
      entrance.userAgent?.slice(0, LONGEST_AGENT).trim() || null,
    ],
  );
  return secret;
}

interface Found {
  readonly id: bigint;
  readonly session_id: string;
  readonly label: string;
  readonly role: Role;
  readonly scopes: readonly string[] | null;
  readonly user_id: string | null;
  readonly expires_at: Date;
  readonly stale: boolean;
}

/** The actor of a session's secret, or null if there is none, it is over, or its user is disabled. */
export async function verifySession({ read, write }: Pools, secret: string): Promise<Actor | null> {
  const [found] = await ask<Found & Record<string, unknown>>(
    read,
    'session verify',
    `SELECT s.id, s.session_id, s.label, coalesce(u.role, s.role) AS role, u.scopes, s.user_id, s.expires_at,
            s.last_seen_at < now() - interval '1 minute' AS stale
       FROM sessions s
       LEFT JOIN users u ON u.user_id = s.user_id
      WHERE s.hash = $1 AND ${isOpen('s')} AND u.disabled_at IS NULL`,
    [secretHash(secret)],
  );
  if (found === undefined) return null;
  if (found.stale)
    await ask(write, 'session seen', 'UPDATE sessions SET last_seen_at = now() WHERE id = $1', [found.id]);
  return {
    kind: 'user',
    label: found.label,
    role: found.role,
    scopes: found.scopes ?? undefined,
    credential: { kind: 'session', id: found.session_id, userId: found.user_id, expiresAt: found.expires_at },
  };
}

/** Ends the session of a secret: its cookie opens nothing from now on. */
export async function closeSession({ write }: Pools, actor: Actor, secret: string): Promise<void> {
  await writeSession(write, actor, ({ query }) =>
    query('session close', 'DELETE FROM sessions WHERE hash = $1', [secretHash(secret)]),
  );
}

/** Ends the session that a browser had before it signed in anew: none is left behind for whoever finds its cookie. */
export async function closeFormer(pools: Pools, secret: string | undefined): Promise<void> {
  const actor = secret === undefined ? null : await verifySession(pools, secret);
  if (secret !== undefined && actor !== null) await closeSession(pools, actor, secret);
}

const UPKEEP: Actor = { kind: 'schedule', label: 'schedule:upkeep', role: 'admin' };

/** Deletes sessions, sign-in links and attempts to sign in that are over. */
export async function deleteEnded({ write }: Pools): Promise<void> {
  await writeSession(write, UPKEEP, ({ query }) =>
    query(
      'delete ended',
      `WITH ended AS (DELETE FROM sessions s WHERE NOT (${isOpen('s')})),
            given_up AS (DELETE FROM sign_in_attempts WHERE expires_at < now())
       DELETE FROM sign_in_links WHERE expires_at < now() - interval '1 day'`,
    ),
  );
}
