import { contextSlot } from '../graphql/context.ts';
import type { RowFeed } from '../graphql/row-feed.ts';

/** What the API needs to follow jobs. */
export interface Jobs {
  readonly feed: RowFeed;
}

/** Filled by the server for every operation. */
export const jobsSlot = contextSlot<Jobs>('jobs');
