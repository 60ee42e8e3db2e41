/** The application's database role: no superuser, owner of nothing, bound by row-level security. */
import { createHmac } from 'node:crypto';
import pg from 'pg';
import { AppError } from '../kernel/errors.ts';
import { hashBytes } from '../kernel/hash.ts';
import { sqlState } from './errors.ts';
import { scramVerifier } from './scram.ts';

/** The group that the migrations grant rights to. */
export const APP_GROUP = 'cairn_app';

const DUPLICATES = new Set(['42710', '23505']);
const DENIED = '42501';

/**
 * Makes the group and this database's login role if absent, and returns the login's connection string (a secret).
 * Its password is derived from the owner's, so that nothing has to be kept anywhere. Call it under the database's lock.
 * @throws AppError CONFIG_INVALID when the owner may not create roles.
 */
export async function ensureAppRole(owner: pg.ClientBase, ownerUrl: string): Promise<string> {
  const apiUrl = appUrl(ownerUrl);
  try {
    await createIfAbsent(owner, APP_GROUP, 'NOLOGIN');
    if (!(await canLogIn(apiUrl))) await createLogin(owner, apiUrl);
  } catch (cause) {
    if (sqlState(cause) !== DENIED) throw cause;
    throw new AppError('CONFIG_INVALID', 'The user of DATABASE_URL may not create the role that the API connects as', {
      cause,
      hint: `Let a superuser run: ALTER ROLE <that user> CREATEROLE; GRANT ${APP_GROUP} TO <that user> WITH ADMIN OPTION (if the role exists).`,
    });
  }
  return apiUrl;
}

/** The connection string of the application's role for the database of `ownerUrl`. */
export function appUrl(ownerUrl: string): string {
  const url = new URL(ownerUrl);
  const database = decodeURIComponent(url.pathname.slice(1));
  const role = `${APP_GROUP}_${hashBytes(database).slice(0, 12)}`;
  const key = decodeURIComponent(url.password);
  url.username = role;
  url.password = createHmac('sha256', key).update(`cairn application role\n${role}`).digest('base64url');
  return url.href;
}

async function createLogin(owner: pg.ClientBase, apiUrl: string): Promise<void> {
  const { username, password } = new URL(apiUrl);
  const name = pg.escapeIdentifier(username);
  await createIfAbsent(owner, username, 'LOGIN INHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE');
  await owner.query(`ALTER ROLE ${name} PASSWORD ${pg.escapeLiteral(scramVerifier(password))}`);
  await owner.query(`GRANT ${APP_GROUP} TO ${name}`);
}

async function createIfAbsent(owner: pg.ClientBase, role: string, rights: string): Promise<void> {
  const found = await owner.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  if (found.rowCount !== 0) return;
  try {
    await owner.query(`CREATE ROLE ${pg.escapeIdentifier(role)} ${rights}`);
  } catch (cause) {
    // Roles belong to the server: a start on another database, whose lock is another one, may have been faster.
    if (!DUPLICATES.has(sqlState(cause) ?? '')) throw cause;
  }
}

/** Whether the role exists with this password and these rights: then nothing is written. */
async function canLogIn(apiUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: apiUrl, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (cause) {
    // 28P01, 28000: the role is not there yet, or the owner's password has changed since.
    if (sqlState(cause)?.startsWith('28')) return false;
    throw cause;
  }
  try {
    const { rows } = await client.query<{ member: boolean }>('SELECT pg_has_role($1, $2) AS member', [
      APP_GROUP,
      'usage',
    ]);
    return rows[0]?.member === true;
  } finally {
    await client.end();
  }
}
