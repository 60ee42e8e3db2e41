/**
 * A migration that waits for a table waits before everybody who comes after it: a long read would stop the whole hub. So it waits
 * a moment at a time, lets the others pass, and says who stands in its way.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { sqlState } from './errors.ts';

/** Milliseconds that others may wait behind it, that they have then, and that all of it may take. */
export interface Patience {
  readonly lock: number;
  readonly pause: number;
  readonly whole: number;
}

export const PATIENCE: Patience = { lock: 2_000, pause: 1_000, whole: 60_000 };
const LOCK_NOT_AVAILABLE = '55P03';
const LOOK_MS = 500;
const MOST_SHOWN = 3;

/** How a script waits, and what is told of it meanwhile. */
export interface Waiting {
  readonly patience: Patience;
  /** Hears, in words, of what stands in its way whenever that was looked for. */
  readonly blocked: (by: string) => void;
  /** Hears that it has waited for long enough. */
  readonly gaveUp: () => void;
}

/** Runs the script whole, in one transaction, and again while it does not get its locks. @throws as the driver does */
export async function runPatiently(
  pool: pg.Pool,
  script: string,
  { patience: { lock, pause, whole }, blocked, gaveUp }: Waiting,
): Promise<void> {
  const until = performance.now() + whole;
  for (;;) {
    try {
      await watched(pool, blocked, async (client) => {
        await client.query(`SELECT set_config('lock_timeout', '${lock}', true);\n${script}`);
      });
      return;
    } catch (thrown) {
      if (sqlState(thrown) !== LOCK_NOT_AVAILABLE) throw thrown;
      if (performance.now() + pause > until) {
        gaveUp();
        throw thrown;
      }
      await sleep(pause);
    }
  }
}

/** Runs `work` on the pool's connection while another one looks now and then at what it waits for. */
async function watched(
  pool: pg.Pool,
  blocked: Waiting['blocked'],
  work: (client: pg.PoolClient) => Promise<void>,
): Promise<void> {
  const client = await pool.connect();
  let looking: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  try {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    timer = setInterval(() => {
      // What cannot be looked at is not told; the migration itself goes on.
      looking = looking.then(() => look(pool, rows[0]?.pid ?? 0, blocked)).catch(() => undefined);
    }, LOOK_MS);
    await work(client);
  } finally {
    clearInterval(timer);
    await looking;
    client.release();
  }
}

async function look(pool: pg.Pool, pid: number, blocked: Waiting['blocked']): Promise<void> {
  const other = new pg.Client({ connectionString: pool.options.connectionString, application_name: 'cairn owner' });
  other.on('error', () => undefined);
  await other.connect();
  try {
    const { rows } = await other.query<{ words: string }>(
      `SELECT format('process %s (%s, %s) in a transaction of %s seconds: %s', a.pid, a.usename,
                     coalesce(nullif(a.application_name, ''), 'without a name'),
                     extract(epoch FROM now() - a.xact_start)::int, left(coalesce(a.query, ''), 100)) AS words
         FROM pg_stat_activity a
        WHERE a.pid = ANY (pg_blocking_pids($1))
        ORDER BY a.xact_start, a.pid
        LIMIT ${MOST_SHOWN}`,
      [pid],
    );
    if (rows.length > 0) blocked(rows.map(({ words }) => words).join('; '));
  } finally {
    await other.end();
  }
}
