import { builder } from '../graphql/builder.ts';
import { entityRef } from '../graphql/entities.ts';
import type { Row } from '../graphql/entity.ts';
import { createParams } from '../graphql/params.ts';
import { AppError } from '../kernel/errors.ts';
import { jobs, shownJobs } from './jobs.read.ts';
import { jobsSlot } from './jobs-slot.ts';

builder.subscriptionField('jobProgress', (t) =>
  t.field({
    type: entityRef(jobs.type),
    description:
      'The job now and whenever it gets on, until it has ended; the last event says how. Such as `subscription ($job: ID!) { jobProgress(jobId: $job) { status progressDone progressTotal } }`.',
    args: { jobId: t.arg.id({ required: true, description: 'The key of the job.' }) },
    subscribe: async (_root, { jobId }, context) => {
      const params = createParams(jobId);
      const { rows } = await context.database.read.query<Row>(
        `SELECT job_id FROM jobs j WHERE job_id::text = $1 AND ${shownJobs(context.actor)('j', params)}`,
        [...params.values],
      );
      if (rows.length > 0) return jobsSlot.get(context).feed.follow(context.actor, jobId);
      throw new AppError('NOT_FOUND', 'There is no job with this id', { path: 'jobId' });
    },
    resolve: (row) => row,
  }),
);
