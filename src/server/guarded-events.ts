/** A subscription's events while its client may see them. */
import { type ExecutionResult, GraphQLError } from 'graphql';
import { AppError } from '../kernel/errors.ts';

export interface EventGuard {
  readonly mayStillRead: () => Promise<boolean>;
  /** Milliseconds after which the stream ends. */
  readonly age: number;
  /** Milliseconds between two looks at the rights of a client to whom nothing happens. */
  readonly check: number;
  /** Calls `look` whenever somebody's rights were changed; returns what ends that. */
  readonly onAccessChange: (look: () => void) => () => void;
  /** Aborted when the client has left. */
  readonly left: AbortSignal | undefined;
  /**
   * Called when an event has all that it shows: it gives the event's connection back. With it in hand, streams that ask for
   * their rights would wait for each other's.
   */
  readonly answered: () => void;
  /** Runs once when the stream ends, however it does. */
  readonly leave: () => void;
}

const ended = (): AppError =>
  new AppError('UNAUTHENTICATED', 'The access that this subscription was opened with has ended or changed', {
    hint: 'Sign in again, or use another token, and subscribe anew.',
  });

/**
 * The events as they come. What ends them early (rights that ended, a failure) is told as the last event.
 * Written out, since a generator that waits for its next event cannot be told to stop.
 */
export function guardEvents(
  events: AsyncIterable<ExecutionResult>,
  guard: EventGuard,
): AsyncIterableIterator<ExecutionResult, undefined> {
  const source = events[Symbol.asyncIterator]();
  const done: IteratorReturnResult<undefined> = { done: true, value: undefined };
  let over = false;
  let last: unknown;
  const close = async (): Promise<void> => {
    if (over) return;
    over = true;
    clearTimeout(aging);
    clearInterval(checking);
    stopHearing();
    guard.left?.removeEventListener('abort', end);
    guard.leave();
    await source.return?.();
  };
  const end = (): void => void close();
  const look = oneAtATime(async () => {
    // A database that is away for a moment ends no stream; it is asked again before anything is told.
    const may = over || (await guard.mayStillRead().catch(() => true));
    if (may || over) return;
    last = ended();
    await close();
  });
  const aging = setTimeout(end, guard.age).unref();
  const checking = setInterval(look, guard.check).unref();
  const stopHearing = guard.onAccessChange(look);
  guard.left?.addEventListener('abort', end, { once: true });
  // One that had left before this began is not heard leaving.
  if (guard.left?.aborted) end();
  const next = async (): Promise<IteratorResult<ExecutionResult, undefined>> => {
    if (!over) {
      try {
        const event = await source.next();
        guard.answered();
        // Asked anew for each: a token revoked in between sees no more.
        const isOver = event.done || over || !(await guard.mayStillRead());
        if (!isOver) return event;
        if (!event.done && !over) last = ended();
      } catch (thrown) {
        last ??= thrown;
      }
      await close();
    }
    if (last === undefined) return done;
    const value = { errors: [asGraphqlError(last)] };
    last = undefined;
    return { done: false, value };
  };
  const guarded: AsyncIterableIterator<ExecutionResult, undefined> = {
    next,
    return: async () => {
      await close();
      return done;
    },
    [Symbol.asyncIterator]: () => guarded,
  };
  return guarded;
}

/** Runs `work` when called; called while it runs, it runs once more afterwards. */
function oneAtATime(work: () => Promise<void>): () => void {
  let running = false;
  let again = false;
  const run = async (): Promise<void> => {
    running = true;
    do {
      again = false;
      await work();
    } while (again);
    running = false;
  };
  return () => {
    if (running) again = true;
    else void run();
  };
}

function asGraphqlError(thrown: unknown): GraphQLError {
  const originalError = thrown instanceof Error ? thrown : new Error(String(thrown));
  return new GraphQLError(originalError.message, { originalError });
}
