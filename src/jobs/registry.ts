/** Every kind of job there is, found by folder. */
import { join } from 'node:path';
import { PROJECT_ROOT } from '../kernel/config.ts';
import { discover, requireDefault, requireUnique } from '../kernel/discover.ts';
import { isJob, type JobDeclaration } from './job.ts';

/**
 * Loads every `*.job.ts`.
 * @throws AppError DECLARATION_INVALID naming the file that cannot be loaded or declares a kind twice
 */
export async function loadJobs(folder: string = join(PROJECT_ROOT, 'src')): Promise<readonly JobDeclaration[]> {
  const found = await discover(folder, '.job.ts');
  const declared = found.map((each) => ({
    path: each.path,
    job: requireDefault(each, isJob, 'a job (defineJob)'),
  }));
  requireUnique(
    declared.map(({ path, job }) => ({ name: job.kind, path })),
    'job',
  );
  return declared.map(({ job }) => job);
}
