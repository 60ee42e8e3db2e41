/** Waiting for one source to change, once. */
import { writeSession } from '../../database/session.ts';
import { HOUSEKEEPER } from '../../kernel/actor.ts';
import { openConnector } from '../connections/connector-context.ts';
import { type Connector, ConnectorError } from '../connector.ts';
import type { SourcesHouse } from '../sources-house.ts';
import { SOURCES } from './notice.ts';
import { takeLease } from './wait-lease.ts';
import type { WatchedSource } from './watched-sources.ts';

export interface Waited {
  /** Whether it went as it should. */
  readonly isFine: boolean;
  /** Milliseconds before it is asked again, at least. */
  readonly pauseMs: number;
}

/** A place that answers at once, or at the moment another process has, is not asked in a loop. */
const LEAST_PAUSE_MS = 1_000;
const ELSEWHERE_MS = 10_000;

/** Waits until the source has changed, and says so; or until the place has nothing to tell. It never fails. */
export async function waitForSource(
  house: SourcesHouse,
  source: WatchedSource,
  connector: Connector,
  stopping: AbortSignal,
): Promise<Waited> {
  const lost = new AbortController();
  const signal = AbortSignal.any([stopping, lost.signal]);
  const lease = await takeLease(house, source.source_id, () => lost.abort());
  if (lease === undefined) return { isFine: true, pauseMs: ELSEWHERE_MS };
  try {
    const context = await openConnector(house, source, connector, signal, { isPatient: true });
    const told = await connector.waitForChanges?.(lease.cursor, context);
    if (told?.changed === true) await markChanged(house, source.source_id, lease.cursor);
    return { isFine: true, pauseMs: Math.max(told?.backoffMs ?? 0, LEAST_PAUSE_MS) };
  } catch (err) {
    if (signal.aborted) return { isFine: true, pauseMs: LEAST_PAUSE_MS };
    house.log.warn({ err, sourceId: source.source_id }, 'waiting for changes of a source failed; it is tried again');
    return { isFine: false, pauseMs: err instanceof ConnectorError ? (err.retryAfterMs ?? 0) : 0 };
  } finally {
    await lease.release();
  }
}

/** Unless a sync has read on meanwhile: then what has changed is known. */
async function markChanged({ database }: SourcesHouse, sourceId: string, cursor: string): Promise<void> {
  await writeSession(database.write, HOUSEKEEPER, ({ query }) =>
    query(
      'source changed',
      `WITH marked AS (
         UPDATE source_states SET dirty_at = coalesce(dirty_at, now()) WHERE source_id = $1 AND cursor = $2 RETURNING source_id)
       SELECT pg_notify('${SOURCES}', source_id::text) FROM marked`,
      [sourceId, cursor],
    ),
  );
}
