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
export async function readOnce<Row extends pg.QueryResultRow>(
  pool: pg.Pool,
  actor: Actor,
  statement: Statement,
  interruption?: Interruption,
  telling: Telling = tellingOf(actor),
): Promise<Row[]> {
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
    inOneWrite(client);
    prepareOnce(client, telling);
    return await ask<Row>(client, telling, statement);
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
  // Not awaited: if it fails, so does what needs it.
  client.query({ name, text, values: [...values] }).catch(() => names.delete(name));
}

async function ask<Row extends pg.QueryResultRow>(
  client: pg.PoolClient,
  telling: Telling,
  { label, text, values }: Statement,
): Promise<Row[]> {
  const name = statementNames.nameOn(client, label, text);
  const config = { text, values: [...values], ...(name !== undefined && { name }) };
  const { promise, resolve, reject } = Promise.withResolvers<Row[]>();
  try {
    return await statementsSeen.observe({ label }, () => {
      client.query(
        new ActorsQuery<Row>(telling, config, (error, result) => (error ? reject(error) : resolve(result.rows))),
      );
      return promise;
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
