import { contextSlot } from '../graphql/context.ts';
import type { JobFeed } from './job-feed.ts';

/** What the API needs to follow jobs. */
export interface Jobs {
  readonly feed: JobFeed;
}

/** Filled by the server for every operation. */
export const jobsSlot = contextSlot<Jobs>('jobs');
