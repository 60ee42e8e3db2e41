/** Imports that go on after their request was answered: known by id while they wait or run, and none lost silently. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../kernel/log.ts';

export interface Background {
  /** Runs `work`, which ends its own imports' lines; `importIds` are known until it is done. */
  readonly start: (importIds: readonly string[], work: () => Promise<void>) => void;
  /** Whether an import of this id still waits or runs here. */
  readonly has: (importId: string) => boolean;
  /** Whether the server is stopping: work that has not begun must not begin. */
  readonly isStopping: () => boolean;
  /** Waits for what runs, `grace` milliseconds at most. What does not finish is cut with its transaction, and its line is ended at the next start. */
  readonly finish: (grace: number) => Promise<void>;
}

export function createBackground(log: Log): Background {
  const known = new Set<string>();
  const running = new Set<Promise<void>>();
  let stopping = false;
  return {
    has: (importId) => known.has(importId),
    isStopping: () => stopping,
    start: (importIds, work) => {
      for (const id of importIds) known.add(id);
      const run = work()
        .catch((err: unknown) => log.error({ err, importIds }, 'an import in the background failed'))
        .finally(() => {
          for (const id of importIds) known.delete(id);
          running.delete(run);
        });
      running.add(run);
    },
    finish: async (grace) => {
      stopping = true;
      if (running.size === 0) return;
      const late = new AbortController();
      const inTime = Promise.all(running).then(() => true);
      const done = await Promise.race([inTime, sleep(grace, false, { signal: late.signal }).catch(() => false)]);
      late.abort();
      if (!done) log.warn({ importIds: [...known] }, 'imports are cut: nothing of them is kept');
    },
  };
}
