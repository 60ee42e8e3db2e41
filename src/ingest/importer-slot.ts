import { contextSlot } from '../graphql/context.ts';
import type { ProgressFeed } from './progress-feed.ts';
import type { Ingest } from './run.ts';

/** What the API needs of the pipeline. */
export interface Importer {
  readonly ingest: Ingest;
  readonly progress: ProgressFeed;
  /** Absolute folders that imports by path may read. */
  readonly importRoots: readonly string[];
  /** Absolute folder for what clients send, until it is read. */
  readonly uploads: string;
}

/** Filled by the server for every operation. */
export const importerSlot = contextSlot<Importer>('pipeline');
