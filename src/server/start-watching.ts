/** What a worker does for sources unasked: it follows their changes, and tells others of ours. */
import { startWatcher } from '../sources/watch/watcher.ts';
import type { Services } from './services.ts';

export interface Watching {
  readonly stop: () => Promise<void>;
}

/** Starts it. Nothing is loaded, and one small statement asked now and then, while there are no sources. */
export function startWatching({ sources, notices }: Pick<Services, 'sources' | 'notices'>): Watching {
  return startWatcher({ house: sources, notices });
}
