/** The pools of connections, all as the application's role. */
import pg from 'pg';
import type { Log } from '../kernel/log.ts';
import { rowSocket } from './row-socket.ts';
import { watchSilence } from './silence.ts';
import { steadySocket } from './steady-socket.ts';
import { rowTypes } from './types.ts';

export interface Pools {
  /** Pipelined: statements sent together travel together. Such a connection refuses COPY and cursors. */
  readonly read: pg.Pool;
  /** For writes, COPY and cursors; no time limit on statements, since imports take what they take. */
  readonly write: pg.Pool;
  /** For exports by COPY: who downloads slowly holds a connection for long, and must not take it from those who write. */
  readonly copy: pg.Pool;
}

export interface PoolLimits {
  /** Milliseconds of one read. One that takes longer is a fault of the query. */
  readonly read: number;
  /** Milliseconds of a snapshot: while it stands, no table can be cleaned of old rows. */
  readonly snapshot: number;
  /** Milliseconds that a snapshot stands without a statement. */
  readonly idle: number;
  /** The same of a write: an import may be busy with its file in between, for a while. */
  readonly idleWrite: number;
  /** Milliseconds without a byte after which the server is asked whether a connection still carries any. */
  readonly silence: number;
}

const POOL_LIMITS: PoolLimits = { read: 10_000, snapshot: 30_000, idle: 15_000, idleWrite: 600_000, silence: 20_000 };

/** The server notices within a minute that the machine at the other end is gone, and gives up what that one held. */
const PEER_GONE = '-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3';

/** Opens pools on `apiUrl`; connections are made when first needed. `log` hears of idle connections that the server ended. */
export function openPools(apiUrl: string, log: Log, limits: Partial<PoolLimits> = {}): Pools {
  const { read: readLimit, snapshot, idle, idleWrite, silence } = { ...POOL_LIMITS, ...limits };
  const types = rowTypes();
  const shared = {
    connectionString: apiUrl,
    types,
    connectionTimeoutMillis: 15_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 30_000,
  };
  const read = new pg.Pool({
    ...shared,
    application_name: 'cairn read',
    max: 10,
    pipeline: true,
    stream: rowSocket,
    statement_timeout: readLimit,
    idle_in_transaction_session_timeout: idle,
    options: `${PEER_GONE} -c default_transaction_isolation=repeatable\\ read -c default_transaction_read_only=on -c transaction_timeout=${snapshot}`,
  });
  const write = new pg.Pool({
    ...shared,
    application_name: 'cairn write',
    // Four edits, four imports that are waited for and two that are not, and what each asks beside that.
    max: 14,
    idle_in_transaction_session_timeout: idleWrite,
    options: PEER_GONE,
  });
  const copy = new pg.Pool({
    ...shared,
    application_name: 'cairn copy',
    max: 4,
    stream: steadySocket,
    idle_in_transaction_session_timeout: idleWrite,
    options: PEER_GONE,
  });
  for (const pool of [read, write, copy]) {
    // Without these listeners the end of a connection (a restart of the server) would end this process. One that is in
    // use reports to whoever waits for its statement as well.
    pool.on('error', (err) => log.warn({ err }, 'the database ended an idle connection'));
    pool.on('connect', (client) => client.on('error', () => undefined));
    watchSilence(pool, log, silence);
  }
  return { read, write, copy };
}

/** Waits for what runs and closes every connection. */
export async function closePools(pools: Pools): Promise<void> {
  await Promise.all([pools.read.end(), pools.write.end(), pools.copy.end()]);
}
