/** Ctrl-C and SIGTERM during a command: what runs is rolled back and closed, then the process ends. */
import { constants } from 'node:os';
import type pg from 'pg';
import { AppError } from '../kernel/errors.ts';

export interface Interruption {
  readonly signal: AbortSignal;
  /** @throws AppError INTERRUPTED once a signal came */
  readonly throwIfInterrupted: () => void;
  /** 128 + the signal's number, as shells count; undefined while none came. */
  readonly exitCode: () => number | undefined;
  /** Leaves signals to somebody else. */
  readonly release: () => void;
}

/** Listens for signals. A second one does not wait: the database rolls back what it finds abandoned. */
export function listenForSignals(exit: (code: number) => void = process.exit): Interruption {
  const aborting = new AbortController();
  let code: number | undefined;
  const onSignal = (signal: 'SIGINT' | 'SIGTERM'): void => {
    if (code !== undefined) exit(code);
    code = 128 + constants.signals[signal];
    aborting.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: aborting.signal,
    throwIfInterrupted: () => {
      if (code !== undefined) throw interrupted();
    },
    exitCode: () => code,
    release: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}

function interrupted(): AppError {
  return new AppError('INTERRUPTED', 'The command was interrupted', {
    hint: 'The file that was being read was rolled back; files taken in before it stay. Run the command again.',
  });
}

/**
 * Cancels the statements that this pool's connections run when `signal` comes: a merge of a million rows hears of nothing
 * else. Call it before the pool makes its first connection.
 */
export function cancelOnSignal(pool: pg.Pool, signal: AbortSignal, onFailure: (err: unknown) => void): void {
  const backends = new Set<number>();
  pool.on('connect', (client) => {
    // The driver keeps the backend's process id and leaves it out of its types.
    const backend: unknown = Reflect.get(client, 'processID');
    if (typeof backend === 'number') backends.add(backend);
  });
  signal.addEventListener('abort', () => {
    pool
      .query(
        `SELECT pg_cancel_backend(pid)
           FROM pg_stat_activity
          WHERE pid = ANY($1) AND pid <> pg_backend_pid() AND state = 'active'`,
        [[...backends]],
      )
      .catch(onFailure);
  });
}
