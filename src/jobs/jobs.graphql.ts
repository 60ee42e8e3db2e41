import { loadByKey } from '../graphql/batches.ts';
import { builder } from '../graphql/builder.ts';
import { defineEntity } from '../graphql/define-entity.ts';
import { faultType, keptFault } from '../graphql/kept-fault.ts';
import { mutate } from '../graphql/mutate.ts';
import { askedColumns, ITSELF } from '../graphql/selection.ts';
import { countOf } from '../graphql/values.ts';
import { AppError } from '../kernel/errors.ts';
import { jobs } from './jobs.read.ts';
import { cancelJob, retryJob } from './jobs.write.ts';

const Job = defineEntity(jobs);

const JobError = faultType('JobError', 'Why a job failed, or why its last attempt did.');

builder.objectFields(Job, (t) => ({
  progressDone: t.float({
    description: 'How much of it is done, in a unit of its kind’s own.',
    resolve: (row) => countOf(row, 'progress_done') ?? 0,
  }),
  progressTotal: t.float({
    nullable: true,
    description: 'How much there is to do in that unit; null while nobody knows.',
    resolve: (row) => countOf(row, 'progress_total'),
  }),
  error: t.field({
    type: JobError,
    nullable: true,
    description: 'Why it failed; of one that is tried again, why its last attempt did.',
    resolve: keptFault,
  }),
}));

const ANYBODY = { role: 'viewer' } as const;

/** What the two mutations have in common. */
const CHANGES = [
  [
    'cancelJob',
    cancelJob,
    'Cancels a job: one that waits at once, one that runs as soon as it lets go; of a sync, also the next one that was asked for while it ran.',
  ],
  ['retryJob', retryJob, 'Queues a job again that failed or was cancelled.'],
] as const;

for (const [name, change, description] of CHANGES) {
  builder.mutationField(name, (t) =>
    t.field({
      type: Job,
      needs: ANYBODY,
      extensions: { repeatable: true },
      description: `${description} Your own; administrators anybody’s. Such as \`mutation ($job: ID!) { ${name}(jobId: $job) { status } }\`.`,
      args: { jobId: t.arg.id({ required: true, description: 'The key of the job.' }) },
      resolve: async (_root, { jobId }, context, info) => {
        await mutate(
          context,
          async ({ query }) => {
            await change(query, context.actor, jobId);
            return null;
          },
          info,
        );
        const row = await loadByKey(context, jobs, jobId, askedColumns(jobs, info, [ITSELF]));
        if (row !== null) return row;
        throw new AppError('INTERNAL', `The job ${jobId} has no line`);
      },
    }),
  );
}
