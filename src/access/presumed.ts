/**
 * Whom a bearer token stood for when it was last looked up. A read of one statement presumes that it still does, and asks for
 * the token anew in the very transaction that reads: in one round trip, and over the snapshot that is answered from. Where
 * the token's row or its user's is another by now, or its time is over, nothing of what was read is given.
 */
import { ACTOR, actorValues, type Telling } from '../database/actors-query.ts';
import type { Database } from '../database/connect.ts';
import type { Actor } from '../kernel/actor.ts';
import { createRecent, type Recent } from '../kernel/recent.ts';
import { isTokenForm, secretHash } from './secret.ts';
import { type FoundToken, OPENS, USED_LATELY } from './tokens.ts';

export interface Presumed {
  readonly actor: Actor;
  /** Tells a transaction who acts, if the token still opens exactly what it opened; gives no row if not. */
  readonly telling: Telling;
}

/** A script has a token or two; who sends ever new ones gains nothing by it. */
const MOST_TOKENS = 1_000;

/** A row's xmin is another after every change of it. What is not used lately is looked up in the ordinary way, which notes its use. */
const TELL = {
  name: 'cairn presumed actor',
  text: `${ACTOR.text}
  FROM tokens t
  LEFT JOIN users u ON u.user_id = t.user_id
 WHERE t.hash = $4 AND ${OPENS} AND ${USED_LATELY}
   AND t.xmin = $5::xid AND coalesce(u.xmin::text, '') = $6`,
};

/** By the pool that they were looked up through; by the token's hash. */
const known = new WeakMap<Database['read'], Recent<Presumed>>();

/** Whom a request with this header is presumed to come from; undefined where its token was not looked up yet. */
export function presume(pool: Database['read'], authorization: string | undefined): Presumed | undefined {
  const token = authorization === undefined ? undefined : bearerToken(authorization);
  if (token === undefined || !isTokenForm(token)) return undefined;
  return known.get(pool)?.get(secretHash(token));
}

/** The token of a header `Authorization: Bearer TOKEN`. */
export const bearerToken = (authorization: string): string | undefined =>
  /^Bearer +([\x21-\x7e]+)$/i.exec(authorization)?.[1];

/** Keeps what a token was found to open, and forgets what it opened before. */
export function remember(pool: Database['read'], hash: string, found: FoundToken | null): void {
  const actors = known.get(pool) ?? createRecent<Presumed>(MOST_TOKENS);
  known.set(pool, actors);
  if (found?.versions === undefined) {
    actors.delete(hash);
    return;
  }
  const { actor, versions } = found;
  const values = [...actorValues(actor), hash, versions.token, versions.user];
  actors.set(hash, { actor, telling: { ...TELL, values } });
}
