/** Imports that go on after their request was answered: known by id while they wait or run, and none lost silently. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../kernel/log.ts';

export interface Background {
  /** Runs `work` in its turn; it ends its own imports' lines. `importIds` are known until it is done. */
  readonly start: (importIds: readonly string[], work: () => Promise<void>) => void;
  /** Whether an import of this id still waits or runs here. */
  readonly has: (importId: string) => boolean;
  /** Whether the server is stopping: work that has not begun must not begin. */
  readonly isStopping: () => boolean;
  /** Waits for what runs, `grace` milliseconds at most. What does not finish is cut with its transaction, and its line is ended at the next start. */
  readonly finish: (grace: number) => Promise<void>;
}

/** Each takes two connections of ten: a script that starts a hundred must leave some to those who edit and ask. */
const SIDE_BY_SIDE = 2;

export function createBackground(log: Log): Background {
  const known = new Set<string>();
  const running = new Set<Promise<void>>();
  const waiting: (() => void)[] = [];
  let free = SIDE_BY_SIDE;
  let stopping = false;
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    if (free === 0 && !stopping) return new Promise<void>((begin) => waiting.push(begin)).then(work);
    free -= 1;
    return work();
  };
  const passOn = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return {
    has: (importId) => known.has(importId),
    isStopping: () => stopping,
    start: (importIds, work) => {
      for (const id of importIds) known.add(id);
      const run = inTurn(work)
        .catch((err: unknown) => log.error({ err, importIds }, 'an import in the background failed'))
        .finally(() => {
          passOn();
          for (const id of importIds) known.delete(id);
          running.delete(run);
        });
      running.add(run);
    },
    finish: async (grace) => {
      stopping = true;
      // Those whose turn has not come see that it never will, and end their lines.
      for (const begin of waiting.splice(0)) begin();
      if (running.size === 0) return;
      const late = new AbortController();
      const inTime = Promise.all(running).then(() => true);
      const done = await Promise.race([inTime, sleep(grace, false, { signal: late.signal }).catch(() => false)]);
      late.abort();
      if (!done) log.warn({ importIds: [...known] }, 'imports are cut: nothing of them is kept');
    },
  };
}
