import type { SyncItem } from '../database/generated/client.ts';
import { type EntityReads, fieldsOf, one } from '../graphql/entity.ts';
import { ITEM_TYPE, SOURCES_SCOPE, SYNC_STATUS } from './vocabulary.ts';

const field = fieldsOf<SyncItem>();

export const syncItems: EntityReads = {
  type: 'SyncItem',
  scope: SOURCES_SCOPE,
  plural: 'syncItems',
  words: 'items',
  single: 'syncItem',
  aggregated: false,
  table: 'sync_items',
  key: 'itemId',
  description: 'One remote thing in a source, as it was last listed, and what became of it.',
  fields: {
    itemId: field.bigint('id', 'The key, a number.'),
    sourceId: field.uuid('source_id', 'The source.'),
    externalId: field.id('external_id', 'What the place knows it by.'),
    parentExternalId: field.id('parent_external_id', 'The folder or thread that it is in.', { nullable: true }),
    name: field.text('name', 'What it is called there.'),
    externalPath: field.text('external_path', 'Where it is there.', { nullable: true }),
    itemType: field.enumeration('item_type', ITEM_TYPE, 'What kind of thing it is.'),
    mediaType: field.id('media_type', 'Its media type.', { nullable: true }),
    externalVersion: field.id('external_version', 'The version that was last listed.'),
    externalHash: field.id('external_hash', 'The place’s own hash of it, after the name of its algorithm.', {
      nullable: true,
    }),
    externalModifiedAt: field.dateTime('external_modified_at', 'When it was changed there; may lie in the future.', {
      nullable: true,
    }),
    externalUrl: field.text('external_url', 'Where people open it in a browser.', { nullable: true, order: false }),
    contentHash: field.id('content_hash', 'SHA-256 of the bytes that were read, hexadecimal.', { nullable: true }),
    dataset: field.id('dataset', 'The dataset that took it in.', { nullable: true }),
    importId: field.uuid('import_id', 'The import that took it in.', { nullable: true }),
    documentId: field.uuid('local_document_id', 'The document that it became.', { nullable: true }),
    syncStatus: field.enumeration('sync_status', SYNC_STATUS, 'What became of it.'),
    reason: field.text('reason', 'Why it was skipped.', { nullable: true }),
    attempts: field.integer('attempts', 'How often it was tried.'),
    retryAt: field.dateTime('retry_at', 'When it is tried again.', { nullable: true }),
    firstSeenAt: field.dateTime('first_seen_at', 'When it was first listed.'),
    lastSyncedAt: field.dateTime('last_synced_at', 'When it was last read.', { nullable: true }),
  },
  relations: {
    source: one('DataSource', 'source_id', 'The source.'),
    import: one('Import', 'import_id', 'The import that took it in.'),
    document: one('Document', 'local_document_id', 'The document that it became.'),
  },
  needs: { size: ['size'], error: ['error'] },
  order: [['itemId', 'DESC']],
};
