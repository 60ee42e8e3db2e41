import { readSession } from '../database/session.ts';
import { builder } from '../graphql/builder.ts';
import { entityRef } from '../graphql/entities.ts';
import { noSource } from './lock-source.ts';
import { syncFeedSlot } from './sync-feed.ts';
import { syncJobs } from './sync-jobs.read.ts';
import { SOURCES_SCOPE } from './vocabulary.ts';

builder.subscriptionField('syncProgress', (t) =>
  t.field({
    type: entityRef(syncJobs.type),
    needs: { role: 'viewer', scope: SOURCES_SCOPE },
    description:
      'The latest sync of a source now and whenever it gets on, until it has ended; the last event says how. Such as `subscription ($source: ID!) { syncProgress(sourceId: $source) { status itemsFound itemsProcessed itemsFailed } }`.',
    args: { sourceId: t.arg.id({ required: true, description: 'The key of the source.' }) },
    subscribe: async (_root, { sourceId }, context) => {
      const [found] = await readSession(context.database.read, context.actor, (query) =>
        query<{ sync_job_id: string | null }>(
          'sync to follow',
          `SELECT j.sync_job_id
             FROM data_sources d
             LEFT JOIN LATERAL (
                  SELECT sync_job_id FROM sync_jobs WHERE source_id = d.source_id ORDER BY created_at DESC, sync_job_id LIMIT 1) j ON true
            WHERE d.source_id::text = $1`,
          [sourceId],
        ),
      );
      if (found === undefined) throw noSource();
      return syncFeedSlot.get(context).follow(context.actor, found.sync_job_id);
    },
    resolve: (row) => row,
  }),
);
