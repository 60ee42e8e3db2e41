/** Waiting for a sync that was asked for: as long as a request may take, and no longer than whoever asks does. */
import type { GraphqlContext } from '../graphql/context.ts';
import { syncFeedSlot } from './sync-feed.ts';

/** Milliseconds. What goes on for longer is followed, not waited for: proxies cut what says nothing. */
const LONGEST_MS = 55_000;

/** Comes back when the sync has ended, or waits for a yes; or after nearly a minute, or when nobody waits any more. */
export async function endOfSync(context: GraphqlContext, syncJobId: string): Promise<void> {
  const told = syncFeedSlot.get(context).follow(context.actor, syncJobId);
  const late = AbortSignal.timeout(LONGEST_MS);
  const signal = context.left === undefined ? late : AbortSignal.any([late, context.left]);
  const leave = (): void => void told.return?.();
  if (signal.aborted) leave();
  signal.addEventListener('abort', leave, { once: true });
  try {
    while (!(await told.next()).done);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
