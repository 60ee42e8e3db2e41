import { expect, test } from 'vitest';
import type { Target } from '../../bench/job.ts';
import { isAllMet, judgeJob, judgeSuite } from '../../bench/judge.ts';
import type { ContenderResult, JobResult, Verdict } from '../../bench/result.ts';

const contender = (found: Partial<ContenderResult>): ContenderResult => ({
  name: 'Cairn',
  role: 'subject',
  value: 10,
  rounds: [10],
  ratio: null,
  statements: null,
  figures: {},
  ...found,
});
const peer = (ratio: number | null, found: Partial<ContenderResult> = {}) =>
  contender({ name: 'peer', role: 'peer', ratio, ...found });
const judge = (target: Target, ...contenders: ContenderResult[]) =>
  judgeJob({ targets: [target], unit: 'ms' }, contenders)[0]?.isMet;
const job = (found: Partial<JobResult>): JobResult => ({
  name: 'reads/one',
  measures: '',
  unit: 'ms',
  contenders: [],
  verdicts: [],
  versions: {},
  ...found,
});
const verdict = (isMet: boolean | null): Verdict => ({ target: '', found: '', isMet });

test('a ratio is met from its very figure on', () => {
  const target = { kind: 'ratio', against: 'peer', atLeast: 1.5 } as const;
  expect(judge(target, contender({}), peer(1.5))).toBe(true);
  expect(judge(target, contender({}), peer(1.49))).toBe(false);
});

test('a target against what this machine cannot run is not judged, and says why', () => {
  const missing = peer(null, { value: null, missing: 'peer is not installed' });
  const [found] = judgeJob({ targets: [{ kind: 'ratio', against: 'peer', atLeast: 1 }], unit: 'ms' }, [missing]);
  expect(found).toMatchObject({ isMet: null, found: 'peer is not installed' });
});

test('a target against nobody is a fault of the job', () => {
  expect(() => judge({ kind: 'ratio', against: 'nobody', atLeast: 1 }, contender({}))).toThrow('nobody');
});

test('a bound holds for the value or for a figure beside it', () => {
  expect(judge({ kind: 'bound', atMost: 10 }, contender({ value: 10 }))).toBe(true);
  expect(judge({ kind: 'bound', atMost: 10 }, contender({ value: 10.1 }))).toBe(false);
  expect(judge({ kind: 'bound', figure: 'peak MB', atMost: 400 }, contender({ figures: { 'peak MB': 401 } }))).toBe(
    false,
  );
  expect(judge({ kind: 'bound', figure: 'peak MB', atMost: 400 }, contender({}))).toBe(null);
  expect(judge({ kind: 'bound', atLeast: 11 }, contender({ value: 10 }))).toBe(false);
});

test('a target of a suite is met by so many of its jobs', () => {
  const target = { kind: 'suite', against: 'peer', atLeast: 1.5, jobs: 2 } as const;
  const results = [1.6, 1.2, 1.5].map((ratio) => job({ contenders: [contender({}), peer(ratio)] }));
  expect(judgeSuite(target, results).isMet).toBe(true);
  expect(judgeSuite({ ...target, jobs: 3 }, results).isMet).toBe(false);
  // Those that were chosen by --only cannot tell.
  expect(judgeSuite({ ...target, jobs: 4 }, results).isMet).toBe(null);
});

test('all is met without a missed target and without a job that failed', () => {
  expect(isAllMet({ jobs: [job({ verdicts: [verdict(true), verdict(null)] })], suites: [] })).toBe(true);
  expect(isAllMet({ jobs: [job({ verdicts: [verdict(true), verdict(false)] })], suites: [] })).toBe(false);
  expect(isAllMet({ jobs: [job({})], suites: [{ suite: 'reads', verdicts: [verdict(false)] }] })).toBe(false);
  expect(isAllMet({ jobs: [job({ fault: 'it broke' })], suites: [] })).toBe(false);
});
