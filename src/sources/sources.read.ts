import type { DataSource } from '../database/generated/client.ts';
import { type EntityReads, fieldsOf, many } from '../graphql/entity.ts';
import { CONNECTION_STATUS, SOURCES_SCOPE, SYNC_JOB_STATUS } from './vocabulary.ts';

const field = fieldsOf<DataSource>();

export const sources: EntityReads = {
  type: 'DataSource',
  scope: SOURCES_SCOPE,
  plural: 'dataSources',
  words: 'sources',
  single: 'dataSource',
  aggregated: false,
  table: 'data_sources',
  key: 'sourceId',
  description:
    'A connected place: a folder, an account, a bucket. You see your own, and those that are shared with the team.',
  fields: {
    sourceId: field.uuid('source_id', 'The key, a UUID of version 7.'),
    name: field.text('name', 'What people call it; unique among its owner’s.'),
    sourceType: field.id('source_type', 'Which connector reads it, such as dropbox.'),
    connectionStatus: field.enumeration('connection_status', CONNECTION_STATUS, 'Whether it can be reached.'),
    config: field.json('config', 'Its settings, as its connector’s schema has them; never a secret.', {
      filter: false,
    }),
    rules: field.json('rules', 'What becomes of which items: `pattern` and `dataset`; the first that fits holds.', {
      filter: false,
    }),
    syncFrequency: field.text('sync_frequency', 'How often it is synced: 5 minutes, hourly, daily, a cron, manual.', {
      nullable: true,
    }),
    lastSyncAt: field.dateTime('last_sync_at', 'When its last sync ended.', { nullable: true }),
    lastSyncStatus: field.enumeration('last_sync_status', SYNC_JOB_STATUS, 'How its last sync ended.', {
      nullable: true,
    }),
    isActive: field.boolean('is_active', 'False while it is paused: nothing syncs it by itself.'),
    isShared: field.boolean('is_shared', 'Whether the team sees it; only a shared one feeds datasets.'),
    deleteGuard: field.integer('delete_guard', 'Percent of its items that one sync may delete without asking.'),
    accountId: field.id('account_id', 'Of the account that it is read with.', { nullable: true }),
    accountName: field.text('account_name', 'What the place calls that account.', { nullable: true }),
    owner: field.id('owner_label', 'Whose it is, such as user:anna@example.org.'),
    createdAt: field.dateTime('created_at', 'When it was added.'),
    updatedAt: field.dateTime('updated_at', 'When it was last changed by hand.'),
    version: field.integer('version', 'Grows by one with every change by hand.'),
  },
  relations: {
    items: many('SyncItem', 'source_id', 'What was found in it.'),
    documents: many('Document', 'source_id', 'Those of its items that no dataset claims.'),
    jobs: many('SyncJob', 'source_id', 'Its syncs.'),
    schedules: many('Schedule', 'source_id', 'When it is synced by itself.'),
    transformations: many(
      'Transformation',
      'source_id',
      'What records of its files go through before they are mapped.',
    ),
  },
  needs: {
    totalItemsSynced: ['total_items_synced'],
    error: ['error'],
    connector: ['source_type'],
    lagSeconds: ['last_sync_at'],
  },
  order: [['createdAt', 'DESC']],
  indexed: { createdAt: 'DESC' },
};
