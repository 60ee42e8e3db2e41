import { builder } from '../graphql/builder.ts';
import { defineEntity } from '../graphql/define-entity.ts';
import { entityRef } from '../graphql/entities.ts';
import { faultType, keptFault } from '../graphql/kept-fault.ts';
import { askedColumns, ITSELF } from '../graphql/selection.ts';
import { countOf, dateOf, keyOf, textOf } from '../graphql/values.ts';
import { ConnectorType } from './connectors.graphql.ts';
import { ItemCount } from './item-count.ts';
import { loadItemCounts, loadLatestJob, loadNextRun } from './source-batches.ts';
import { sources } from './sources.read.ts';
import { sourcesSlot } from './sources-house.ts';
import { syncJobs } from './sync-jobs.read.ts';

const DataSource = defineEntity(sources);

const SourceFault = faultType('SourceFault', 'Why a source cannot be reached, or why its last sync failed.');

builder.objectFields(DataSource, (t) => ({
  totalItemsSynced: t.float({
    description: 'How many of its items are here.',
    resolve: (row) => countOf(row, 'total_items_synced') ?? 0,
  }),
  error: t.field({
    type: SourceFault,
    nullable: true,
    description: 'Why it cannot be reached.',
    resolve: keptFault,
  }),
  connector: t.field({
    type: ConnectorType,
    nullable: true,
    description: 'What reads it; null of a kind that this release does not know.',
    resolve: async (row, _given, context) => {
      const { connectors } = await sourcesSlot.get(context).connectors();
      return connectors.get(textOf(row, 'source_type') ?? '') ?? null;
    },
  }),
  itemsByStatus: t.field({
    type: [ItemCount],
    description: 'How many of its items have each status, in upper case.',
    resolve: async (row, _given, context) => {
      const found = await loadItemCounts(context, 'status', keyOf(row, 'source_id') ?? '');
      return found.map(({ key, count }) => ({ key: key.toUpperCase(), count }));
    },
  }),
  errorsByKind: t.field({
    type: [ItemCount],
    description: 'Of the items that failed: how many for which reason.',
    resolve: (row, _given, context) => loadItemCounts(context, 'error', keyOf(row, 'source_id') ?? ''),
  }),
  latestJob: t.field({
    type: entityRef(syncJobs.type),
    nullable: true,
    description: 'Its latest sync; null before the first.',
    resolve: (row, _given, context, info) =>
      loadLatestJob(context, keyOf(row, 'source_id') ?? '', askedColumns(syncJobs, info, [ITSELF])),
  }),
  nextRunAt: t.field({
    type: 'DateTime',
    nullable: true,
    description: 'When a schedule asks for its next sync; null while none does.',
    resolve: (row, _given, context) => loadNextRun(context, keyOf(row, 'source_id') ?? ''),
  }),
  lagSeconds: t.float({
    nullable: true,
    description: 'Seconds since its last sync ended; null before the first.',
    resolve: (row) => {
      const last = dateOf(row, 'last_sync_at');
      return last === null ? null : Math.max(0, (Date.now() - last.getTime()) / 1_000);
    },
  }),
}));
