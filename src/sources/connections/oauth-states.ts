/** People on their way to a provider and back: each may come back once, within ten minutes, and as who they left. */
import { newSecret, secretHash } from '../../access/secret.ts';
import { type Query, writeSession } from '../../database/session.ts';
import { type Actor, HOUSEKEEPER, ownerOf } from '../../kernel/actor.ts';
import { AppError } from '../../kernel/errors.ts';
import type { SealedPlace } from '../../kernel/keyring.ts';
import type { SourcesHouse } from '../sources-house.ts';
import type { SecretOf } from './source-secrets.ts';

export const STATE_MINUTES = 10;
/** More than a person begins by mistake; who asks for more fills the table. */
const MOST_OF_A_SOURCE = 20;

export interface BegunState {
  /** What the provider gives back. */
  readonly state: string;
  /** Of PKCE. */
  readonly verifier: string;
  readonly expiresAt: Date;
}

export interface EndedState {
  readonly sourceId: string;
  readonly verifier: string;
  readonly redirectUri: string;
}

const placeOf = (hash: string, owner: string): SealedPlace => ({
  table: 'oauth_states',
  row: hash,
  column: 'sealed_verifier',
  owner,
});

/** Remembers that an actor leaves. @throws AppError RATE_LIMITED */
export async function beginState(
  { keyring }: SourcesHouse,
  query: Query,
  actor: Actor,
  source: SecretOf,
  redirectUri: string,
): Promise<BegunState> {
  const state = newSecret();
  const verifier = newSecret();
  const hash = secretHash(state);
  const sealed = await keyring.seal(JSON.stringify([verifier, ownerOf(actor)]), placeOf(hash, source.owner_id));
  const [begun] = await query<{ expires_at: Date }>(
    'oauth state begin',
    `WITH given_up AS (DELETE FROM oauth_states WHERE expires_at < now())
     INSERT INTO oauth_states (state_hash, source_id, owner_id, sealed_verifier, redirect_uri, expires_at)
     SELECT $1, $2, $3, $4, $5, now() + interval '${STATE_MINUTES} minutes'
      WHERE (SELECT count(*) FROM oauth_states WHERE source_id = $2 AND expires_at > now()) < ${MOST_OF_A_SOURCE}
     RETURNING expires_at`,
    [hash, source.source_id, source.owner_id, sealed, redirectUri],
  );
  if (begun !== undefined) return { state, verifier, expiresAt: begun.expires_at };
  throw new AppError('RATE_LIMITED', 'This source is being connected too often at once', {
    hint: 'Try again in a few minutes.',
  });
}

/**
 * Uses a state up for the actor who began it; for anybody else it stays what it was.
 * @throws AppError UNAUTHENTICATED when there is none, no more, or nobody signed in; FORBIDDEN for somebody else
 */
export async function endState(house: SourcesHouse, actor: Actor | null, state: string): Promise<EndedState> {
  const hash = secretHash(state);
  return writeSession(house.database.write, HOUSEKEEPER, async ({ query }) => {
    const [row] = await query<{ source_id: string; owner_id: string; sealed_verifier: string; redirect_uri: string }>(
      'oauth state find',
      `SELECT source_id, owner_id, sealed_verifier, redirect_uri
         FROM oauth_states
        WHERE state_hash = $1 AND used_at IS NULL AND expires_at > now()
          FOR UPDATE`,
      [hash],
    );
    if (row === undefined) {
      throw new AppError('UNAUTHENTICATED', 'This connection was not begun here, or is over already', {
        hint: `Begin again; it may take ${STATE_MINUTES} minutes, and its address works once.`,
      });
    }
    // Before who asks is looked at, nothing of the source is told.
    if (actor === null) {
      throw new AppError('UNAUTHENTICATED', 'You are not signed in', {
        hint: 'Sign in in this browser, then load this page again.',
      });
    }
    const [verifier, starter] = readPair(await house.keyring.open(row.sealed_verifier, placeOf(hash, row.owner_id)));
    // Who is led to consent to somebody else's connection would give them their own account.
    if (starter !== ownerOf(actor)) {
      throw new AppError('FORBIDDEN', 'This connection was begun by somebody else', {
        hint: 'Whoever began it must be signed in in this browser. If it was not you, close this page.',
      });
    }
    await query('oauth state end', 'UPDATE oauth_states SET used_at = now() WHERE state_hash = $1', [hash]);
    return { sourceId: row.source_id, verifier, redirectUri: row.redirect_uri };
  });
}

function readPair(text: string): readonly [string, string] {
  const told: unknown = JSON.parse(text);
  const [verifier, starter]: unknown[] = Array.isArray(told) ? told : [];
  if (typeof verifier === 'string' && typeof starter === 'string') return [verifier, starter];
  throw new AppError('SECRET_UNREADABLE', 'A sealed state is of another release', { hint: 'Begin again.' });
}
