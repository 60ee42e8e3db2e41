/**
 * What is worth measuring, told to whoever watches. A layer says what it does without knowing of metrics or traces, and
 * pays for it only while somebody watches.
 */

export interface Outcome<Result> {
  readonly seconds: number;
  /** Undefined where it failed. */
  readonly result: Result | undefined;
  /** What was thrown; undefined where nothing was. */
  readonly error: unknown;
}

/** One watcher's part in one doing. */
export interface Watching<Result> {
  readonly ended: (outcome: Outcome<Result>) => void;
  /** Runs what is watched inside something of the watcher's own, such as an AsyncLocalStorage. */
  readonly around?: <T>(work: () => T) => T;
}

export type Watcher<What, Result = unknown> = (what: What) => Watching<Result>;

export interface Watched<What, Result = unknown> {
  /** Returns what ends the watching. Neither `watcher` nor what it returns may throw: a fault of theirs is a warning of the process. */
  readonly watch: (watcher: Watcher<What, Result>) => () => void;
  /** Does `work`, which begins in this very turn; its outcome is passed on as it is. */
  readonly observe: <T extends Result>(what: What, work: () => Promise<T>) => Promise<T>;
}

/** A kind of doing, such as running a statement. Kept by the module that does it, for the whole process. */
export function watched<What, Result = unknown>(): Watched<What, Result> {
  const watchers = new Set<Watcher<What, Result>>();
  return {
    watch: (watcher) => {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
    observe: (what, work) => (watchers.size === 0 ? work() : observe(watchers, what, work)),
  };
}

async function observe<What, Result, T extends Result>(
  watchers: Iterable<Watcher<What, Result>>,
  what: What,
  work: () => Promise<T>,
): Promise<T> {
  const began = performance.now();
  const watchings: Watching<Result>[] = [];
  let run = work;
  for (const watcher of watchers) {
    const watching = guarded(() => watcher(what));
    if (watching === undefined) continue;
    watchings.push(watching);
    const { around } = watching;
    const inner = run;
    if (around !== undefined) run = () => around(inner);
  }
  const end = (result: T | undefined, error: unknown): void => {
    const outcome = { seconds: (performance.now() - began) / 1000, result, error };
    for (const watching of watchings) guarded(() => watching.ended(outcome));
  };
  try {
    const result = await run();
    end(result, undefined);
    return result;
  } catch (error) {
    end(undefined, error);
    throw error;
  }
}

/** What watches must not break what it watches. */
function guarded<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (thrown) {
    process.emitWarning(thrown instanceof Error ? thrown : String(thrown));
    return undefined;
  }
}
