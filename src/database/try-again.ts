/** What a restart of the server, a cut connection or a deadlock broke is tried again: such a failure leaves nothing behind. */
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import { asDatabaseError, isTransient, sqlState } from './errors.ts';

/** A full disk is not emptied by trying once more what filled it. A session tells of it under a code of ours. */
const isFull = (thrown: unknown): boolean => sqlState(thrown instanceof AppError ? thrown.cause : thrown) === '53100';

/** A deadlock is over at once; a server that was killed is back in seconds. */
const WAITS_MS = [100, 1_000, 4_000];

/**
 * Runs `work`, and again after a transient failure, four times in all; `about` says in the log what it is. What is tried must
 * be whole or not at all, and must find out itself whether an earlier attempt was done although its answer was lost.
 * @throws AppError DATABASE_UNREACHABLE, DATABASE_BUSY; at once whatever else `work` throws
 */
export async function tryAgain<T>(
  log: Log,
  about: Readonly<Record<string, unknown>>,
  work: (attempt: number) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt);
    } catch (thrown) {
      const wait = WAITS_MS[attempt - 1];
      if (wait === undefined || !isTransient(thrown) || isFull(thrown)) throw asDatabaseError(thrown);
      log.warn({ err: thrown, attempt, ...about }, 'the database failed; it is tried again');
      await sleep(wait);
    }
  }
}
