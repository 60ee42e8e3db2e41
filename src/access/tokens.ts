/** Bearer tokens for scripts: given out once, kept as a hash. */
import type { Database } from '../database/connect.ts';
import { type Query, writeSession } from '../database/session.ts';
import type { Actor, Role } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';
import { uuidv7 } from '../kernel/uuid.ts';
import { lesserRights, type Rights, requireWithin } from './rights.ts';
import { isTokenForm, newToken, secretHash } from './secret.ts';
import { ask } from './statement.ts';

type Pools = Pick<Database, 'read' | 'write'>;

/** A token as lists show it; the token itself cannot be shown again. */
export interface TokenSummary {
  readonly tokenId: string;
  readonly name: string;
  readonly role: Role;
  /** Null for all. */
  readonly scopes: readonly string[] | null;
  readonly prefix: string;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

export interface NewToken {
  /** 1 to 100 characters, unique for ever: the change log names the token by it. */
  readonly name: string;
  readonly role: Role;
  /** The contexts that it opens, checked; all of them unless given. */
  readonly scopes?: readonly string[] | null | undefined;
  readonly expiresAt?: Date | null | undefined;
  /** The user whom it is made for. */
  readonly userId?: string | null | undefined;
}

/** What the history calls CAIRN_ADMIN_TOKEN. No other token may be taken for it. */
export const SETTINGS_TOKEN = 'admin';

const NAME_FORM = /^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,99}$/u;

const SUMMARY = `
  token_id AS "tokenId", name, role, scopes, prefix, created_by AS "createdBy", created_at AS "createdAt",
  expires_at AS "expiresAt", last_used_at AS "lastUsedAt", revoked_at AS "revokedAt"`;

const USED = `
  UPDATE tokens SET last_used_at = now()
   WHERE id = (SELECT id FROM tokens WHERE id = $1 FOR UPDATE SKIP LOCKED)`;

/**
 * Creates a token in a transaction of its own; `token` in the answer is its only showing.
 * @throws AppError as {@link addToken}
 */
export async function createToken(
  { write }: Pools,
  actor: Actor,
  wanted: NewToken,
): Promise<{ token: string; summary: TokenSummary }> {
  return writeSession(write, actor, ({ query }) => addToken(query, actor, wanted));
}

/**
 * Creates a token; `token` in the answer is its only showing.
 * @throws AppError BAD_USER_INPUT for a name or an end that cannot be one, FORBIDDEN for more rights than the actor's,
 * NOT_FOUND without such a user, CONFLICT for a name that another token has or had
 */
export async function addToken(
  query: Query,
  actor: Actor,
  wanted: NewToken,
): Promise<{ token: string; summary: TokenSummary }> {
  const { name, role, scopes = null, expiresAt = null, userId = null } = wanted;
  if (!NAME_FORM.test(name)) {
    throw new AppError('BAD_USER_INPUT', 'A token needs a name of letters, digits, spaces and . _ @ - (at most 100)', {
      path: 'name',
      hint: 'Name it after the script that will use it, such as nightly.',
    });
  }
  if (name.toLowerCase() === SETTINGS_TOKEN) {
    throw new AppError('CONFLICT', 'The history calls the token of CAIRN_ADMIN_TOKEN so', {
      path: 'name',
      hint: 'Name it after the script that will use it, such as nightly.',
    });
  }
  if (expiresAt !== null && expiresAt.getTime() <= Date.now())
    throw new AppError('BAD_USER_INPUT', 'That end is over already', { path: 'expiresAt' });
  requireWithin(actor, { role, scopes });
  if (userId !== null) await requireActive(query, userId);
  const { token, prefix, hash } = newToken();
  const [summary] = await query<TokenSummary & Record<string, unknown>>(
    'token create',
    `INSERT INTO tokens (token_id, name, role, scopes, user_id, hash, prefix, created_by, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (name) DO NOTHING
     RETURNING ${SUMMARY}`,
    [uuidv7(), name, role, scopes, userId, hash, prefix, actor.label, expiresAt],
  );
  if (summary !== undefined) return { token, summary };
  throw new AppError('CONFLICT', `A token named "${name}" exists or existed`, {
    path: 'name',
    hint: 'Choose another name: the history names tokens by theirs.',
  });
}

/** Locked: a token must not slip in while its user is being disabled. */
async function requireActive(query: Query, userId: string): Promise<void> {
  const found = await query(
    'user of a token',
    'SELECT FROM users WHERE user_id = $1 AND disabled_at IS NULL FOR SHARE',
    [userId],
  );
  if (found.length === 0) throw new AppError('NOT_FOUND', 'There is no active user with this id', { path: 'userId' });
}

/** Every token, revoked ones too, newest first. */
export async function listTokens({ read }: Pools): Promise<TokenSummary[]> {
  return ask<TokenSummary & Record<string, unknown>>(
    read,
    'token list',
    `SELECT ${SUMMARY} FROM tokens ORDER BY created_at DESC, id DESC`,
  );
}

/**
 * Revokes a token by its name or id; from the next request on it opens nothing. Revoking twice changes nothing.
 * @throws AppError NOT_FOUND, FORBIDDEN for a token with more rights than the actor's
 */
export async function revokeToken({ write }: Pools, actor: Actor, nameOrId: string): Promise<TokenSummary> {
  return writeSession(write, actor, ({ query }) => endToken(query, actor, nameOrId));
}

/** As {@link revokeToken}, within a transaction. */
export async function endToken(query: Query, actor: Actor, nameOrId: string): Promise<TokenSummary> {
  const [summary] = await query<TokenSummary & Record<string, unknown>>(
    'token revoke',
    `UPDATE tokens SET revoked_at = coalesce(revoked_at, now())
      WHERE name = $1 OR token_id::text = $1
     RETURNING ${SUMMARY}`,
    [nameOrId],
  );
  if (summary === undefined) {
    throw new AppError('NOT_FOUND', 'There is no such token', { hint: 'Give its name or id, as the list shows it.' });
  }
  requireWithin(actor, summary);
  return summary;
}

/** That a token `t`, made for the user `u` if for anybody, opens something now. */
export const OPENS = `t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now()) AND u.disabled_at IS NULL`;
/** That its use was noted lately: at most one write a minute, for a script's thousand reads must not become a thousand writes. */
export const USED_LATELY = `t.last_used_at >= now() - interval '1 minute'`;

interface Found extends Rights {
  readonly id: bigint;
  readonly token_id: string;
  readonly name: string;
  readonly user_id: string | null;
  readonly user_role: Role | null;
  readonly user_scopes: readonly string[] | null;
  readonly expires_at: Date | null;
  readonly stale: boolean;
  readonly token_version: string;
  readonly user_version: string;
}

/** The actor that a bearer token stands for, or null if it is none of ours, revoked, expired, or its user is disabled. */
export async function verifyToken(pools: Pools, token: string): Promise<Actor | null> {
  return (await findToken(pools, token))?.actor ?? null;
}

/** Whom a token stands for. */
export interface FoundToken {
  readonly actor: Actor;
  /**
   * Of the rows that say so; the user's is empty where there is none. Any change of them makes others, the note of the token's
   * use as well: then they are not known.
   */
  readonly versions: { readonly token: string; readonly user: string } | undefined;
}

/** As {@link verifyToken}. */
export async function findToken({ read, write }: Pools, token: string): Promise<FoundToken | null> {
  if (!isTokenForm(token)) return null;
  const [found] = await ask<Found & Record<string, unknown>>(
    read,
    'token verify',
    `SELECT t.id, t.token_id, t.name, t.role, t.scopes, t.user_id, u.role AS user_role, u.scopes AS user_scopes,
            t.expires_at, coalesce(NOT ${USED_LATELY}, true) AS stale,
            t.xmin::text AS token_version, coalesce(u.xmin::text, '') AS user_version
       FROM tokens t
       LEFT JOIN users u ON u.user_id = t.user_id
      WHERE t.hash = $1 AND ${OPENS}`,
    [secretHash(token)],
  );
  if (found === undefined) return null;
  // Of those who come meanwhile none waits for the one that notes it.
  if (found.stale) await ask(write, 'token used', USED, [found.id]);
  const { role, scopes } =
    found.user_role === null ? found : lesserRights(found, { role: found.user_role, scopes: found.user_scopes });
  const actor: Actor = {
    kind: 'token',
    label: `token:${found.name}`,
    role,
    scopes: scopes ?? undefined,
    credential: { kind: 'token', id: found.token_id, userId: found.user_id, expiresAt: found.expires_at },
  };
  return { actor, versions: found.stale ? undefined : { token: found.token_version, user: found.user_version } };
}
