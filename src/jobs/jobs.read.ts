import type { Job } from '../database/generated/client.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { type EntityReads, fieldsOf, type Limit } from '../graphql/entity.ts';
import { enumeration } from '../graphql/enumerations.ts';
import { type Actor, hasRole, ownerOf } from '../kernel/actor.ts';
import { BECAUSE, JOB_STATUSES } from './job.ts';

const field = fieldsOf<Job>();

const JOB_STATUS = enumeration('JobStatus', 'Where a job is on its way.', [...JOB_STATUSES]);

/** Whether the actor looks after everybody's jobs: an admin of all contexts, since jobs may be about any. */
const isKeeper = (actor: Actor): boolean => hasRole(actor, 'admin') && actor.scopes === undefined;

/** The condition that somebody asked for a job, or has something to do about it. */
export const isAskedFor = (alias: string): string =>
  `(NOT ${alias}.arguments ? '${BECAUSE}' OR ${alias}.status = 'failed')`;

/** The jobs that an actor sees and may change: their own, and of a keeper everybody's but those about what is private to others. */
export const shownJobs =
  (actor: Actor): Limit =>
  (alias, params) => {
    const own = `${alias}.actor = ${params.add(actor.label, 'text')}`;
    if (!isKeeper(actor)) return `(${own} AND ${isAskedFor(alias)})`;
    const owner = params.add(ownerOf(actor), 'text');
    const theirs = `${own} OR ${alias}.private_to IS NULL OR ${alias}.private_to = ${owner} OR ${owner} = '*'`;
    return `((${theirs}) AND ${isAskedFor(alias)})`;
  };

export const jobs: EntityReads = {
  type: 'Job',
  scope: 'jobs',
  limit: ({ actor }: GraphqlContext) => shownJobs(actor),
  plural: 'jobs',
  single: 'job',
  aggregated: false,
  table: 'jobs',
  key: 'jobId',
  description:
    'Work that goes on after its request was answered, such as an export: your own ones, and everybody’s for administrators, but those about private sources of others. Kept for seven days after its end.',
  fields: {
    jobId: field.uuid('job_id', 'The key, a UUID of version 7.'),
    kind: field.id('kind', 'What kind of work it is, such as export.'),
    status: field.enumeration('status', JOB_STATUS, 'Where it is on its way.'),
    actor: field.id('actor', 'Who asked for it, such as token:nightly.'),
    arguments: field.json('arguments', 'What was asked for.'),
    priority: field.integer('priority', 'Of the jobs that wait, those of a higher one begin first; -10 to 10.'),
    attempts: field.integer('attempts', 'How often it was begun.'),
    progressNote: field.text('progress_note', 'What it is doing now.', { nullable: true, order: false }),
    result: field.json('result', 'What came of it, once it is completed.', { nullable: true }),
    notBefore: field.dateTime('not_before', 'When it may begin: later than now after a failure that is tried again.'),
    requestedAt: field.dateTime('requested_at', 'When it was asked for.'),
    startedAt: field.dateTime('started_at', 'When its last attempt began; null while it waits for its first.', {
      nullable: true,
    }),
    finishedAt: field.dateTime('finished_at', 'When it ended; null before.', { nullable: true }),
    cancelRequested: field.boolean('cancel_requested', 'Whether it was asked to end.'),
  },
  relations: {},
  needs: {
    progressDone: ['progress_done'],
    progressTotal: ['progress_total'],
    error: ['error'],
  },
  order: [['requestedAt', 'DESC']],
  indexed: { requestedAt: 'DESC' },
};
