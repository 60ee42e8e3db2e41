import type { Export } from '../database/generated/client.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { type EntityReads, fieldsOf } from '../graphql/entity.ts';
import { enumeration } from '../graphql/enumerations.ts';
import { type Actor, hasRole, ownerOf } from '../kernel/actor.ts';
import { FORMAT_NAMES } from './formats.ts';

const field = fieldsOf<Export>();

const EXPORT_STATUS = enumeration('ExportStatus', 'How an export went.', [
  'running',
  'completed',
  'failed',
  'cancelled',
]);
export const EXPORT_FORMAT = enumeration('ExportFormat', 'What an export is written as.', [...FORMAT_NAMES]);

/** Whether the actor sees everybody's exports: an admin of all contexts, since they may be of any. */
export const isKeeper = (actor: Actor): boolean => hasRole(actor, 'admin') && actor.scopes === undefined;

export const exports: EntityReads = {
  type: 'Export',
  scope: 'exports',
  limit:
    ({ actor }: GraphqlContext) =>
    (alias, params) => {
      const own = `${alias}.actor = ${params.add(actor.label, 'text')}`;
      if (!isKeeper(actor)) return own;
      return `(${own} OR ${alias}.private_to IS NULL OR ${alias}.private_to = ${params.add(ownerOf(actor), 'text')})`;
    },
  plural: 'exports',
  single: 'export',
  aggregated: false,
  table: 'exports',
  key: 'exportId',
  description:
    'One file or stream of rows that was asked for: your own ones, and everybody’s for administrators, but those of rows that are private to others. Every export is kept in this list until a clean-up of the logs; its file for a day.',
  fields: {
    exportId: field.uuid('export_id', 'The key, a UUID of version 7.'),
    source: field.id('source', 'The dataset, list or query whose rows it has.'),
    format: field.enumeration('format', EXPORT_FORMAT, 'What it is written as.'),
    request: field.json('request', 'Which rows and columns: where, orderBy, fields, first, options.'),
    status: field.enumeration('status', EXPORT_STATUS, 'How it went, or that it has not ended yet.'),
    path: field.text('path', 'What its file is called; its whole path where the command line wrote it.'),
    fileHash: field.id('file_hash', 'SHA-256 of the file, hexadecimal; null before it is written.', { nullable: true }),
    jobId: field.uuid('job_id', 'The job that writes it; null where it was sent while it was read.', {
      nullable: true,
    }),
    actor: field.id('actor', 'Who asked for it, such as token:nightly.'),
    startedAt: field.dateTime('started_at', 'When it was asked for.'),
    finishedAt: field.dateTime('finished_at', 'When it ended; null before.', { nullable: true }),
  },
  relations: {},
  needs: { rows: ['rows'], bytes: ['bytes'], error: ['error'], link: ['file_id'] },
  order: [['startedAt', 'DESC']],
  indexed: { startedAt: 'DESC' },
};
