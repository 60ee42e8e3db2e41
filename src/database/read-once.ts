/** One statement that is a whole read: its transaction begins and ends with it, and all of it travels there and back at once. */
import type pg from 'pg';
import type { Actor } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';
import { ActorsQuery, type Telling, tellingOf } from './actors-query.ts';
import { cancelStatement, type Interruption } from './cancel.ts';
import { asDatabaseError } from './errors.ts';
import { inOneWrite } from './one-write.ts';
import { connectionsSeen, statementsSeen } from './session.ts';
import { statementNames } from './statements.ts';
import { TextQuery } from './text-query.ts';

export interface Statement {
  /** Says who asks, such as `videos by channel`. */
  readonly label: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * Runs one statement as {@link readSession} would run it as its only one: over a snapshot (REPEATABLE READ READ ONLY, as
 * the pool's connections begin transactions), with the actor set. Once `interruption` signals, it is cancelled.
 * @throws AppError DATABASE_BUSY, DATABASE_UNREACHABLE, LIMIT_EXCEEDED, INTERRUPTED; UNAUTHENTICATED where `telling` gives no row
 */
export function readOnce<Row extends pg.QueryResultRow>(
  pool: pg.Pool,
  actor: Actor,
  statement: Statement,
  interruption?: Interruption,
  telling: Telling = tellingOf(actor),
): Promise<Row[]> {
  return readBy(pool, statement, interruption, telling, (config, { resolve, reject }: Asking<Row[]>) => {
    return new ActorsQuery<Row>(telling, config, (error, result) => (error ? reject(error) : resolve(result.rows)));
  });
}

/** As {@link readOnce}, of a statement that gives one text: its bytes, or undefined where there is no row or it is NULL. */
export function readText(
  pool: pg.Pool,
  actor: Actor,
  statement: Statement,
  interruption?: Interruption,
  telling: Telling = tellingOf(actor),
): Promise<Buffer | undefined> {
  return readBy(pool, statement, interruption, telling, (config, { resolve, reject }: Asking<Buffer | undefined>) => {
    return new TextQuery(telling, config, (error, text) => (error ? reject(error) : resolve(text)));
  });
}

type Asking<T> = Pick<PromiseWithResolvers<T>, 'resolve' | 'reject'>;
type MakeQuery<T> = (config: pg.QueryConfig, asking: Asking<T>) => pg.Query;

async function readBy<T>(
  pool: pg.Pool,
  statement: Statement,
  interruption: Interruption | undefined,
  telling: Telling,
  make: MakeQuery<T>,
): Promise<T> {
  const requireWaiting = (): void => {
    if (interruption?.signal.aborted) throw new AppError('INTERRUPTED', 'Nobody waits for the answer');
  };
  requireWaiting();
  const client = await connected(pool);
  let cancelled: Promise<Error | undefined> | undefined;
  const cancel = (): void => {
    cancelled =
      interruption &&
      cancelStatement(client, interruption.through).then(
        () => undefined,
        (cause: unknown) => new Error('A statement could not be cancelled', { cause }),
      );
  };
  interruption?.signal.addEventListener('abort', cancel, { once: true });
  try {
    requireWaiting();
    prepareOnce(client, telling);
    return await ask(client, statement, make);
  } finally {
    interruption?.signal.removeEventListener('abort', cancel);
    client.release((await cancelled) ?? statementNames.isFull(client));
  }
}

/** By connection: the statements that tell an actor which were prepared on it. */
const prepared = new WeakMap<pg.PoolClient, Set<string>>();

function prepareOnce(client: pg.PoolClient, { name, text, values }: Telling): void {
  const names = prepared.get(client) ?? new Set();
  if (names.has(name)) return;
  prepared.set(client, names.add(name));
  inOneWrite(client);
  // Not awaited: if it fails, so does what needs it.
  client.query({ name, text, values: [...values] }).catch(() => names.delete(name));
}

async function ask<T>(client: pg.PoolClient, { label, text, values }: Statement, make: MakeQuery<T>): Promise<T> {
  const name = statementNames.nameOn(client, label, text);
  const config = { text, values: [...values], ...(name !== undefined && { name }) };
  const asking = Promise.withResolvers<T>();
  try {
    return await statementsSeen.observe({ label }, () => {
      client.query(make(config, asking));
      return asking.promise;
    });
  } catch (thrown) {
    throw asDatabaseError(thrown);
  }
}

async function connected(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await connectionsSeen.observe({ pool: 'read' }, () => pool.connect());
  } catch (thrown) {
    throw asDatabaseError(thrown);
  }
}
