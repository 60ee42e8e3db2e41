import type { Document } from '../database/generated/client.ts';
import { type EntityReads, fieldsOf, one } from '../graphql/entity.ts';
import { ITEM_TYPE, SOURCES_SCOPE } from './vocabulary.ts';

const field = fieldsOf<Document>();

export const documents: EntityReads = {
  type: 'Document',
  scope: SOURCES_SCOPE,
  plural: 'documents',
  single: 'document',
  aggregated: false,
  table: 'documents',
  seenBy: ['data_sources'],
  key: 'documentId',
  description:
    'An item of a source that no dataset claims, with its text. You see those of your own sources and of shared ones.',
  fields: {
    documentId: field.uuid('document_id', 'The key, a UUID of version 7.'),
    sourceId: field.uuid('source_id', 'The source that it is in.'),
    externalId: field.id('external_id', 'What the place knows it by.'),
    path: field.text('path', 'Where it is there.', { nullable: true }),
    title: field.text('title', 'Its title, or its name.'),
    itemType: field.enumeration('item_type', ITEM_TYPE, 'What kind of thing it is.'),
    mediaType: field.id('media_type', 'Its media type.', { nullable: true }),
    size: field.bigint('size', 'Its size in bytes.', { nullable: true }),
    contentHash: field.id('content_hash', 'SHA-256 of the bytes, hexadecimal.', { nullable: true }),
    text: field.longText('text', 'What it says; null where there is no text to read.', { nullable: true }),
    textFault: field.text('text_fault', 'Why there is no text, or not all of it.', { nullable: true }),
    frontMatter: field.json('front_matter', 'What stands above its text as fields.'),
    author: field.text('author', 'Who wrote it, as the place says.', { nullable: true }),
    url: field.text('url', 'Where people open it in a browser.', { nullable: true, order: false }),
    externalModifiedAt: field.dateTime('external_modified_at', 'When it was changed there; may lie in the future.', {
      nullable: true,
    }),
    createdAt: field.dateTime('created_at', 'When it was first read.'),
    updatedAt: field.dateTime('updated_at', 'When it last changed here.'),
    version: field.integer('version', 'Grows by one with every change.', { order: false }),
  },
  relations: { source: one('DataSource', 'source_id', 'The source that it is in.') },
  order: [['createdAt', 'DESC']],
  indexed: { createdAt: 'DESC', sourceId: 'ASC' },
};
