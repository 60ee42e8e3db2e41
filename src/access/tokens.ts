/** Bearer tokens for scripts: created and revoked by the command line, kept as a hash. */
import type { Database } from '../database/connect.ts';
import type { Actor, Role } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';
import { uuidv7 } from '../kernel/uuid.ts';
import { isTokenForm, newToken, secretHash } from './secret.ts';
import { ask } from './statement.ts';

type Pools = Pick<Database, 'read' | 'write'>;

/** A token as lists show it; the token itself cannot be shown again. */
export interface TokenSummary {
  readonly tokenId: string;
  readonly name: string;
  readonly role: Role;
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
  readonly expiresAt?: Date;
}

const NAME_FORM = /^[\p{L}\p{N}][\p{L}\p{N} ._@-]{0,99}$/u;

const SUMMARY = `
  token_id AS "tokenId", name, role, prefix, created_by AS "createdBy", created_at AS "createdAt",
  expires_at AS "expiresAt", last_used_at AS "lastUsedAt", revoked_at AS "revokedAt"`;

/**
 * Creates a token; `token` in the answer is its only showing.
 * @throws AppError BAD_USER_INPUT for a name that cannot be one, CONFLICT for a name used before
 */
export async function createToken(
  { write }: Pools,
  actor: Actor,
  wanted: NewToken,
): Promise<{ token: string; summary: TokenSummary }> {
  if (!NAME_FORM.test(wanted.name)) {
    throw new AppError('BAD_USER_INPUT', 'A token needs a name of letters, digits, spaces and . _ @ - (at most 100)', {
      path: 'name',
      hint: 'Name it after the script that will use it, such as nightly.',
    });
  }
  const { token, prefix, hash } = newToken();
  const [summary] = await ask<TokenSummary & Record<string, unknown>>(
    write,
    'token create',
    `INSERT INTO tokens (token_id, name, role, hash, prefix, created_by, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (name) DO NOTHING
     RETURNING ${SUMMARY}`,
    [uuidv7(), wanted.name, wanted.role, hash, prefix, actor.label, wanted.expiresAt ?? null],
  );
  if (summary === undefined) {
    throw new AppError('CONFLICT', `A token named "${wanted.name}" exists or existed`, {
      path: 'name',
      hint: 'Choose another name: the history names tokens by theirs.',
    });
  }
  return { token, summary };
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
 * @throws AppError NOT_FOUND
 */
export async function revokeToken({ write }: Pools, nameOrId: string): Promise<TokenSummary> {
  const [summary] = await ask<TokenSummary & Record<string, unknown>>(
    write,
    'token revoke',
    `UPDATE tokens SET revoked_at = coalesce(revoked_at, now())
      WHERE name = $1 OR token_id::text = $1
     RETURNING ${SUMMARY}`,
    [nameOrId],
  );
  if (summary === undefined) {
    throw new AppError('NOT_FOUND', `No token is named "${nameOrId}"`, {
      hint: 'List them: npm run -s cairn -- token list',
    });
  }
  return summary;
}

/** The actor that a bearer token stands for, or null if it is none of ours, revoked or expired. */
export async function verifyToken({ read, write }: Pools, token: string): Promise<Actor | null> {
  if (!isTokenForm(token)) return null;
  const [found] = await ask<{ id: bigint; name: string; role: Role; stale: boolean }>(
    read,
    'token verify',
    `SELECT id, name, role, coalesce(last_used_at < now() - interval '1 minute', true) AS stale
       FROM tokens
      WHERE hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
    [secretHash(token)],
  );
  if (found === undefined) return null;
  // At most one write a minute: a script's thousand reads must not become a thousand writes.
  if (found.stale) await ask(write, 'token used', 'UPDATE tokens SET last_used_at = now() WHERE id = $1', [found.id]);
  return { kind: 'token', label: `token:${found.name}`, role: found.role };
}
