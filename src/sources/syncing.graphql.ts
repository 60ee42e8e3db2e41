import { builder } from '../graphql/builder.ts';
import { entityRef } from '../graphql/entities.ts';
import { mutate } from '../graphql/mutate.ts';
import { IMPORT_LANE } from '../graphql/turn.ts';
import { rowNow } from './changing-sources.graphql.ts';
import { StartSyncInput } from './source-inputs.ts';
import { endOfSync } from './sync-end.ts';
import { syncJobs } from './sync-jobs.read.ts';
import { cancelSync, MAY_SYNC, type RetriedItems, retryItems, startSync } from './syncs.write.ts';

const RetryItemsPayload = builder.objectRef<RetriedItems>('RetryItemsPayload').implement({
  description: 'Items that are read anew.',
  fields: (t) => ({
    retried: t.exposeInt('retried', { description: 'How many they are.' }),
    syncJob: t.field({
      type: entityRef(syncJobs.type),
      nullable: true,
      description: 'The sync that reads them; null where there was none to read.',
      resolve: ({ syncJobId }, _given, context, info) =>
        syncJobId === null ? null : rowNow(context, syncJobs, syncJobId, info),
    }),
  }),
});

const repeatable = { needs: MAY_SYNC, extensions: { repeatable: true } } as const;
const sourceId = builder.args((t) => ({ sourceId: t.id({ required: true, description: 'The key of the source.' }) }));

builder.mutationFields((t) => ({
  startSync: t.field({
    ...repeatable,
    type: entityRef(syncJobs.type),
    description:
      'Asks for a sync. One that waits or runs already takes the request over. Its progress is told by syncProgress. Such as `mutation ($source: ID!) { startSync(sourceId: $source, input: { type: FULL_SYNC }) { syncJobId status } }`.',
    args: { ...sourceId, input: t.arg({ type: StartSyncInput, description: 'What it is to do.' }) },
    resolve: async (_root, { sourceId: key, input }, context, info) => {
      const started = await mutate(context, ({ query }) => startSync(query, context.actor, key, input ?? {}), info);
      return rowNow(context, syncJobs, started, info);
    },
  }),
  runSync: t.field({
    needs: MAY_SYNC,
    // Whoever waits must not keep others from writing.
    extensions: { repeatable: true, ...IMPORT_LANE },
    type: entityRef(syncJobs.type),
    description:
      'Asks for a sync as startSync does, and answers when it has ended; after nearly a minute with the sync as it is by then. Such as `mutation ($source: ID!) { runSync(sourceId: $source) { status itemsCreated itemsFailed } }`.',
    args: { ...sourceId, input: t.arg({ type: StartSyncInput, description: 'What it is to do.' }) },
    resolve: async (_root, { sourceId: key, input }, context, info) => {
      const started = await mutate(context, ({ query }) => startSync(query, context.actor, key, input ?? {}), info);
      await endOfSync(context, started);
      return rowNow(context, syncJobs, started, info);
    },
  }),
  cancelSync: t.field({
    ...repeatable,
    type: entityRef(syncJobs.type),
    description:
      'Ends a sync: one that waits its turn at once, one that runs soon, one that waits for a yes by a no. What it had done stays. Those of your sources, and what nobody but you asked for; administrators anybody’s. Such as `mutation ($sync: ID!) { cancelSync(syncJobId: $sync) { status } }`.',
    args: { syncJobId: t.arg.id({ required: true, description: 'The key of the sync.' }) },
    resolve: async (_root, { syncJobId }, context, info) => {
      await mutate(
        context,
        async ({ query }) => {
          await cancelSync(query, context.actor, syncJobId);
          return null;
        },
        info,
      );
      return rowNow(context, syncJobs, syncJobId, info);
    },
  }),
  retryItems: t.field({
    ...repeatable,
    type: RetryItemsPayload,
    description:
      'Has items read anew that failed: those named, or all of the source. Such as `mutation ($source: ID!) { retryItems(sourceId: $source) { retried syncJob { status } } }`.',
    args: {
      ...sourceId,
      itemIds: t.arg.idList({ description: 'Their keys; also those of skipped items. All that failed unless given.' }),
    },
    resolve: (_root, { sourceId: key, itemIds }, context, info) =>
      mutate(context, ({ query }) => retryItems(query, context.actor, key, itemIds), info),
  }),
}));
