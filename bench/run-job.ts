/** One job, round by round: every contender in turn, so that a slow moment of the machine is shared by all of them. */
import { median, ratioOf } from './figures.ts';
import type { Bench, Contender, Job, Measurement, MissingContender, OpenJob } from './job.ts';
import { judgeJob } from './judge.ts';
import type { ContenderResult, JobResult } from './result.ts';

/**
 * Opens the job, runs `rounds` rounds of it and closes it. A job that throws is told as a fault: the others still run.
 * Faults of the job's declaration (no subject, or several; a target against nobody) are faults too.
 */
export async function runJob(job: Job, bench: Bench, rounds: number): Promise<JobResult> {
  const { name, measures, unit } = job;
  try {
    const open = await job.open(bench);
    try {
      requireOneSubject(open);
      const contenders = await measure(job, open, bench, Math.min(rounds, job.mostRounds ?? rounds));
      return { name, measures, unit, contenders, verdicts: judgeJob(job, contenders), versions: open.versions ?? {} };
    } finally {
      await open.close?.();
    }
  } catch (thrown) {
    const fault = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    return { name, measures, unit, contenders: [], verdicts: [], versions: {}, fault };
  }
}

function requireOneSubject({ contenders }: OpenJob): void {
  const subjects = contenders.filter(({ role }) => role === 'subject').length;
  if (subjects !== 1) throw new Error(`A job has one subject; this one has ${subjects}`);
}

async function measure(job: Job, open: OpenJob, bench: Bench, rounds: number): Promise<ContenderResult[]> {
  const measured = new Map<string, Measurement[]>();
  const running = open.contenders.filter((contender) => 'run' in contender);
  for (let round = 1; round <= rounds; round += 1) {
    for (const contender of running) {
      bench.note(`${job.name}: round ${round} of ${rounds}, ${contender.name}`);
      await contender.prepare?.();
      measured.set(contender.name, [...(measured.get(contender.name) ?? []), await contender.run()]);
    }
  }
  const valuesOf = (name: string) => (measured.get(name) ?? []).map(({ value }) => value);
  const subject = valuesOf(running.find(({ role }) => role === 'subject')?.name ?? '');
  const results: ContenderResult[] = [];
  for (const contender of open.contenders) {
    if (!('run' in contender)) {
      results.push(missing(contender));
      continue;
    }
    const { name, role } = contender;
    const values = valuesOf(name);
    results.push({
      name,
      role,
      value: median(values),
      rounds: values,
      ratio: role === 'subject' ? null : ratioOf(subject, values, job.better),
      statements: await statementsOf(contender),
      figures: mediansOf(measured.get(name) ?? []),
    });
  }
  return results;
}

const missing = ({ name, role, missing: why }: MissingContender): ContenderResult => {
  return { name, role, value: null, rounds: [], ratio: null, statements: null, figures: {}, missing: why };
};

async function statementsOf({ statements }: Contender): Promise<number | null> {
  if (statements === undefined) return null;
  return typeof statements === 'number' ? statements : statements();
}

function mediansOf(measurements: readonly Measurement[]): Record<string, number> {
  const names = new Set(measurements.flatMap(({ figures }) => Object.keys(figures ?? {})));
  return Object.fromEntries(
    [...names].map((name) => [name, median(measurements.flatMap(({ figures }) => figures?.[name] ?? []))]),
  );
}
