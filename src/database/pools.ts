/** The pools of connections, all as the application's role. */
import pg from 'pg';
import type { Log } from '../kernel/log.ts';
import { rowTypes } from './types.ts';

export interface Pools {
  /** Pipelined: statements sent together travel together. Such a connection refuses COPY and cursors. */
  readonly read: pg.Pool;
  /** For writes, COPY and cursors; no time limit on statements, since imports and exports take what they take. */
  readonly write: pg.Pool;
}

/** A query of the API that takes longer is a fault of the query, and holds a snapshot that keeps the tables from being vacuumed. */
const READ_LIMIT_MS = 30_000;
/** A reader that stops asking in the middle of its snapshot. */
const IDLE_LIMIT_MS = 60_000;

/** Opens pools on `apiUrl`; connections are made when first needed. `log` hears of idle connections that the server ended. */
export function openPools(apiUrl: string, log: Log): Pools {
  const types = rowTypes();
  const shared = { connectionString: apiUrl, types, connectionTimeoutMillis: 15_000, idleTimeoutMillis: 30_000 };
  const read = new pg.Pool({
    ...shared,
    application_name: 'cairn read',
    max: 10,
    pipeline: true,
    statement_timeout: READ_LIMIT_MS,
    idle_in_transaction_session_timeout: IDLE_LIMIT_MS,
  });
  const write = new pg.Pool({ ...shared, application_name: 'cairn write', max: 10 });
  for (const pool of [read, write]) {
    // Without these listeners the end of a connection (a restart of the server) would end this process. One that is in
    // use reports to whoever waits for its statement as well.
    pool.on('error', (err) => log.warn({ err }, 'the database ended an idle connection'));
    pool.on('connect', (client) => client.on('error', () => undefined));
  }
  return { read, write };
}

/** Waits for what runs and closes every connection. */
export async function closePools(pools: Pools): Promise<void> {
  await Promise.all([pools.read.end(), pools.write.end()]);
}
