/** Exports that a schedule asks for by name: each becomes an export of its own, of whoever made the schedule. */
import { writeSession } from '../database/session.ts';
import { defineJob, type JobData } from '../jobs/job.ts';
import { AppError } from '../kernel/errors.ts';
import { uuidv7 } from '../kernel/uuid.ts';
import { readAsked } from './asked.ts';
import { exporterSlot } from './exporter.ts';
import { listSaved } from './saved.ts';
import { enqueueExport, requirePossible } from './start.ts';

export default defineJob({
  kind: 'scheduled-export',
  role: 'viewer',
  retries: 3,
  concurrency: 1,
  run: async (context, job) => {
    const exporter = exporterSlot.get(context);
    const catalogue = await exporter.catalogue();
    const saved = new Set((await listSaved(context.reads.query, catalogue)).map(({ name }) => name));
    const named = namesOf(job.arguments);
    const asked: Awaited<ReturnType<typeof readAsked>>[] = [];
    // All that have a name, unless the schedule says which.
    for (const name of named ?? [...saved].sort()) {
      const each = await readAsked(context.reads.query, exporter, saved.has(name) ? { saved: name } : { source: name });
      try {
        await requirePossible(context, exporter, each.request);
      } catch (thrown) {
        // What somebody shares may be for others: it must not keep this schedule from the rest.
        if (named === undefined && thrown instanceof AppError && thrown.code === 'FORBIDDEN') continue;
        throw thrown;
      }
      asked.push(each);
    }
    return writeSession(context.database.write, context.actor, async ({ query }): Promise<JobData> => {
      await job.fence(query);
      const exports: string[] = [];
      for (const { request, name } of asked) {
        exports.push(await enqueueExport(query, context, uuidv7(), request, name));
      }
      return { exports };
    });
  },
});

function namesOf({ exports: names }: JobData): readonly string[] | undefined {
  if (names === undefined) return undefined;
  if (Array.isArray(names) && names.every((name) => typeof name === 'string')) return names;
  throw new AppError('BAD_USER_INPUT', 'Exports were asked for in a form that is not known');
}
