import { loaderFamily } from '../graphql/batches.ts';
import { builder } from '../graphql/builder.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { defineEntity } from '../graphql/define-entity.ts';
import { entityRef } from '../graphql/entities.ts';
import type { Row } from '../graphql/entity.ts';
import { faultType, keptFault } from '../graphql/kept-fault.ts';
import { askedColumns, ITSELF } from '../graphql/selection.ts';
import { dateOf, jsonOf, keyOf } from '../graphql/values.ts';
import { isJsonObject } from '../kernel/json.ts';
import { ItemCount } from './item-count.ts';
import { syncItems } from './sync-items.read.ts';
import { syncJobs } from './sync-jobs.read.ts';

const SyncJob = defineEntity(syncJobs);

const SyncFault = faultType('SyncFault', 'Why a sync failed. What it had done until then stays.');

/** Of one sync in one answer: a first one touches as many items as there are. */
const MOST_TOUCHED = 100;

const touched = loaderFamily<readonly Row[]>();

/** Items that were read while the sync ran, the latest first. */
function loadTouched(
  context: GraphqlContext,
  key: string,
  columns: readonly string[],
  most: number,
): Promise<readonly Row[]> {
  const text = `SELECT j.sync_job_id AS of_job, i.*
       FROM sync_jobs j
      CROSS JOIN LATERAL (
            SELECT ${columns.map((column) => `i.${column}`).join(', ')}
              FROM sync_items i
             WHERE i.source_id = j.source_id AND i.last_synced_at BETWEEN j.started_at AND coalesce(j.completed_at, now())
             ORDER BY i.last_synced_at DESC, i.id
             LIMIT $2) AS i
      WHERE j.sync_job_id = ANY($1::uuid[])`;
  return touched(context, `${most} ${text}`, () => async (keys) => {
    const rows = await context.reads.query<Row>('items of syncs', text, [keys, most]);
    return keys.map((each) => rows.filter((row) => row['of_job'] === each));
  }).load(key);
}

builder.objectFields(SyncJob, (t) => ({
  error: t.field({
    type: SyncFault,
    nullable: true,
    description: 'Why it failed, or what it waits for.',
    resolve: keptFault,
  }),
  durationSeconds: t.float({
    nullable: true,
    description: 'How long it took, or has taken until now; null before it begins.',
    resolve: (row) => {
      const [began, ended] = [dateOf(row, 'started_at'), dateOf(row, 'completed_at')];
      return began === null ? null : Math.max(0, ((ended?.getTime() ?? Date.now()) - began.getTime()) / 1_000);
    },
  }),
  errorsByKind: t.field({
    type: [ItemCount],
    description: 'Of the items that failed in it: how many for which reason.',
    resolve: (row) => {
      const told = jsonOf(row, 'progress_data');
      const errors = isJsonObject(told) && isJsonObject(told['errors']) ? told['errors'] : {};
      return Object.entries(errors)
        .map(([key, count]) => ({ key, count: Number(count) }))
        .toSorted((one, other) => (one.key < other.key ? -1 : 1));
    },
  }),
  touchedItems: t.field({
    type: [entityRef(syncItems.type)],
    description: `Items that were read while it ran, the latest first; ${MOST_TOUCHED} at most.`,
    args: { first: t.arg.int({ defaultValue: 20, description: `How many, ${MOST_TOUCHED} at most.` }) },
    complexity: ({ first }) => ({ field: 1, multiplier: Math.min(first ?? 20, MOST_TOUCHED) }),
    resolve: (row, { first }, context, info) => {
      const most = Math.max(0, Math.min(first ?? 20, MOST_TOUCHED));
      return loadTouched(context, keyOf(row, 'sync_job_id') ?? '', askedColumns(syncItems, info, [ITSELF]), most);
    },
  }),
}));
