/** The watcher of a worker: sources that have changed, by whatever way it is heard, are synced; nobody has to ask. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Notices } from '../../database/notices.ts';
import { readSession } from '../../database/session.ts';
import { HOUSEKEEPER } from '../../kernel/actor.ts';
import type { SourcesHouse } from '../sources-house.ts';
import { SOURCES } from './notice.ts';
import { renewHooks } from './renew-hooks.ts';
import { requestDue } from './request-due.ts';
import { createWaiters } from './waiters.ts';
import { watchedSources } from './watched-sources.ts';

export interface WatcherOptions {
  readonly house: SourcesHouse;
  readonly notices: Pick<Notices, 'on'>;
  /** Milliseconds between two looks where nothing is heard. */
  readonly lookMs?: number;
}

export interface Watcher {
  readonly stop: () => Promise<void>;
}

/** A time to try again comes without a notice, and a notice may be lost. */
const LOOK_MS = 5_000;

/** Starts it. Connectors are loaded when first there is a source. Whoever starts it stops it, before the database is closed. */
export function startWatcher({ house, notices, lookMs = LOOK_MS }: WatcherOptions): Watcher {
  const { log, database } = house;
  const stopping = new AbortController();
  const tried = new Map<string, number>();
  let waking = new AbortController();
  let isWoken = true;
  const wake = (): void => {
    isWoken = true;
    waking.abort();
  };
  const waiters = createWaiters(house, wake);
  const hearing = notices.on(SOURCES, wake);

  async function pass(): Promise<void> {
    const sources = await readSession(database.read, HOUSEKEEPER, watchedSources);
    for (const { source_id: sourceId, due, busy } of sources) {
      // While a sync runs the source stays due: however often it is called dirty, it is synced once more.
      if (due && !busy && !stopping.signal.aborted) await requestDue(house, sourceId);
    }
    if (sources.length === 0) return waiters.keep([], () => undefined);
    const { connectors } = await house.connectors();
    const connectorOf = (type: string) => connectors.get(type);
    if (!stopping.signal.aborted) waiters.keep(sources, connectorOf);
    await renewHooks(house, sources, connectorOf, { tried, stopping: stopping.signal });
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      isWoken = false;
      waking = new AbortController();
      await pass().catch((err: unknown) => log.warn({ err }, 'sources could not be looked after; it is tried again'));
      if (isWoken || stopping.signal.aborted) continue;
      await sleep(lookMs, undefined, { signal: waking.signal }).catch(() => undefined);
    }
  }

  const looping = loop();
  return {
    stop: async () => {
      hearing.stop();
      stopping.abort();
      wake();
      await Promise.all([looping, waiters.stop()]);
    },
  };
}
