import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for `work`, `milliseconds` at most; returns whether it ended. @throws what it fails with in that time */
export async function endsWithin(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  const late = new AbortController();
  const ended = work.then(() => true);
  const tooLate = sleep(milliseconds, false, { signal: late.signal });
  try {
    return await Promise.race([ended, tooLate]);
  } finally {
    // Nobody hears of the timer any more.
    tooLate.catch(() => undefined);
    late.abort();
  }
}
