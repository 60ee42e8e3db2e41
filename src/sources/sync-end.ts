/** Waiting for a sync that was asked for: as long as a request may take, and no longer than whoever asks does. */
import type { GraphqlContext } from '../graphql/context.ts';
import { START_WORKER, unworkedJobs } from '../jobs/unworked.ts';
import { AppError } from '../kernel/errors.ts';
import { syncFeedSlot } from './sync-feed.ts';

/** Milliseconds. What goes on for longer is followed, not waited for: proxies cut what says nothing. */
const LONGEST_MS = 55_000;
/** Whoever works takes a sync within a few. */
const UNWORKED_SECONDS = 15;

/**
 * Comes back when the sync has ended, or waits for a yes; or after nearly a minute, or when nobody waits any more.
 * @throws AppError CONFLICT where it has not begun by then, and nobody is there to begin it
 */
export async function endOfSync(context: GraphqlContext, syncJobId: string, longest = LONGEST_MS): Promise<void> {
  const told = syncFeedSlot.get(context).follow(context.actor, syncJobId);
  const late = AbortSignal.timeout(longest);
  const signal = context.left === undefined ? late : AbortSignal.any([late, context.left]);
  const leave = (): void => void told.return?.();
  if (signal.aborted) leave();
  signal.addEventListener('abort', leave, { once: true });
  try {
    while (!(await told.next()).done);
  } finally {
    signal.removeEventListener('abort', leave);
  }
  if (!late.aborted) return;
  const unworked = await unworkedJobs(context.reads.once, UNWORKED_SECONDS, syncJobId);
  if (unworked === undefined) return;
  throw new AppError('CONFLICT', `The sync ${syncJobId} waits, and no process of this hub runs jobs`, {
    hint: `It begins once one does. ${START_WORKER}`,
  });
}
