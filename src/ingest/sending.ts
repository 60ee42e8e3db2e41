/**
 * One chunk on its way to the database while the next one is made: reading and checking a file keeps one processor busy,
 * taking its rows in another.
 */
export interface Sending {
  /** Begins to send once what was sent before has arrived. @throws what the chunk before met */
  readonly send: (work: () => Promise<void>) => Promise<void>;
  /** Waits until all has arrived: before any other statement of the same transaction. @throws what the last chunk met */
  readonly arrived: () => Promise<void>;
  /** As {@link arrived}, for whoever gives up: nothing is under way after it, whatever became of it. */
  readonly settled: () => Promise<void>;
}

export function openSending(): Sending {
  let last: Promise<void> = Promise.resolve();
  return {
    async send(work) {
      await last;
      last = work();
      // Whoever sends next, or waits, hears of it.
      last.catch(() => undefined);
    },
    arrived: () => last,
    settled: () => last.catch(() => undefined),
  };
}
