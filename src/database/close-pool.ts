/** Ending a pool within a time, whether or not its server still answers. */
import type pg from 'pg';
import { endsWithin } from '../kernel/ends-within.ts';
import { cutConnection } from './wire.ts';

/** The connections of a pool that are not closed yet, with when they are: also those that it has forgotten already. */
export type Connections = ReadonlyMap<pg.PoolClient, Promise<void>>;

const tracked = new WeakMap<pg.Pool, Connections>();

/** Call it before the pool makes its first connection. */
export function trackConnections(pool: pg.Pool): Connections {
  const connections = new Map<pg.PoolClient, Promise<void>>();
  tracked.set(pool, connections);
  pool.on('connect', (client) => {
    // One that is in use reports to whoever waits for its statement; without a listener it would end this process as well.
    client.on('error', () => undefined);
    const ended = new Promise<void>((resolve) => void client.once('end', resolve));
    const closed = ended.then(() => void connections.delete(client));
    connections.set(client, closed);
  });
  return connections;
}

/**
 * Ends the pool: waits `graceMs` for what is under way and for the other ends to be closed too, then cuts what is left. Returns
 * how many connections were cut.
 */
export async function closePool(pool: pg.Pool, graceMs: number): Promise<number> {
  const connections: Connections = tracked.get(pool) ?? new Map();
  await endsWithin(graceMs, Promise.all([pool.end(), ...connections.values()]));
  const left = [...connections.keys()];
  for (const client of left) cutConnection(client, 'it was not closed in time');
  return left.length;
}
