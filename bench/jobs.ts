/** The jobs, found by folder: adding one is adding a file. */
import { discover, requireDefault, requireUnique } from '../src/kernel/discover.ts';
import type { Job } from './job.ts';

/**
 * Every `*.job.ts` under `folder`, or those whose name is or begins with one of `only`, in the order of their names.
 * @throws AppError DECLARATION_INVALID with the file's path
 */
export async function findJobs(folder: string, only: readonly string[] = []): Promise<Job[]> {
  const declared = (await discover(folder, '.job.ts')).map((found) => {
    const job = requireDefault(found, isJob, 'a job made by defineJob()');
    return { path: found.path, name: job.name, job };
  });
  requireUnique(declared, 'job');
  const isWanted = (name: string) => only.length === 0 || only.some((part) => name === part || name.startsWith(part));
  return declared.map(({ job }) => job).filter(({ name }) => isWanted(name));
}

/** The suite of a job: the first part of its name. */
export const suiteOf = ({ name }: Pick<Job, 'name'>): string => name.split('/')[0] ?? name;

function isJob(value: unknown): value is Job {
  return typeof value === 'object' && value !== null && 'name' in value && 'open' in value && 'targets' in value;
}
