/** Ending a statement that nobody waits for any more. */
import type pg from 'pg';

/** The signal that nobody waits, and the pool whose connection tells the server so: the statement's own is busy with it. */
export interface Interruption {
  readonly signal: AbortSignal;
  readonly through: pg.Pool;
}

/**
 * Cancels what runs on `client`, if anything. Once this has come back, no later statement of the connection is hit: the
 * server has signalled its process by then, and a process that hears of it while it waits for a statement does nothing.
 * Where it fails nobody knows whether the signal is still to come: the connection must not be used again.
 */
export async function cancelStatement(client: pg.PoolClient, through: pg.Pool): Promise<void> {
  const process: unknown = Reflect.get(client, 'processID');
  await through.query('SELECT pg_cancel_backend($1)', [process]);
}
