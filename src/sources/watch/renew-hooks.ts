/** Webhooks are asked for, and asked for again before they end, by one process at a time. */
import { type Query, writeSession } from '../../database/session.ts';
import { HOUSEKEEPER } from '../../kernel/actor.ts';
import type { Connector } from '../connector.ts';
import type { SourcesHouse } from '../sources-house.ts';
import type { WatchedSource } from './watched-sources.ts';

/** Before it ends; the longest that providers give is days. */
const MARGIN_MS = 6 * 3_600_000;
/** Between two tries at one source: a provider that gives less than the margin is not asked all the time. */
const PAUSE_MS = 900_000;

/** Renews the hooks of `sources` that need it; `tried` is when each was last tried. What fails is tried again later. */
export async function renewHooks(
  house: SourcesHouse,
  sources: readonly WatchedSource[],
  connectorOf: (type: string) => Connector | undefined,
  { tried, stopping }: { readonly tried: Map<string, number>; readonly stopping: AbortSignal },
): Promise<void> {
  const { publicUrl, log } = house;
  // Providers call nobody whom they cannot reach, nor anybody without TLS.
  if (publicUrl?.startsWith('https:') !== true) return;
  for (const source of sources) {
    const { source_id: sourceId, has_hook: hasHook, hook_expires_at: expiresAt } = source;
    const connector = connectorOf(source.source_type);
    const isNeeded = !hasHook || (expiresAt !== null && expiresAt.getTime() - Date.now() < MARGIN_MS);
    const isPaused = Date.now() - (tried.get(sourceId) ?? 0) < PAUSE_MS;
    if (stopping.aborted) return;
    if (connector?.webhooks?.register === undefined || !source.has_cursor || !isNeeded || isPaused) continue;
    tried.set(sourceId, Date.now());
    const renew = async (): Promise<void> => {
      // What checks a provider's words is hundreds of modules: a worker that asks none does not wait for them.
      const { keepHook } = await import('./hooks.ts');
      await keepHook(house, { source, connector }, publicUrl, stopping);
    };
    await alone(house, source, renew).catch((err: unknown) =>
      log.warn({ err, sourceId }, 'a provider could not be asked to call; the source is synced on schedule alone'),
    );
  }
}

/** Seconds after which a process that speaks with a provider is taken for dead: more than its call may take. */
const HELD_S = 120;

/** Does nothing where another process is at it, or was since the source was looked at. No transaction is open meanwhile. */
async function alone({ database }: SourcesHouse, seen: WatchedSource, work: () => Promise<void>): Promise<void> {
  const write = <T>(ask: (query: Query) => Promise<T>): Promise<T> =>
    writeSession(database.write, HOUSEKEEPER, ({ query }) => ask(query));
  const [taken] = await write((query) =>
    query<{ held: string }>(
      'hook lease',
      `UPDATE source_states
          SET hook_held_at = now()
        WHERE source_id = $1 AND (hook_state IS NOT NULL) = $2 AND hook_expires_at IS NOT DISTINCT FROM $3
          AND (hook_held_at IS NULL OR hook_held_at < now() - interval '${HELD_S} seconds')
       RETURNING hook_held_at::text AS held`,
      [seen.source_id, seen.has_hook, seen.hook_expires_at],
    ),
  );
  if (taken === undefined) return;
  try {
    await work();
  } finally {
    await write((query) =>
      query(
        'hook lease end',
        'UPDATE source_states SET hook_held_at = NULL WHERE source_id = $1 AND hook_held_at = $2::timestamptz',
        [seen.source_id, taken.held],
      ),
    );
  }
}
