import type { WriteBack } from '../../database/generated/client.ts';
import { type EntityReads, fieldsOf, one } from '../../graphql/entity.ts';
import { enumeration } from '../../graphql/enumerations.ts';
import { SOURCES_SCOPE } from '../vocabulary.ts';
import { CONTENTS, OUTCOMES, TIMINGS } from './write-back.ts';

const field = fieldsOf<WriteBack>();

export const WRITE_BACK_CONTENT = enumeration('WriteBackContent', 'What goes back into a source.', [...CONTENTS]);
export const WRITE_BACK_TIMING = enumeration('WriteBackTiming', 'When it goes back by itself.', [...TIMINGS]);
const WRITE_BACK_STATUS = enumeration('WriteBackStatus', 'How the last run of a write-back ended.', [...OUTCOMES]);

export const writeBacks: EntityReads = {
  type: 'WriteBack',
  scope: SOURCES_SCOPE,
  plural: 'writeBacks',
  words: 'write-backs',
  single: 'writeBack',
  aggregated: false,
  table: 'write_backs',
  seenBy: ['data_sources'],
  key: 'writeBackId',
  description: 'A file of a source that Cairn keeps up to date: an export, or rows that were edited by hand.',
  fields: {
    writeBackId: field.uuid('write_back_id', 'The key, a UUID of version 7.'),
    sourceId: field.uuid('source_id', 'The source that is written to.'),
    name: field.text('name', 'What people call it.'),
    content: field.enumeration(
      'content',
      WRITE_BACK_CONTENT,
      'EXPORT: the dataset’s rows as one file. ROWS: what was edited by hand, into the files that it came from.',
    ),
    dataset: field.id('dataset', 'Whose rows they are.'),
    format: field.id('format', 'What an export is written as: csv, json, jsonl and so on.', { nullable: true }),
    request: field.json('request', 'Which rows and columns of an export: where, orderBy, fields, options.', {
      filter: false,
    }),
    path: field.text('path', 'From the source’s root; null: every file of the dataset.', { nullable: true }),
    timing: field.enumeration('timing', WRITE_BACK_TIMING, 'When it goes back by itself.'),
    intervalSeconds: field.integer('interval_seconds', 'How often, in seconds.', { nullable: true }),
    isActive: field.boolean('is_active', 'False while it is paused.'),
    nextRunAt: field.dateTime('next_run_at', 'When it runs next; null while only an edit makes it run.', {
      nullable: true,
    }),
    lastJobId: field.uuid('last_job_id', 'The job that it last asked for.', { nullable: true }),
    lastStatus: field.enumeration(
      'last_status',
      WRITE_BACK_STATUS,
      'How its last run ended. WAITING: the place has a version that is not read yet. CONFLICT: both versions are kept.',
      { nullable: true },
    ),
    lastRunAt: field.dateTime('last_run_at', 'When its last run ended.', { nullable: true }),
    writtenVersion: field.id('written_version', 'What the place calls the version that was last written.', {
      nullable: true,
    }),
    contentHash: field.id('content_hash', 'SHA-256 of the bytes that were last written.', { nullable: true }),
    writtenAt: field.dateTime('written_at', 'When it last wrote something.', { nullable: true }),
    conflictPath: field.text('conflict_path', 'Where our version is, since somebody else had changed the file.', {
      nullable: true,
    }),
    createdAt: field.dateTime('created_at', 'When it was made.'),
    updatedAt: field.dateTime('updated_at', 'When it was last changed by hand.'),
    version: field.integer('version', 'Grows by one with every change by hand.'),
  },
  relations: { source: one('DataSource', 'source_id', 'The source that is written to.') },
  needs: { error: ['error'] },
  order: [['createdAt', 'DESC']],
  indexed: { createdAt: 'DESC' },
};
