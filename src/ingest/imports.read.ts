import type { Import } from '../database/generated/client.ts';
import { type EntityReads, fieldsOf } from '../graphql/entity.ts';
import { enumeration } from '../graphql/enumerations.ts';
import { ofOwnDatasets } from './own-datasets.ts';

const field = fieldsOf<Import>();

export const IMPORT_STATUS = enumeration('ImportStatus', 'How an import went.', [
  'running',
  'imported',
  'unchanged',
  'failed',
  'undone',
]);

export const imports: EntityReads = {
  type: 'Import',
  scope: 'ingest',
  limit: ofOwnDatasets,
  plural: 'imports',
  single: 'import',
  table: 'imports',
  key: 'importId',
  description:
    'One file, or one batch of records, taken into one dataset. read = inserted + updated + unchanged + rejected. Every import is kept.',
  fields: {
    importId: field.uuid('import_id', 'The key, a UUID of version 7.'),
    dataset: field.id('dataset', 'The dataset that it went into.'),
    path: field.text('path', 'The file, relative to the folder that was imported.'),
    status: field.enumeration('status', IMPORT_STATUS, 'How it went.'),
    actor: field.id('actor', 'Who asked for it, such as token:nightly.'),
    startedAt: field.dateTime('started_at', 'When it began.'),
    finishedAt: field.dateTime('finished_at', 'When it ended; null while it runs.', { nullable: true }),
    fileHash: field.id('file_hash', 'SHA-256 of the file, hexadecimal.', { nullable: true }),
    fileModifiedAt: field.dateTime('file_modified_at', 'When the file was last changed.', { nullable: true }),
    rulesVersion: field.integer('rules_version', 'The version of the dataset’s rules that read it.'),
    read: field.integer('read', 'Records read.'),
    inserted: field.integer('inserted', 'Records that became new rows.'),
    updated: field.integer('updated', 'Records that changed a row.'),
    unchanged: field.integer('unchanged', 'Records that said what was known.'),
    rejected: field.integer('rejected', 'Records that did not pass.'),
    derived: field.integer('derived', 'Rows that records brought along for other tables.'),
    notes: field.json('notes', 'What the reader settled on: encoding, delimiter, unknown names.', { nullable: true }),
  },
  relations: {},
  needs: {
    dryRun: [],
    jobId: [],
    bytesRead: ['bytes_read'],
    bytesTotal: ['bytes_total'],
    fileSize: ['file_size'],
    error: ['error'],
    rejects: [],
  },
  order: [['startedAt', 'DESC']],
  indexed: { startedAt: 'DESC', dataset: 'ASC', status: 'ASC' },
};
