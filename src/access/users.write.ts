/** People: made, changed, disabled. Each change stands in the access log with its actor. */
import { lockNames } from '../database/locks.ts';
import type { Query, WriteSession } from '../database/session.ts';
import { type Actor, ROLES, type Role } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';
import { uuidv7 } from '../kernel/uuid.ts';
import { type Rights, requireWithin } from './rights.ts';

export interface NewUser {
  readonly email: string;
  /** 1 to 200 characters. */
  readonly name?: string | null | undefined;
  readonly role: Role;
  /** Checked; null for all. */
  readonly scopes: readonly string[] | null;
}

/** What to change; absent is kept. */
export interface UserPatch {
  /** Null clears it. */
  readonly name?: string | null | undefined;
  readonly role?: Role | undefined;
  /** Checked; null for all. */
  readonly scopes?: readonly string[] | null | undefined;
}

const EMAIL_FORM = /^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u;
const LONGEST_EMAIL = 320;
const LONGEST_NAME = 200;

/**
 * Makes a user and returns the id.
 * @throws AppError BAD_USER_INPUT, FORBIDDEN for more rights than the actor's, CONFLICT for an address that a user has
 */
export async function createUser(query: Query, actor: Actor, wanted: NewUser): Promise<string> {
  const email = readEmail(wanted.email);
  requireWithin(actor, wanted);
  const [made] = await query<{ user_id: string }>(
    'user create',
    `INSERT INTO users (user_id, email, name, role, scopes) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (email) DO NOTHING
     RETURNING user_id`,
    [uuidv7(), email, readName(wanted.name), wanted.role, wanted.scopes],
  );
  if (made !== undefined) return made.user_id;
  throw new AppError('CONFLICT', `There is a user with the address ${email}`, {
    path: 'email',
    hint: 'Change that user, or enable it if it is disabled.',
  });
}

/**
 * Changes a user.
 * @throws AppError NOT_FOUND, BAD_USER_INPUT, FORBIDDEN for more rights than the actor's, before or after, CONFLICT when
 * no administrator would remain
 */
export async function updateUser(session: WriteSession, actor: Actor, userId: string, patch: UserPatch): Promise<void> {
  const found = await lockUser(session, actor, userId);
  const role = patch.role ?? found.role;
  const scopes = patch.scopes === undefined ? found.scopes : patch.scopes;
  requireWithin(actor, { role, scopes });
  if (role !== 'admin' || scopes !== null) await requireOtherAdmin(session.query, actor, userId);
  const name = patch.name === undefined ? found.name : readName(patch.name);
  await session.query('user update', 'UPDATE users SET name = $2, role = $3, scopes = $4 WHERE user_id = $1', [
    userId,
    name,
    role,
    scopes,
  ]);
}

/**
 * Disables a user: sessions, links and tokens made for the user end at once. Doing it twice changes nothing.
 * @throws AppError NOT_FOUND, FORBIDDEN, CONFLICT as {@link updateUser}
 */
export async function disableUser(session: WriteSession, actor: Actor, userId: string): Promise<void> {
  await lockUser(session, actor, userId);
  await requireOtherAdmin(session.query, actor, userId);
  await session.query(
    'user disable',
    `WITH disabled AS (UPDATE users SET disabled_at = coalesce(disabled_at, now()) WHERE user_id = $1),
          ended AS (DELETE FROM sessions WHERE user_id = $1),
          unlinked AS (DELETE FROM sign_in_links WHERE user_id = $1)
     UPDATE tokens SET revoked_at = now() WHERE user_id = $1 AND revoked_at IS NULL`,
    [userId],
  );
}

/**
 * Lets a disabled user in again, by a new sign-in; tokens stay revoked.
 * @throws AppError NOT_FOUND, FORBIDDEN
 */
export async function enableUser(session: WriteSession, actor: Actor, userId: string): Promise<void> {
  await lockUser(session, actor, userId);
  await session.query('user enable', 'UPDATE users SET disabled_at = NULL WHERE user_id = $1', [userId]);
}

interface FoundUser extends Rights {
  readonly name: string | null;
  readonly email: string;
  readonly disabled_at: Date | null;
}

/**
 * The user, with everyone else's changes of users waiting: of two administrators who take each other's rights at once
 * one must remain.
 * @throws AppError NOT_FOUND, FORBIDDEN for a user with more rights than the actor's
 */
export async function lockUser({ client, query }: WriteSession, actor: Actor, userId: string): Promise<FoundUser> {
  await lockNames(client, ['users'], 'exclusive');
  const [found] = await query<FoundUser & Record<string, unknown>>(
    'user by id',
    'SELECT name, email, role, scopes, disabled_at FROM users WHERE user_id::text = $1',
    [userId],
  );
  if (found === undefined) throw new AppError('NOT_FOUND', 'There is no user with this id', { path: 'userId' });
  requireWithin(actor, found);
  return found;
}

/** The command line can always make another; whoever has only the API could lock everyone out. */
async function requireOtherAdmin(query: Query, actor: Actor, userId: string): Promise<void> {
  if (actor.kind === 'command') return;
  const admins = await query<{ user_id: string }>(
    'administrators',
    "SELECT user_id FROM users WHERE role = 'admin' AND scopes IS NULL AND disabled_at IS NULL ORDER BY id",
  );
  if (admins.length !== 1 || admins[0]?.user_id !== userId) return;
  throw new AppError('CONFLICT', 'This is the last active administrator with every scope', {
    path: 'userId',
    hint: 'Make another one first, or use the command line on the server’s machine.',
  });
}

function readEmail(text: string): string {
  const email = text.trim().normalize('NFC').toLowerCase();
  if (EMAIL_FORM.test(email) && email.length <= LONGEST_EMAIL) return email;
  throw new AppError('BAD_USER_INPUT', 'This is no e-mail address', { path: 'email' });
}

function readName(name: string | null | undefined): string | null {
  const trimmed = name?.trim() ?? '';
  if (trimmed.length > LONGEST_NAME || /\p{Cc}/u.test(trimmed))
    throw new AppError('BAD_USER_INPUT', `A name has at most ${LONGEST_NAME} characters, all in one line`, {
      path: 'name',
    });
  return trimmed === '' ? null : trimmed;
}

/** Whether a text names a role. */
export const isRole = (text: string): text is Role => ROLES.some((role) => role === text);
