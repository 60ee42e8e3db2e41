/** One statement that is a whole read: its transaction begins and ends with it, and all of it travels in one write. */
import type pg from 'pg';
import type { Actor } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';
import { cancelStatement, type Interruption } from './cancel.ts';
import { asDatabaseError } from './errors.ts';
import { inOneWrite } from './one-write.ts';
import { BEGIN_READ, connectionsSeen, runQuery, setActor } from './session.ts';

export interface Statement {
  /** Says who asks, such as `videos by channel`. */
  readonly label: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * Runs one statement as {@link readSession} would run it as its only one: over a snapshot (REPEATABLE READ READ ONLY),
 * with the actor set. Once `interruption` signals, it is cancelled.
 * @throws AppError DATABASE_BUSY, DATABASE_UNREACHABLE, LIMIT_EXCEEDED, INTERRUPTED
 */
export async function readOnce<Row extends pg.QueryResultRow>(
  pool: pg.Pool,
  actor: Actor,
  { label, text, values }: Statement,
  interruption?: Interruption,
): Promise<Row[]> {
  const requireWaiting = (): void => {
    if (interruption?.signal.aborted) throw new AppError('INTERRUPTED', 'Nobody waits for the answer');
  };
  requireWaiting();
  const client = await connected(pool);
  let fault: Error | undefined;
  let cancelled: Promise<void> | undefined;
  const cancel = (): void => {
    // The request to cancel may hit a later statement: the connection is not used again.
    fault = new Error('A statement was cancelled on this connection');
    cancelled = interruption && cancelStatement(client, interruption.through).catch(() => undefined);
  };
  interruption?.signal.addEventListener('abort', cancel, { once: true });
  try {
    requireWaiting();
    inOneWrite(client);
    // Not awaited: if one of these fails, the statement fails with it, and its transaction ends as one that failed does.
    client.query(BEGIN_READ).catch(() => undefined);
    setActor(client, actor, undefined).catch(() => undefined);
    const rows = runQuery<Row>(client, label, text, values);
    const ended = client.query('COMMIT').then(
      () => undefined,
      (thrown: unknown) => (thrown instanceof Error ? thrown : new Error(String(thrown))),
    );
    return await rows.catch(async (thrown: unknown) => {
      fault ??= await ended;
      throw thrown;
    });
  } finally {
    interruption?.signal.removeEventListener('abort', cancel);
    await cancelled;
    client.release(fault);
  }
}

async function connected(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await connectionsSeen.observe({ pool: 'read' }, () => pool.connect());
  } catch (thrown) {
    throw asDatabaseError(thrown);
  }
}
