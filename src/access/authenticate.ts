/** From a request's headers to who is acting. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Database } from '../database/connect.ts';
import type { Actor } from '../kernel/actor.ts';
import { readSessionCookie } from './cookies.ts';
import { bearerToken, remember } from './presumed.ts';
import { sameSecret, secretHash } from './secret.ts';
import { verifySession } from './sessions.ts';
import { sharedLookup } from './shared-lookup.ts';
import { findToken, SETTINGS_TOKEN } from './tokens.ts';

export interface Authentication {
  readonly actor: Actor;
  /** A browser sends its cookie along by itself, so what it authenticates must also prove that a page of ours asked. */
  readonly by: 'bearer' | 'cookie';
}

export interface AccessOptions {
  readonly database: Pick<Database, 'read' | 'write'>;
  /** CAIRN_ADMIN_TOKEN: every right, for first set-up and scripts. */
  readonly adminToken: string | undefined;
}

/**
 * Who sends these headers, or null. A bearer token that opens nothing is not made up for by a cookie: the script that
 * sent it must hear of it. `secure` says whether the request came over https.
 */
export async function authenticate(
  access: AccessOptions,
  headers: IncomingHttpHeaders,
  secure: boolean,
): Promise<Authentication | null> {
  if (headers.authorization !== undefined) {
    const token = bearerToken(headers.authorization);
    const actor = token === undefined ? null : await bearer(access, token);
    return actor && { actor, by: 'bearer' };
  }
  const secret = readSessionCookie(headers.cookie, secure);
  const actor = secret === undefined ? null : await verifySession(access.database, secret);
  return actor && { actor, by: 'cookie' };
}

async function bearer({ database, adminToken }: AccessOptions, token: string): Promise<Actor | null> {
  if (adminToken !== undefined && sameSecret(token, adminToken)) {
    return { kind: 'token', label: `token:${SETTINGS_TOKEN}`, role: 'admin' };
  }
  return lookupIn(database)(token);
}

/** By the pool that they ask. */
const lookups = new WeakMap<Database['read'], (token: string) => Promise<Actor | null>>();

function lookupIn(database: AccessOptions['database']): (token: string) => Promise<Actor | null> {
  const known = lookups.get(database.read);
  if (known !== undefined) return known;
  const lookup = sharedLookup(async (token: string) => {
    const found = await findToken(database, token);
    remember(database.read, secretHash(token), found);
    return found?.actor ?? null;
  });
  lookups.set(database.read, lookup);
  return lookup;
}
