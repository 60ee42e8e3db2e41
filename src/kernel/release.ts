/** Everything opened is released in reverse order, also when a later step of the start fails. */
import { AppError } from './errors.ts';

export interface Releasers {
  /** Registers how to release what was just opened. `name` says what it is when releasing it fails. */
  readonly add: (name: string, release: () => Promise<void> | void) => void;
  /**
   * Releases everything, the last opened first; one that fails does not keep the others.
   * @throws AppError INTERNAL on a second call (two owners would each believe to be the one that stops), or with all failures as its cause.
   */
  readonly release: () => Promise<void>;
}

export function createReleasers(): Releasers {
  const opened: { readonly name: string; readonly release: () => Promise<void> | void }[] = [];
  let released = false;
  return {
    add: (name, release) => {
      if (released) throw new AppError('INTERNAL', `"${name}" was opened after everything had been released`);
      opened.push({ name, release });
    },
    release: async () => {
      if (released) throw new AppError('INTERNAL', 'Released twice');
      released = true;
      const failures: Error[] = [];
      for (const { name, release } of opened.reverse()) {
        try {
          await release();
        } catch (cause) {
          failures.push(new Error(`Releasing "${name}" failed`, { cause }));
        }
      }
      if (failures.length === 0) return;
      const names = failures.map((failure) => failure.message).join('; ');
      throw new AppError('INTERNAL', names, {
        cause: failures.length === 1 ? failures[0] : new AggregateError(failures, names),
      });
    },
  };
}

/**
 * Runs `open`, which registers what it opens. If it fails, everything opened so far is released and the first failure
 * is thrown; if it succeeds, its caller releases.
 */
export async function withReleasers<T>(open: (releasers: Releasers) => Promise<T>): Promise<T> {
  const releasers = createReleasers();
  try {
    return await open(releasers);
  } catch (thrown) {
    await releasers.release().catch((failure: unknown) => {
      // The start's own error says what to do; what its clean-up met is told with it.
      if (thrown instanceof Error) Object.assign(thrown, { suppressed: failure });
    });
    throw thrown;
  }
}
