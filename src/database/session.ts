/** One transaction with its actor set: what the change log and row-level security read. */
import type pg from 'pg';
import type { Actor } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';
import { watched } from '../kernel/watched.ts';
import { ACTOR, actorValues } from './actors-query.ts';
import { cancelStatement, type Interruption } from './cancel.ts';
import { asDatabaseError } from './errors.ts';
import { inOneWrite } from './one-write.ts';
import { statementNames } from './statements.ts';

/** Runs one statement, prepared under `name` (which says who asks, such as `videos by channel`), and returns its rows. */
export type Query = <Row extends pg.QueryResultRow>(
  name: string,
  sql: string,
  params?: readonly unknown[],
) => Promise<Row[]>;

export interface WriteSession {
  readonly query: Query;
  /** The connection itself, for COPY and cursors. Never end or release it, nor its transaction. */
  readonly client: pg.PoolClient;
}

export interface SessionOptions {
  /** The import whose changes these are, as its UUID. */
  readonly importId?: string;
  /** Whether somebody waits for it: then no statement takes longer, or waits longer for another's lock, than a person would. */
  readonly isByHand?: boolean;
  /** Once it signals, the running statement is cancelled, and the transaction rolled back. */
  readonly interruption?: Interruption | undefined;
}

/** Milliseconds; 0 is no limit, for imports take what they take. A lock held for longer is held by an import. */
const BY_HAND = { statement: '10000', lock: '5000', idle: '15000' };

/** Every statement of a session, by the label that its code gives it. Values are never told. */
export const statementsSeen = watched<{ readonly label: string }>();
/** Every wait for a connection. */
export const connectionsSeen = watched<{ readonly pool: 'read' | 'write' | 'copy' }>();

/** How a read of several statements begins. */
export const BEGIN_READ = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';
const SET_LIMITS = `
  SELECT set_config('statement_timeout', '${BY_HAND.statement}', true), set_config('lock_timeout', '${BY_HAND.lock}', true),
         set_config('idle_in_transaction_session_timeout', '${BY_HAND.idle}', true)`;

/**
 * Runs `read` over one snapshot (REPEATABLE READ READ ONLY). The transaction begins with the first statement, in the same
 * round trip, and not at all if none is asked; statements asked for in the same tick travel together. Once `interruption`
 * signals, the running statement is cancelled and no other begins.
 * @throws AppError DATABASE_BUSY, DATABASE_UNREACHABLE, LIMIT_EXCEEDED, INTERRUPTED; and whatever `read` throws
 */
export async function readSession<T>(
  pool: pg.Pool,
  actor: Actor,
  read: (query: Query) => Promise<T>,
  interruption?: Interruption,
): Promise<T> {
  let begun: Promise<pg.PoolClient> | undefined;
  const cancelling = cancelWhenAborted(() => begun, interruption);
  const requireWaiting = (): void => {
    if (interruption?.signal.aborted) throw new AppError('INTERRUPTED', 'Nobody waits for the answer');
  };
  const begin = async (): Promise<pg.PoolClient> => {
    const client = await connectionsSeen.observe({ pool: 'read' }, () => pool.connect());
    // Not awaited, so that they share the first statement's round trip; if one fails, that statement fails with it.
    inOneWrite(client);
    client.query(BEGIN_READ).catch(() => undefined);
    setActor(client, actor, undefined).catch(() => undefined);
    return client;
  };
  const query: Query = async (name, sql, params) => {
    requireWaiting();
    begun ??= begin();
    const client = await begun;
    requireWaiting();
    return runQuery(client, name, sql, params);
  };
  return settle(
    () => read(query),
    () => begun,
    // Not awaited: the answer is there, the end of a snapshot cannot change it, and on a pipelined connection whatever the
    // next session sends comes after it. If the connection is lost, its pool and the next session hear of that.
    async (client) => void client.query('COMMIT').catch(() => undefined),
    cancelling,
  );
}

/**
 * Runs `write` in one READ COMMITTED transaction and commits it, or rolls it back if `write` throws.
 * @throws AppError DATABASE_BUSY, DATABASE_UNREACHABLE, CONFLICT, BAD_USER_INPUT, LIMIT_EXCEEDED; and whatever `write` throws
 */
export async function writeSession<T>(
  pool: pg.Pool,
  actor: Actor,
  write: (session: WriteSession) => Promise<T>,
  options: SessionOptions = {},
): Promise<T> {
  let begun: Promise<pg.PoolClient> | undefined;
  const { interruption } = options;
  const cancelling = cancelWhenAborted(() => begun, interruption);
  const requireWanted = (): void => {
    if (interruption?.signal.aborted) throw new AppError('INTERRUPTED', 'Nobody waits for this any more');
  };
  return settle(
    async () => {
      requireWanted();
      begun = connectionsSeen.observe({ pool: 'write' }, () => pool.connect());
      const client = await begun;
      await client.query('BEGIN');
      await setActor(client, actor, options.importId);
      if (options.isByHand) await client.query(SET_LIMITS);
      const result = await write({ client, query: (name, sql, params) => runQuery(client, name, sql, params) });
      // What came between two statements must not be committed as if it had not.
      requireWanted();
      return result;
    },
    () => begun,
    async (client) => void (await client.query('COMMIT')),
    cancelling,
  );
}

interface Cancelled {
  /** Set where nobody knows whether the request to cancel is still to come. */
  readonly fault: Error | undefined;
}

/**
 * From now on cancels what runs on the connection once `interruption` signals. The function ends that: it waits until nothing
 * is on its way any more, and says whether something was cancelled.
 */
function cancelWhenAborted(
  begun: () => Promise<pg.PoolClient> | undefined,
  interruption: Interruption | undefined,
): () => Promise<Cancelled | undefined> {
  if (interruption === undefined) return async () => undefined;
  const { signal, through } = interruption;
  let cancelled: Promise<Cancelled> | undefined;
  const cancel = (): void => {
    // Whoever runs the statement hears of its end; that it could not be cancelled concerns nobody else.
    cancelled = begun()
      ?.then((client) => cancelStatement(client, through))
      .then(
        () => ({ fault: undefined }),
        (cause: unknown) => ({ fault: new Error('A statement could not be cancelled', { cause }) }),
      );
  };
  signal.addEventListener('abort', cancel, { once: true });
  return async () => {
    signal.removeEventListener('abort', cancel);
    return cancelled;
  };
}

/**
 * Commits what `work` did on the connection that it began, or rolls it back; then gives the connection back, or ends one
 * that is broken.
 */
async function settle<T>(
  work: () => Promise<T>,
  begun: () => Promise<pg.PoolClient> | undefined,
  commit: (client: pg.PoolClient) => Promise<void>,
  cancelling: () => Promise<Cancelled | undefined>,
): Promise<T> {
  let failure: unknown;
  try {
    const result = await work();
    const client = await begun();
    if (client !== undefined) await commit(client);
    return result;
  } catch (thrown) {
    failure = thrown;
    throw asDatabaseError(thrown);
  } finally {
    // A connection that could not be made is the failure being thrown.
    const client = await begun()?.catch(() => undefined);
    const cancelled = await cancelling();
    // What was cancelled may have been the end of the transaction itself.
    const isOpen = failure !== undefined || cancelled !== undefined;
    client?.release(cancelled?.fault ?? (isOpen ? await rollBack(client) : undefined) ?? statementNames.isFull(client));
  }
}

/** Returns what is wrong with the connection, if anything: the pool then ends it. */
async function rollBack(client: pg.PoolClient): Promise<Error | undefined> {
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (thrown) {
    return thrown instanceof Error ? thrown : new Error(String(thrown));
  }
}

/** Tells the transaction who acts. */
export function setActor(client: pg.PoolClient, actor: Actor, importId: string | undefined): Promise<pg.QueryResult> {
  return client.query({ ...ACTOR, values: actorValues(actor, importId) });
}

/** Runs one statement, prepared, and tells whoever watches. @throws AppError */
export async function runQuery<Row extends pg.QueryResultRow>(
  client: pg.PoolClient,
  label: string,
  text: string,
  params: readonly unknown[] = [],
): Promise<Row[]> {
  const name = statementNames.nameOn(client, label, text);
  try {
    const { rows } = await statementsSeen.observe({ label }, () =>
      client.query<Row>({ text, values: [...params], ...(name !== undefined && { name }) }),
    );
    return rows;
  } catch (thrown) {
    // Here too, not only where the session ends: who asked may answer for this statement alone.
    throw asDatabaseError(thrown);
  }
}
