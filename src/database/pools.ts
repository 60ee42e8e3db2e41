/** The pools of connections, all as the application's role. */
import pg from 'pg';
import type { Log } from '../kernel/log.ts';
import { closePool, trackConnections } from './close-pool.ts';
import { OwnClient } from './own-faults.ts';
import { rowSocket } from './row-socket.ts';
import { watchSilence } from './silence.ts';
import { steadySocket } from './steady-socket.ts';
import { ANY_TRANSACTION } from './time-limits.ts';
import { rowTypes } from './types.ts';
import { ENDS_WATCHED, endWithClient, giveUpUnread, KEPT_ALIVE } from './watched-ends.ts';

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

/** Milliseconds that rows may wait for who takes them: longer than a download may stand still. */
const COPY_UNREAD = 300_000;

/** Of a stop, in milliseconds. */
const CLOSE_MS = 1_500;

/** Opens pools on `apiUrl`; connections are made when first needed. `log` hears of idle connections that the server ended. */
export function openPools(apiUrl: string, log: Log, limits: Partial<PoolLimits> = {}): Pools {
  const { read: readLimit, snapshot, idle, idleWrite, silence } = { ...POOL_LIMITS, ...limits };
  const types = rowTypes();
  const shared = {
    connectionString: apiUrl,
    types,
    Client: OwnClient,
    connectionTimeoutMillis: 15_000,
    idleTimeoutMillis: 30_000,
    ...KEPT_ALIVE,
  };
  const read = new pg.Pool({
    ...shared,
    application_name: 'cairn read',
    max: 10,
    pipeline: true,
    stream: rowSocket,
    statement_timeout: readLimit,
    idle_in_transaction_session_timeout: idle,
    options: `${ENDS_WATCHED} -c default_transaction_isolation=repeatable\\ read -c default_transaction_read_only=on -c transaction_timeout=${snapshot}`,
    onConnect: giveUpUnread,
  });
  const write = new pg.Pool({
    ...shared,
    application_name: 'cairn write',
    // Four edits, four imports that are waited for and two that are not, and what each asks beside that.
    max: 14,
    idle_in_transaction_session_timeout: idleWrite,
    options: `${ENDS_WATCHED} ${ANY_TRANSACTION}`,
    onConnect: endWithClient,
  });
  const copy = new pg.Pool({
    ...shared,
    application_name: 'cairn copy',
    max: 4,
    stream: steadySocket,
    idle_in_transaction_session_timeout: idleWrite,
    options: `${ENDS_WATCHED} ${ANY_TRANSACTION}`,
    onConnect: (client) => endWithClient(client, { unread: COPY_UNREAD }),
  });
  for (const pool of [read, write, copy]) {
    // Without a listener the end of a connection (a restart of the server) would end this process.
    pool.on('error', (err) => log.warn({ err }, 'the database ended an idle connection'));
    watchSilence(pool, trackConnections(pool), log, silence);
  }
  return { read, write, copy };
}

/**
 * Closes every connection. What still runs has a moment to end, and connections have it to be closed by the other end as well:
 * after it they are cut, for a server that is gone would keep this process for a quarter of an hour.
 */
export async function closePools(pools: Pools, log?: Log, graceMs = CLOSE_MS): Promise<void> {
  const cut = await Promise.all([pools.read, pools.write, pools.copy].map((pool) => closePool(pool, graceMs)));
  const connections = cut.reduce((sum, each) => sum + each, 0);
  if (connections > 0) log?.warn({ connections }, 'the database did not answer in time: its connections were cut');
}
