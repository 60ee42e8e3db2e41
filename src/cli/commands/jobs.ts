/** `cairn jobs`: work that goes on after its request was answered. */
import { Command } from 'commander';
import { readSession, writeSession } from '../../database/session.ts';
import { cancelJob, retryJob } from '../../jobs/jobs.write.ts';
import { type JobSummary, listJobs } from '../../jobs/list-jobs.ts';
import { HOUSEKEEPER, ownerOf } from '../../kernel/actor.ts';
import { type CommandContext, withHouse } from '../context.ts';
import { renderTable } from '../table.ts';

interface Options {
  readonly open?: boolean;
  readonly json?: boolean;
}

export function jobsCommand(context: CommandContext): Command {
  return new Command('jobs')
    .summary('list, cancel and retry jobs')
    .description(
      'Jobs are exports, large imports and other work that goes on after its request was answered. A server runs them, or a worker (`serve --role worker`); each is kept for seven days after its end.',
    )
    .addHelpText(
      'after',
      `
Examples:
  npm run -s cairn -- jobs list --open
  npm run -s cairn -- jobs cancel 01990000-0000-7000-8000-000000000001
  npm run -s cairn -- jobs retry 01990000-0000-7000-8000-000000000001`,
    )
    .addCommand(list(context))
    .addCommand(
      change(
        context,
        'cancel',
        'Cancels a job: one that waits at once, one that runs soon. With a sync goes the next one asked for while it ran.',
        cancelJob,
      ),
    )
    .addCommand(change(context, 'retry', 'Queues a job again that failed or was cancelled.', retryJob));
}

function list(context: CommandContext): Command {
  return new Command('list')
    .description('Lists the newest hundred jobs.')
    .option('--open', 'only those that wait or run')
    .option('--json', 'print one JSON object')
    .action(({ open, json }: Options) =>
      withHouse(context, async ({ database }) => {
        const jobs = await readSession(database.read, context.actor, (query) =>
          listJobs(query, ownerOf(context.actor), open === true),
        );
        context.terminal.print(json ? JSON.stringify({ jobs }) : table(context, jobs));
        context.finish(0);
      }),
    );
}

function change(context: CommandContext, verb: string, description: string, run: typeof cancelJob): Command {
  return new Command(verb)
    .description(description)
    .argument('<job>', 'its id')
    .option('--json', 'print one JSON object')
    .action((jobId: string, { json }: Options) =>
      withHouse(context, async ({ database }) => {
        await writeSession(database.write, context.actor, ({ query }) =>
          // Whoever runs the hub may end what keeps it busy, whoever else may not see it.
          run(query, { ...context.actor, owner: HOUSEKEEPER.owner }, jobId),
        );
        context.terminal.print(json ? JSON.stringify({ jobId }) : `${verb} asked of ${jobId}`);
        context.finish(0);
      }),
    );
}

function table({ terminal }: CommandContext, jobs: readonly JobSummary[]): string {
  if (jobs.length === 0) return 'There are no jobs.';
  return renderTable(
    terminal,
    // The first column is what a narrow terminal cuts: never the id.
    ['by', 'id', 'kind', 'status', 'progress', 'asked for'].map((head) => ({ head })),
    jobs.map((job) => [
      job.actor,
      job.jobId,
      job.kind,
      job.error === null ? job.status : `${job.status} (${job.error.code})`,
      job.progressTotal === null ? `${job.progressDone}` : `${job.progressDone}/${job.progressTotal}`,
      job.requestedAt.toISOString(),
    ]),
  );
}
