/** The clean-up of the logs: what ended long ago is forgotten, and the result says how much. Imports and changes stay. */
import { join } from 'node:path';
import { forgetOld, type OldRows } from '../database/forget-old.ts';
import { readSession, writeSession } from '../database/session.ts';
import { defineJob, type JobData } from '../jobs/job.ts';
import { HOUSEKEEPER } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';
import { forgetRuns } from '../sources/forget-runs.ts';
import { sourcesSlot } from '../sources/sources-house.ts';
import { tidySpools } from '../sources/sync/tidy-spools.ts';

const LOGS: readonly OldRows[] = [
  // Those that ended a week ago are forgotten anyway.
  { table: 'jobs', isOld: 'finished_at < now() - make_interval(days => $1)' },
  { table: 'exports', isOld: `status <> 'running' AND finished_at < now() - make_interval(days => $1)` },
];

export default defineJob({
  kind: 'clean-up',
  role: 'admin',
  retries: 3,
  concurrency: 1,
  run: async (context, job) => {
    if (context.actor.scopes !== undefined)
      throw new AppError('FORBIDDEN', 'The logs are of all contexts, and these rights are limited to some');
    const days = daysOf(job.arguments);
    const { dataDir } = sourcesSlot.get(context);
    await readSession(context.database.read, HOUSEKEEPER, (query) => tidySpools(query, join(dataDir, 'spool')));
    // The rows are everybody's: whoever asked may see to the hub, but not into other people's sources.
    return writeSession(context.database.write, HOUSEKEEPER, async ({ query }): Promise<JobData> => {
      await job.fence(query);
      const removed = { ...(await forgetOld(query, LOGS, days)), ...(await forgetRuns(query, days)) };
      return { olderThanDays: days, removed };
    });
  },
});

function daysOf({ olderThanDays: days }: JobData): number {
  if (typeof days === 'number' && Number.isInteger(days) && days >= 1) return days;
  throw new AppError('BAD_USER_INPUT', 'A clean-up was asked for in a form that is not known');
}
