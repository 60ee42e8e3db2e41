/** From who somebody is at the provider to which user that is here. */
import type { Database } from '../database/connect.ts';
import { lockNames } from '../database/locks.ts';
import { type Query, writeSession } from '../database/session.ts';
import type { Actor, Role } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';
import { uuidv7 } from '../kernel/uuid.ts';
import type { Identity } from './oidc.ts';
import { openSession } from './sessions.ts';

interface FoundUser {
  readonly user_id: string;
  readonly email: string;
  readonly oidc_subject: string | null;
  readonly disabled_at: Date | null;
}

/** Who signs in by the provider makes or links their own user. */
const PROVIDER: Actor = { kind: 'user', label: 'user:signing in by OpenID', role: 'viewer' };

/**
 * Opens a session for the user of an identity: whom the provider named before, else whose address it has verified. Without
 * either, a user with `defaultRole` is made, if there is one. Returns the session's secret.
 * @throws AppError FORBIDDEN when nobody here is meant, or the user is disabled
 */
export async function signInAs(
  { write }: Pick<Database, 'write'>,
  identity: Identity,
  defaultRole: Role | undefined,
  userAgent: string | undefined,
): Promise<string> {
  return writeSession(write, PROVIDER, async ({ client, query }) => {
    // Two first sign-ins of one person at once must find one user.
    await lockNames(client, ['users'], 'exclusive');
    const user =
      (await bySubject(query, identity)) ??
      (await byEmail(query, identity)) ??
      (await newUser(query, identity, defaultRole));
    if (user.disabled_at !== null) throw refused('Your account here is disabled');
    const owner = { label: `user:${user.email}`, userId: user.user_id, role: null };
    return openSession(query, owner, { method: 'oidc', userAgent });
  });
}

const COLUMNS = 'user_id, email, oidc_subject, disabled_at';

async function bySubject(query: Query, { issuer, subject }: Identity): Promise<FoundUser | undefined> {
  const [found] = await query<FoundUser & Record<string, unknown>>(
    'user by subject',
    `SELECT ${COLUMNS} FROM users WHERE oidc_issuer = $1 AND oidc_subject = $2`,
    [issuer, subject],
  );
  return found;
}

async function byEmail(query: Query, { issuer, subject, email }: Identity): Promise<FoundUser | undefined> {
  if (email === undefined) return undefined;
  const [found] = await query<FoundUser & Record<string, unknown>>(
    'user by address',
    `SELECT ${COLUMNS} FROM users WHERE email = $1`,
    [email],
  );
  if (found === undefined) return undefined;
  // The address went to somebody else at the provider: whoever had it before keeps the account.
  if (found.oidc_subject !== null) throw refused(`The account of ${email} here belongs to another sign-in`);
  await query('user linked', 'UPDATE users SET oidc_issuer = $2, oidc_subject = $3 WHERE user_id = $1', [
    found.user_id,
    issuer,
    subject,
  ]);
  return found;
}

async function newUser(query: Query, identity: Identity, role: Role | undefined): Promise<FoundUser> {
  const { issuer, subject, email, name } = identity;
  if (email === undefined)
    throw refused('Nobody here is known by this sign-in, and it names no verified e-mail address');
  if (role === undefined) throw refused(`There is no account for ${email} here`);
  const [made] = await query<FoundUser & Record<string, unknown>>(
    'user made by sign-in',
    `INSERT INTO users (user_id, email, name, role, oidc_issuer, oidc_subject)
     VALUES ($1, $2, left($3, 200), $4, $5, $6)
     RETURNING ${COLUMNS}`,
    [uuidv7(), email, name ?? null, role, issuer, subject],
  );
  if (made === undefined) throw new AppError('INTERNAL', 'A user that was just written is not there');
  return made;
}

const refused = (message: string): AppError =>
  new AppError('FORBIDDEN', message, { hint: 'Ask an administrator to make or enable your account.' });
