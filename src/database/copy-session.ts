/** One snapshot that rows are copied from: a read that lasts as long as whoever takes the rows. */
import type pg from 'pg';
import type { Actor } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';
import { cancelStatement } from './cancel.ts';
import { CopyOut } from './copy-out.ts';
import { asDatabaseError } from './errors.ts';
import type { Pools } from './pools.ts';
import { BEGIN_READ, connectionsSeen, setActor } from './session.ts';
import { cutConnection } from './wire.ts';

/** The rows' bytes as they come, each page its reader's until the next is asked for; once they have ended, how many rows they were. */
export interface CopiedRows extends AsyncIterable<Buffer> {
  readonly rowCount: number;
  /** For who may not have read to the end. */
  readonly destroy: () => void;
}

export interface CopySession {
  /** The connection itself. Never end or release it, nor its transaction. */
  readonly client: pg.PoolClient;
  /** `COPY (…) TO STDOUT`, for one reader, whom the bytes wait for. It takes no parameters; values stand in the text as literals. */
  readonly copy: (sql: string) => CopiedRows;
}

/** How COPY writes moments and numbers must not depend on how the server is set up. */
const AS_WRITTEN = "SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'; SET LOCAL extra_float_digits = 1";

/**
 * Runs `work` over one snapshot (REPEATABLE READ READ ONLY) as the actor. Once `signal` is aborted, what runs is cancelled
 * and the connection cut, so that the server stops even where it waits for us to take rows.
 * @throws AppError INTERRUPTED, DATABASE_BUSY when too many copy already, DATABASE_UNREACHABLE; whatever `work` throws
 */
export async function copySession<T>(
  pools: Pick<Pools, 'copy' | 'write'>,
  actor: Actor,
  signal: AbortSignal | undefined,
  work: (session: CopySession) => Promise<T>,
): Promise<T> {
  requireWaiting(signal);
  const client = await connected(pools.copy);
  let cancelled: Promise<void> | undefined;
  const cancel = (): void => {
    // Both: a sort of a million rows hears only of the first, a server that waits for its reader only of the second.
    cancelled = cancelStatement(client, pools.write)
      .catch(() => undefined)
      .then(() => cutConnection(client, 'nobody waits for its rows any more'));
  };
  signal?.addEventListener('abort', cancel, { once: true });
  let failure: unknown;
  try {
    requireWaiting(signal);
    await client.query(BEGIN_READ);
    await setActor(client, actor, undefined);
    await client.query(AS_WRITTEN);
    const result = await work({ client, copy: (sql) => client.query(new CopyOut(sql)) });
    await client.query('COMMIT');
    return result;
  } catch (thrown) {
    failure = thrown;
    requireWaiting(signal);
    throw asDatabaseError(thrown);
  } finally {
    signal?.removeEventListener('abort', cancel);
    await cancelled;
    // Rows may still be on their way: a connection that failed serves nobody else, nor does one that was cut at the very end.
    const isWhole = failure === undefined && cancelled === undefined;
    client.release(isWhole ? undefined : new Error('A copy on this connection did not end'));
  }
}

function requireWaiting(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AppError('INTERRUPTED', 'Nobody waits for the rows any more');
}

async function connected(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await connectionsSeen.observe({ pool: 'copy' }, () => pool.connect());
  } catch (thrown) {
    throw asDatabaseError(thrown);
  }
}
