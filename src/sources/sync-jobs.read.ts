import type { SyncJob } from '../database/generated/client.ts';
import { type EntityReads, fieldsOf, one } from '../graphql/entity.ts';
import { SOURCES_SCOPE, SYNC_JOB_STATUS, SYNC_JOB_TYPE } from './vocabulary.ts';

const field = fieldsOf<SyncJob>();

export const syncJobs: EntityReads = {
  type: 'SyncJob',
  scope: SOURCES_SCOPE,
  plural: 'syncJobs',
  words: 'syncs',
  single: 'syncJob',
  aggregated: false,
  table: 'sync_jobs',
  key: 'syncJobId',
  description: 'One sync: a run over one source, from being asked for to its end.',
  fields: {
    syncJobId: field.uuid('sync_job_id', 'The key; also that of the job that runs it.'),
    sourceId: field.uuid('source_id', 'The source.'),
    jobType: field.enumeration('job_type', SYNC_JOB_TYPE, 'What it reads.'),
    status: field.enumeration('status', SYNC_JOB_STATUS, 'Where it is on its way; waiting: its deletes need a yes.'),
    itemsFound: field.bigint('items_found', 'Items that the listing told of.'),
    itemsProcessed: field.bigint('items_processed', 'Items that were looked into.'),
    itemsCreated: field.bigint('items_created', 'Items that are new.'),
    itemsUpdated: field.bigint('items_updated', 'Items whose content had changed.'),
    itemsSkipped: field.bigint('items_skipped', 'Items that nothing reads.'),
    itemsFailed: field.bigint('items_failed', 'Items that could not be read; each says why, and is tried again.'),
    itemsDeleted: field.bigint('items_deleted', 'Items that are gone.'),
    bytesProcessed: field.bigint('bytes_processed', 'Bytes that were fetched.'),
    progressData: field.json('progress_data', 'What it is doing now.', { filter: false }),
    requestedBy: field.id('requested_by', 'Who asked for it, such as schedule:nightly.'),
    createdAt: field.dateTime('created_at', 'When it was asked for.'),
    startedAt: field.dateTime('started_at', 'When it began.', { nullable: true }),
    completedAt: field.dateTime('completed_at', 'When it ended; null before.', { nullable: true }),
  },
  relations: {
    source: one('DataSource', 'source_id', 'The source.'),
  },
  needs: {
    error: ['error'],
    durationSeconds: ['started_at', 'completed_at'],
    errorsByKind: ['progress_data'],
  },
  order: [['createdAt', 'DESC']],
  indexed: { createdAt: 'DESC' },
};
