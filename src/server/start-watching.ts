/** What a worker does for sources unasked: it follows their changes, and tells others of ours. */
import { startWatcher } from '../sources/watch/watcher.ts';
import { startDeliverer } from '../sources/webhooks/deliverer.ts';
import type { Services } from './services.ts';

export interface Watching {
  readonly stop: () => Promise<void>;
}

/** Starts it. While there are no sources and no webhooks, nothing is loaded: two small statements are asked now and then. */
export function startWatching({ sources: house, notices }: Pick<Services, 'sources' | 'notices'>): Watching {
  const watcher = startWatcher({ house, notices });
  const deliverer = startDeliverer({ house, notices });
  return { stop: async () => void (await Promise.all([watcher.stop(), deliverer.stop()])) };
}
