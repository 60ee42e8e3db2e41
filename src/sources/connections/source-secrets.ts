/** What opens a source, sealed in its row. Nothing but the work on that source ever opens it. */
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Query } from '../../database/session.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Keyring, SealedPlace } from '../../kernel/keyring.ts';
import type { Tokens } from './oauth-client.ts';

export type SourceSecret =
  | { readonly kind: 'oauth'; readonly tokens: Tokens }
  | { readonly kind: 'keys'; readonly keys: Readonly<Record<string, string>> };

/** A source, and whose it is: both bind what is sealed. */
export interface SecretOf {
  readonly source_id: string;
  readonly owner_id: string;
}

/** As it is sealed. */
const WRITTEN = Type.Object({
  accessToken: Type.Optional(Type.String()),
  refreshToken: Type.Optional(Type.String()),
  expiresAt: Type.Optional(Type.String()),
  keys: Type.Optional(Type.Record(Type.String(), Type.String())),
});

const placeOf = ({ source_id: row, owner_id: owner }: SecretOf): SealedPlace => ({
  table: 'source_secrets',
  row,
  column: 'sealed',
  owner,
});

/**
 * The secret of a source; with `lock` nobody else reads it so until the transaction ends.
 * @throws AppError SECRET_UNREADABLE
 */
export async function readSecret(
  query: Query,
  keyring: Keyring,
  source: SecretOf,
  lock: 'lock' | 'look',
): Promise<SourceSecret | undefined> {
  const [row] = await query<{ sealed: string }>(
    `source secret ${lock}`,
    `SELECT sealed FROM source_secrets WHERE source_id = $1${lock === 'lock' ? ' FOR UPDATE' : ''}`,
    [source.source_id],
  );
  return row === undefined ? undefined : secretOf(await keyring.open(row.sealed, placeOf(source)));
}

/** Seals and writes it, in place of what was there. */
export async function writeSecret(
  query: Query,
  keyring: Keyring,
  source: SecretOf,
  secret: SourceSecret,
): Promise<void> {
  const sealed = await keyring.seal(JSON.stringify(writtenOf(secret)), placeOf(source));
  await query(
    'source secret write',
    `INSERT INTO source_secrets (source_id, owner_id, sealed, key_id, expires_at)
     VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (source_id) DO UPDATE
        SET sealed = excluded.sealed, key_id = excluded.key_id, expires_at = excluded.expires_at, updated_at = now()`,
    [
      source.source_id,
      source.owner_id,
      sealed,
      await keyring.writes(),
      secret.kind === 'oauth' ? (secret.tokens.expiresAt ?? null) : null,
    ],
  );
}

/** Forgets it. */
export async function dropSecret(query: Query, sourceId: string): Promise<void> {
  await query('source secret drop', 'DELETE FROM source_secrets WHERE source_id = $1', [sourceId]);
}

function writtenOf(secret: SourceSecret): object {
  if (secret.kind === 'keys') return { keys: secret.keys };
  return { ...secret.tokens, expiresAt: secret.tokens.expiresAt?.toISOString() };
}

function secretOf(text: string): SourceSecret {
  const told: unknown = JSON.parse(text);
  if (Value.Check(WRITTEN, told)) {
    const { accessToken, refreshToken, expiresAt, keys } = told;
    if (keys !== undefined) return { kind: 'keys', keys };
    if (accessToken !== undefined) {
      const expires = expiresAt === undefined ? undefined : new Date(expiresAt);
      return { kind: 'oauth', tokens: { accessToken, refreshToken, expiresAt: expires } };
    }
  }
  throw new AppError('SECRET_UNREADABLE', 'A sealed secret is of another release', {
    hint: 'Connect the source again.',
  });
}
