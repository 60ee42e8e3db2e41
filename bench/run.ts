/** A run: its folder, its jobs suite by suite, and whatever was opened closed again, also when it is broken off. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { createReleasers, type Releasers } from '../src/kernel/release.ts';
import type { Bench, Job, Shared, SuiteTarget } from './job.ts';
import { suiteOf } from './jobs.ts';
import { isAllMet, judgeSuite } from './judge.ts';
import type { BenchResult, JobResult } from './result.ts';
import { runJob } from './run-job.ts';

export interface RunOptions {
  readonly scale: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly seed: number;
  readonly note: (text: string) => void;
  /** Aborted by Ctrl-C: the job that runs is the last. */
  readonly signal?: AbortSignal;
}

const GIGABYTE = 1024 ** 3;

/** Runs the jobs in the order given and judges them. What it made is removed when it comes back. */
export async function runBench(jobs: readonly Job[], options: RunOptions): Promise<BenchResult> {
  const startedAt = new Date().toISOString();
  const folder = await mkdtemp(join(tmpdir(), 'cairn-bench-'));
  // The embedded server's system user has to reach its cluster in it.
  await chmod(folder, 0o755);
  const results: JobResult[] = [];
  try {
    for (const suite of new Set(jobs.map(suiteOf))) {
      const releasers = createReleasers();
      try {
        const bench = benchOf(options, folder, releasers);
        for (const job of jobs.filter((one) => suiteOf(one) === suite)) {
          if (options.signal?.aborted) break;
          results.push(await runJob(job, bench, options.rounds));
        }
      } finally {
        await releasers.release();
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  return summed(jobs, results, startedAt, options);
}

function benchOf(options: RunOptions, folder: string, releasers: Releasers): Bench {
  const shared = new Map<string, unknown>();
  return {
    scale: options.scale,
    sized: (base, least = 1) => Math.max(least, Math.round(base * options.scale)),
    seed: options.seed,
    folder,
    seconds: options.seconds,
    note: options.note,
    share: async <T>(key: string, open: () => Promise<Shared<T>>): Promise<T> => {
      const known = shared.get(key) as Shared<T> | undefined;
      if (known !== undefined) return known.value;
      const opened = await open();
      shared.set(key, opened);
      releasers.add(key, opened.close);
      return opened.value;
    },
  };
}

function summed(
  jobs: readonly Job[],
  results: readonly JobResult[],
  startedAt: string,
  { scale, rounds, seconds, seed }: RunOptions,
): BenchResult {
  const suites = jobs.flatMap((job) => {
    const targets = job.targets.filter((target): target is SuiteTarget => target.kind === 'suite');
    const ofSuite = results.filter((result) => suiteOf(result) === suiteOf(job));
    const verdicts = targets.map((target) => judgeSuite(target, ofSuite));
    return verdicts.length === 0 ? [] : [{ suite: suiteOf(job), verdicts }];
  });
  const versions = Object.assign({ Node: process.version.slice(1) }, ...results.map((result) => result.versions));
  const [processor] = cpus();
  return {
    startedAt,
    machine: { processors: cpus().length, model: processor?.model ?? 'unknown', memoryGb: totalmem() / GIGABYTE },
    versions,
    options: { scale, rounds, seconds, seed },
    jobs: results,
    suites,
    isMet: isAllMet({ jobs: results, suites }),
  };
}
