/** Gauges of sources and their syncs. */
import { Gauge, type Registry } from 'prom-client';
import type { SourceFigures } from './source-figures.ts';

/** Registers them; the function sets them, or leaves them out while the database says nothing. */
export function gaugeSources(registry: Registry): (figures: SourceFigures | undefined) => void {
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]): Gauge<Label> =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  const of = ['source', 'name', 'connector'] as const;
  const up = gauge(
    'cairn_source_connected',
    'Whether the source can be reached: 1 or 0. Shared ones by id and name; the private ones of a connector together, as `private`.',
    ...of,
  );
  const lag = gauge(
    'cairn_source_lag_seconds',
    'Seconds since the last sync of the source ended; left out before the first.',
    ...of,
  );
  const items = gauge('cairn_source_items', 'Items of the source that are here.', ...of);
  const failed = gauge(
    'cairn_source_items_failed',
    'Items of the source that could not be read, by the code of their error.',
    ...of,
    'code',
  );
  const syncs = gauge(
    'cairn_syncs_last_day',
    'Syncs of the last 24 hours that have ended, by connector and status.',
    'connector',
    'status',
  );
  const success = gauge('cairn_sync_success_ratio_last_day', 'Which share of them was completed.', 'connector');
  const synced = gauge(
    'cairn_sync_items_last_day',
    'Items of those syncs by what became of them.',
    'connector',
    'outcome',
  );
  const bytes = gauge('cairn_sync_bytes_last_day', 'Bytes that those syncs fetched.', 'connector');
  const seconds = gauge('cairn_sync_seconds_last_day', 'How long those syncs took together.', 'connector');
  const all = [up, lag, items, failed, syncs, success, synced, bytes, seconds];
  return (figures) => {
    for (const each of all) each.reset();
    for (const { source, name, connector, ...told } of figures?.sources ?? []) {
      const labels = { source, name, connector };
      up.set(labels, told.connected ? 1 : 0);
      if (told.lag !== null) lag.set(labels, told.lag);
      items.set(labels, told.items);
      for (const [code, count] of Object.entries(told.failed)) failed.set({ ...labels, code }, count);
    }
    for (const { connector, ended, ...told } of figures?.syncs ?? []) {
      for (const [status, count] of Object.entries(ended)) syncs.set({ connector, status }, count);
      const total = Object.values(ended).reduce((sum, count) => sum + count, 0);
      if (total > 0) success.set({ connector }, (ended['completed'] ?? 0) / total);
      for (const [outcome, count] of Object.entries(told.items)) synced.set({ connector, outcome }, count);
      bytes.set({ connector }, told.bytes);
      seconds.set({ connector }, told.seconds);
    }
  };
}
