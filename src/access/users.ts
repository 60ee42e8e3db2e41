/** Users for the command line: listed, and found by what people call them. */
import type { Database } from '../database/connect.ts';
import type { Query } from '../database/session.ts';
import { AppError } from '../kernel/errors.ts';
import type { Rights } from './rights.ts';
import { ask } from './statement.ts';

/** A user as lists show it. */
export interface UserSummary extends Rights {
  readonly userId: string;
  readonly email: string;
  readonly name: string | null;
  readonly createdAt: Date;
  readonly disabledAt: Date | null;
}

/** Every user, disabled ones too, by address. */
export async function listUsers({ read }: Pick<Database, 'read'>): Promise<UserSummary[]> {
  return ask<UserSummary & Record<string, unknown>>(
    read,
    'user list',
    `SELECT user_id AS "userId", email, name, role, scopes, created_at AS "createdAt", disabled_at AS "disabledAt"
       FROM users
      ORDER BY email`,
  );
}

/** The id of a user by address or id. @throws AppError NOT_FOUND */
export async function userIdOf(query: Query, emailOrId: string): Promise<string> {
  const [found] = await query<{ user_id: string }>(
    'user by address or id',
    'SELECT user_id FROM users WHERE email = $1 OR user_id::text = $1',
    [emailOrId.trim().normalize('NFC').toLowerCase()],
  );
  if (found !== undefined) return found.user_id;
  throw new AppError('NOT_FOUND', `There is no user ${emailOrId}`, {
    hint: 'List them: npm run -s cairn -- user list',
  });
}
