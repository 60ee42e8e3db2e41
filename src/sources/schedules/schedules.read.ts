import type { ScheduledSync, ScheduleRun } from '../../database/generated/client.ts';
import { type EntityReads, fieldsOf, many, one } from '../../graphql/entity.ts';
import { enumeration } from '../../graphql/enumerations.ts';
import { SOURCES_SCOPE } from '../vocabulary.ts';
import { FREQUENCIES } from './timing.ts';

const field = fieldsOf<ScheduledSync>();
const ofRun = fieldsOf<ScheduleRun>();

export const SCHEDULED_KINDS = ['sync', 'export', 'clean-up', 'write-back'] as const;
export type ScheduledKind = (typeof SCHEDULED_KINDS)[number];

export const FREQUENCY = enumeration('ScheduleFrequency', 'How it is said when a schedule is due.', [...FREQUENCIES]);
const RUN_STATUS = enumeration('ScheduleRunStatus', 'How a turn of a schedule went.', [
  'queued',
  'running',
  'completed',
  'failed',
  'cancelled',
  'skipped',
]);

export const schedules: EntityReads = {
  type: 'Schedule',
  scope: SOURCES_SCOPE,
  plural: 'schedules',
  single: 'schedule',
  aggregated: false,
  table: 'scheduled_syncs',
  seenBy: ['data_sources'],
  key: 'scheduleId',
  description: 'Work that is asked for again and again: syncs, exports, clean-ups, write-backs.',
  fields: {
    scheduleId: field.uuid('schedule_id', 'The key, a UUID of version 7.'),
    name: field.text('name', 'What people call it.'),
    sourceId: field.uuid(
      'source_id',
      'The source that it syncs or writes back into; null: all that its owner may sync.',
      {
        nullable: true,
      },
    ),
    jobKind: field.id('job_kind', 'What it asks for: sync, export, clean-up or write-back.'),
    arguments: field.json(
      'arguments',
      'How: `type` of a sync, `exports` by name, `olderThanDays` of a clean-up, `writeBackId` where not all of the source are meant.',
      {
        filter: false,
      },
    ),
    frequency: field.enumeration('frequency', FREQUENCY, 'How it is said when it is due.'),
    cron: field.text('cron', 'Minute, hour, day of month, month, day of week.', { nullable: true }),
    timeZone: field.text('time_zone', 'Where the cron’s clock stands.'),
    intervalSeconds: field.integer('interval_seconds', 'How often, in seconds.', { nullable: true }),
    isActive: field.boolean('is_active', 'False while it is paused.'),
    origin: field.id('origin', 'ready_made, or sync_frequency of one that a source keeps itself; null of others.', {
      nullable: true,
    }),
    nextRunAt: field.dateTime('next_run_at', 'When it is due next; null while it is paused or manual.', {
      nullable: true,
    }),
    lastRunAt: field.dateTime('last_run_at', 'When it last asked for a job.', { nullable: true }),
    lastJobId: field.uuid('last_job_id', 'The job that it last asked for.', { nullable: true }),
    actor: field.id('actor', 'With whose rights it works.'),
    createdAt: field.dateTime('created_at', 'When it was made.'),
    updatedAt: field.dateTime('updated_at', 'When it was last changed.'),
    version: field.integer('version', 'Grows by one with every change by hand.'),
  },
  relations: {
    source: one('DataSource', 'source_id', 'The source that it syncs.'),
    runs: many('ScheduleRun', 'schedule_id', 'What came of it, turn by turn.'),
  },
  order: [['createdAt', 'DESC']],
  indexed: { createdAt: 'DESC' },
};

export const scheduleRuns: EntityReads = {
  type: 'ScheduleRun',
  scope: SOURCES_SCOPE,
  plural: 'scheduleRuns',
  words: 'turns of schedules',
  aggregated: false,
  table: 'schedule_runs',
  key: 'runId',
  description: 'One turn of a schedule: the job that it asked for, and how that ended. Kept when both are gone.',
  fields: {
    runId: ofRun.uuid('run_id', 'The key, a UUID of version 7.'),
    scheduleId: ofRun.uuid('schedule_id', 'The schedule.'),
    scheduleName: ofRun.text('schedule_name', 'What it was called then.'),
    sourceId: ofRun.uuid('source_id', 'The source, of a sync.', { nullable: true }),
    jobKind: ofRun.id('job_kind', 'What was asked for.'),
    jobId: ofRun.uuid('job_id', 'The job; null where none was asked for.', { nullable: true }),
    dueAt: ofRun.dateTime('due_at', 'When it was to be; null of one that somebody asked for.', { nullable: true }),
    firedAt: ofRun.dateTime('fired_at', 'When the job was asked for.'),
    status: ofRun.enumeration('status', RUN_STATUS, 'How it went; skipped: there was nothing to ask for.'),
    finishedAt: ofRun.dateTime('finished_at', 'When it ended; null before.', { nullable: true }),
  },
  relations: {
    schedule: one('Schedule', 'schedule_id', 'The schedule; null once that is deleted.'),
    source: one('DataSource', 'source_id', 'The source, of a sync.'),
  },
  needs: { error: ['error'] },
  order: [['firedAt', 'DESC']],
  indexed: { firedAt: 'DESC' },
};
