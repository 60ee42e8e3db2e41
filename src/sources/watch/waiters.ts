/** The waits of this process: one for each source whose place can be waited for. */
import type { Connector } from '../connector.ts';
import type { SourcesHouse } from '../sources-house.ts';
import type { WatchedSource } from './watched-sources.ts';

export interface Waiters {
  /** Begins what is missing and ends what is no more to be waited for. */
  readonly keep: (sources: readonly WatchedSource[], connectorOf: (type: string) => Connector | undefined) => void;
  readonly stop: () => Promise<void>;
}

interface Wait {
  readonly version: number;
  readonly stopping: AbortController;
  readonly ended: Promise<void>;
}

const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 300_000;

/** `again` is called when a wait has ended and its source may be waited for once more. */
export function createWaiters(house: SourcesHouse, again: () => void): Waiters {
  const waits = new Map<string, Wait>();
  const pauses = new Map<string, { readonly until: number; readonly failures: number }>();

  const begin = (source: WatchedSource, connector: Connector): void => {
    const { source_id: sourceId, version } = source;
    const stopping = new AbortController();
    // What a wait opens is hundreds of modules: a worker that waits for nothing starts without them.
    const ended = import('./wait-for-source.ts')
      .then(({ waitForSource }) => waitForSource(house, source, connector, stopping.signal))
      .catch((err: unknown) => {
        house.log.warn({ err, sourceId }, 'a wait for a source could not be begun or ended');
        return { isFine: false, pauseMs: 0 };
      })
      .then(({ isFine, pauseMs }) => {
        const failures = isFine ? 0 : (pauses.get(sourceId)?.failures ?? 0) + 1;
        const backoff = isFine ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
        pauses.set(sourceId, { until: Date.now() + Math.max(pauseMs, backoff), failures });
        waits.delete(sourceId);
        again();
      });
    waits.set(sourceId, { version, stopping, ended });
  };

  return {
    keep: (sources, connectorOf) => {
      const known = new Map(sources.map((source) => [source.source_id, source]));
      for (const [sourceId, { version, stopping }] of waits)
        if (known.get(sourceId)?.version !== version) stopping.abort();
      for (const sourceId of pauses.keys()) if (!known.has(sourceId)) pauses.delete(sourceId);
      for (const source of sources) {
        const { source_id: sourceId, has_cursor: hasCursor, due, busy } = source;
        const connector = connectorOf(source.source_type);
        const isPaused = (pauses.get(sourceId)?.until ?? 0) > Date.now();
        // A sync that is due or runs reads what has changed; its cursor is the one to wait from.
        const isWaitable = hasCursor && !due && !busy && !isPaused && connector?.waitForChanges !== undefined;
        if (isWaitable && connector !== undefined && !waits.has(sourceId)) begin(source, connector);
      }
    },
    stop: async () => {
      for (const { stopping } of waits.values()) stopping.abort();
      await Promise.all([...waits.values()].map(({ ended }) => ended));
    },
  };
}
