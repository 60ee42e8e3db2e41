/**
 * Mutations sent under a key are done once. What a field's transaction gave is kept by that very transaction, so that neither
 * a second request nor a crash between its commit and the answer does it again; the answer is kept when it is there.
 */
import type pg from 'pg';
import type { Query } from '../database/session.ts';
import type { Actor } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';
import { hashBytes } from '../kernel/hash.ts';
import type { GraphqlContext, Reads } from './context.ts';
import type { Asked } from './selection.ts';

/** What a client names a request by, and what tells it from every other under that name. */
export interface KeyedRequest {
  readonly key: string;
  readonly hash: string;
}

const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * The request that a client names by `key`: `parts` are all that tells it from others, and the rights of its actor, or a
 * lesser role would be told what a greater did.
 * @throws AppError BAD_USER_INPUT for what is no key
 */
export function keyedRequest(key: string, parts: readonly unknown[], { role, scopes }: Actor): KeyedRequest {
  if (!KEY.test(key)) {
    throw new AppError('BAD_USER_INPUT', 'An Idempotency-Key has 1 to 255 characters of ASCII, and no spaces', {
      path: 'Idempotency-Key',
    });
  }
  return { key, hash: hashBytes(JSON.stringify([...parts, role, scopes ?? null])) };
}

/** Longer answers are made anew from what is kept of their parts. */
export const LONGEST_ANSWER = 1_000_000;

/** Keyed by what survives the copying of a context. */
const requests = new WeakMap<Reads, KeyedRequest>();

/** From now on the operation's mutations are done under this key. */
export function keyRequest({ reads }: GraphqlContext, request: KeyedRequest): void {
  requests.set(reads, request);
}

export const isKeyed = ({ reads }: GraphqlContext): boolean => requests.has(reads);

/** The key that the operation was sent under, if it was. */
export const keyOfRequest = ({ reads }: GraphqlContext): KeyedRequest | undefined => requests.get(reads);

/** Which part of a request is done: a field of a document, or what a request without a document does, by a name. */
export type Part = Asked | string;

/** A result as it comes back from the database: what a field gives under a key is plain data. */
type Kept = { readonly value: unknown };

/**
 * Runs `run` inside the transaction of `query`, unless the field was done under the request's key before: then what it gave
 * is given again. Another transaction that is about to do the same waits for this one to end.
 * @throws AppError CONFLICT when the key stands for another request
 */
export async function onceUnderKey<T>(
  context: GraphqlContext,
  part: Part,
  query: Query,
  run: () => Promise<T>,
): Promise<T> {
  const request = requests.get(context.reads);
  if (request === undefined) return run();
  const field = nameOf(part);
  const owner = [context.actor.label, request.key];
  const [row] = await query<{ request_hash: string; kept: Kept | null }>(
    'idempotency key claimed',
    `INSERT INTO idempotency_keys AS k (actor, key, request_hash) VALUES ($1, $2, $3)
     ON CONFLICT (actor, key) DO UPDATE SET request_hash = k.request_hash
     RETURNING k.request_hash, k.results -> $4::text AS kept`,
    [...owner, request.hash, field],
  );
  requireSame(row?.request_hash, request);
  // Kept by this very field of this very request: it has the shape that the field gives.
  if (row?.kept) return row.kept.value as T;
  const value = await run();
  await query(
    'idempotent result kept',
    'UPDATE idempotency_keys SET results = results || jsonb_build_object($3::text, $4::jsonb) WHERE actor = $1 AND key = $2',
    [...owner, field, JSON.stringify({ value: value ?? null } satisfies Kept)],
  );
  return value;
}

/** Forgets that a field gave `value`: it was not done after all. What another request gave since stays. */
export async function forgetResult(context: GraphqlContext, part: Part, value: unknown): Promise<void> {
  const request = requests.get(context.reads);
  if (request === undefined) return;
  const kept = JSON.stringify({ value } satisfies Kept);
  const place = [context.actor.label, request.key, nameOf(part), kept];
  await context.database.write.query(
    `WITH others AS (
       UPDATE idempotency_keys
          SET results = results - $3::text
        WHERE actor = $1 AND key = $2 AND results -> $3::text = $4::jsonb AND results - $3::text <> '{}'
     )
     DELETE FROM idempotency_keys
      WHERE actor = $1 AND key = $2 AND results -> $3::text = $4::jsonb AND results - $3::text = '{}'`,
    place,
  );
}

/** Of a field its name in the answer: a document may have one field twice. */
function nameOf(part: Part): string {
  if (typeof part === 'string') return part;
  const [node] = part.fieldNodes;
  return node?.alias?.value ?? node?.name.value ?? '';
}

/**
 * The whole answer that the request was given before, as JSON; undefined if it was not.
 * @throws AppError CONFLICT when the key stands for another request
 */
export async function keptAnswer(pool: pg.Pool, actor: string, request: KeyedRequest): Promise<string | undefined> {
  const { rows } = await pool.query<{ request_hash: string; answer: string | null }>(
    'SELECT request_hash, answer FROM idempotency_keys WHERE actor = $1 AND key = $2',
    [actor, request.key],
  );
  requireSame(rows[0]?.request_hash, request);
  return rows[0]?.answer ?? undefined;
}

/** Keeps the answer. Of several that answered at once the first one's stands. */
export async function keepAnswer(
  pool: Pick<pg.ClientBase, 'query'>,
  actor: string,
  request: KeyedRequest,
  answer: string,
): Promise<void> {
  await pool.query(
    `INSERT INTO idempotency_keys AS k (actor, key, request_hash, answer) VALUES ($1, $2, $3, $4)
     ON CONFLICT (actor, key) DO UPDATE SET answer = excluded.answer
      WHERE k.answer IS NULL AND k.request_hash = excluded.request_hash`,
    [actor, request.key, request.hash, answer],
  );
}

const KEPT_FOR = '24 hours';

/** Forgets what was asked long ago. */
export async function forgetKeys(pool: pg.Pool): Promise<void> {
  await pool.query(`DELETE FROM idempotency_keys WHERE created_at < now() - interval '${KEPT_FOR}'`);
}

function requireSame(hash: string | undefined, request: KeyedRequest): void {
  if (hash === undefined || hash === request.hash) return;
  throw new AppError('CONFLICT', 'This Idempotency-Key was sent with another request', {
    path: 'Idempotency-Key',
    hint: 'Use a key of its own for each request, and the same one only to send the same again.',
  });
}
