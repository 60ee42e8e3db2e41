/** The one-time link that opens a browser session: printed by the server, good for 15 minutes and for one use. */
import type { Database } from '../database/connect.ts';
import type { Role } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';
import { newSecret, secretHash } from './secret.ts';
import { deleteEnded, SESSION_DAYS } from './sessions.ts';
import { ask } from './statement.ts';

type Pools = Pick<Database, 'read' | 'write'>;

const LINK_MINUTES = 15;

/** A new one-time code for a session with this label (`user:anna`) and role. */
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

/**
 * Uses up a code and opens a session. Returns the session's secret, for the cookie. One statement: of two browsers that
 * redeem one code at once the row lock lets one through.
 * @throws AppError UNAUTHENTICATED for a code that is unknown, used or too old
 */
export async function redeemSignInCode({ write }: Pools, code: string): Promise<string> {
  const secret = newSecret();
  const opened = await ask(
    write,
    'link redeem',
    `WITH link AS (
       UPDATE sign_in_links SET used_at = now()
        WHERE hash = $1 AND used_at IS NULL AND expires_at > now()
       RETURNING label, role
     )
     INSERT INTO sessions (hash, label, role, expires_at)
     SELECT $2, label, role, now() + interval '${SESSION_DAYS} days' FROM link
     RETURNING id`,
    [secretHash(code), secretHash(secret)],
  );
  if (opened.length === 1) return secret;
  throw new AppError('UNAUTHENTICATED', 'This sign-in link has been used or is older than 15 minutes', {
    hint: 'Start the server again for a new one.',
  });
}
