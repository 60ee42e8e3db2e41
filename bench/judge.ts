/** Whether what was measured meets what was promised. */
import type { BoundTarget, Job, RatioTarget, SuiteTarget } from './job.ts';
import type { BenchResult, ContenderResult, JobResult, Verdict } from './result.ts';
import { inWords } from './words.ts';

/** The verdicts on a job's own targets; those of its suite are judged by {@link judgeSuite}. */
export function judgeJob(job: Pick<Job, 'targets' | 'unit'>, contenders: readonly ContenderResult[]): Verdict[] {
  return job.targets.flatMap((target) => {
    if (target.kind === 'suite') return [];
    return [target.kind === 'ratio' ? judgeRatio(target, contenders) : judgeBound(target, job.unit, contenders)];
  });
}

/** The verdict on a target that so many jobs of the suite have to reach. */
export function judgeSuite({ against, atLeast, jobs }: SuiteTarget, results: readonly JobResult[]): Verdict {
  const target = `at least ${inWords(atLeast)} × ${against} on ${jobs} jobs`;
  const ratios = results.flatMap(({ name, contenders }) => {
    const ratio = contenders.find((contender) => contender.name === against)?.ratio;
    return ratio == null ? [] : [{ name, ratio }];
  });
  // Fewer ratios than jobs wanted: `--only` chose among them, or the other system is missing here.
  if (ratios.length < jobs) return { target, found: `only ${ratios.length} jobs were measured`, isMet: null };
  const reached = ratios.filter(({ ratio }) => ratio >= atLeast);
  const names = reached.map(({ name }) => name).join(', ');
  return { target, found: reached.length === 0 ? 'on none' : `on ${names}`, isMet: reached.length >= jobs };
}

/** Nothing missed: no target, and no job that failed on its way. Targets that could not be judged here do not count. */
export function isAllMet({ jobs, suites }: Pick<BenchResult, 'jobs' | 'suites'>): boolean {
  const verdicts = [...jobs, ...suites].flatMap((judged) => judged.verdicts);
  return jobs.every(({ fault }) => fault === undefined) && verdicts.every(({ isMet }) => isMet !== false);
}

function judgeRatio({ against, atLeast }: RatioTarget, contenders: readonly ContenderResult[]): Verdict {
  const target = `at least ${inWords(atLeast)} × ${against}`;
  const other = contenders.find(({ name }) => name === against);
  if (other === undefined) throw new Error(`A target names "${against}", which is none of the job's contenders`);
  if (other.ratio === null) return { target, found: other.missing ?? 'not measured', isMet: null };
  return { target, found: inWords(other.ratio), isMet: other.ratio >= atLeast };
}

function judgeBound(bound: BoundTarget, unit: string, contenders: readonly ContenderResult[]): Verdict {
  const subject = contenders.find(({ role }) => role === 'subject');
  const name = bound.figure ?? unit;
  const found = bound.figure === undefined ? (subject?.value ?? undefined) : subject?.figures[bound.figure];
  const bounds = [
    ...(bound.atLeast === undefined ? [] : [`at least ${inWords(bound.atLeast)} ${name}`]),
    ...(bound.atMost === undefined ? [] : [`at most ${inWords(bound.atMost)} ${name}`]),
  ];
  const target = bounds.join(' and ');
  if (found === undefined) return { target, found: `${name} cannot be measured here`, isMet: null };
  const { atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY } = bound;
  return { target, found: inWords(found), isMet: found >= atLeast && found <= atMost };
}
