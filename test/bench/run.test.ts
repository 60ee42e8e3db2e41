import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Bench, type Contender, defineJob, type Job } from '../../bench/job.ts';
import { runBench } from '../../bench/run.ts';

const options = { scale: 0.01, rounds: 2, seconds: 1, seed: 1, note: () => undefined };
const jobOf = (name: string, open: Job['open'], more: Partial<Job> = {}): Job =>
  defineJob({ name, measures: '', unit: 'ms', better: 'less', targets: [], open, ...more });
const contender = (name: string, role: Contender['role'], run: Contender['run']): Contender => ({ name, role, run });

test('contenders take turns, round by round', async () => {
  const turns: string[] = [];
  const turn = (name: string, role: Contender['role']) =>
    contender(name, role, async () => {
      turns.push(name);
      return { value: turns.length };
    });
  const job = jobOf('one/turns', async () => ({ contenders: [turn('A', 'subject'), turn('B', 'peer')] }));
  const { jobs } = await runBench([job], options);
  expect(turns).toEqual(['A', 'B', 'A', 'B']);
  expect(jobs[0]?.contenders).toMatchObject([
    { name: 'A', value: 2, rounds: [1, 3], ratio: null },
    { name: 'B', value: 3, rounds: [2, 4] },
  ]);
});

test('a job runs no more rounds than it allows', async () => {
  const run = async () => ({ value: 1 });
  const job = jobOf('one/long', async () => ({ contenders: [contender('A', 'subject', run)] }), { mostRounds: 1 });
  expect((await runBench([job], options)).jobs[0]?.contenders[0]?.rounds).toEqual([1]);
});

test('a job that fails is told, and the others still run', async () => {
  const failing = jobOf('one/failing', async () => {
    throw new Error('the peer gave another answer');
  });
  const fine = jobOf('one/fine', async () => ({
    contenders: [contender('A', 'subject', async () => ({ value: 1 }))],
  }));
  const { jobs, isMet } = await runBench([failing, fine], options);
  expect(jobs[0]?.fault).toContain('the peer gave another answer');
  expect(jobs[1]?.contenders[0]?.value).toBe(1);
  expect(isMet).toBe(false);
});

test('what jobs of a suite share is opened once and closed after its last job; the folder is gone in the end', async () => {
  const events: string[] = [];
  let folder = '';
  const sharing = async (bench: Bench) => {
    folder = bench.folder;
    const value = await bench.share('world', async () => {
      events.push('open');
      return { value: 1, close: async () => void events.push('close') };
    });
    return {
      contenders: [contender('A', 'subject', async () => ({ value }))],
      close: async () => void events.push('job'),
    };
  };
  const other = async () => {
    events.push('other suite');
    return { contenders: [contender('A', 'subject', async () => ({ value: 1 }))] };
  };
  await runBench([jobOf('one/a', sharing), jobOf('one/b', sharing), jobOf('two/c', other)], options);
  expect(events).toEqual(['open', 'job', 'job', 'close', 'other suite']);
  expect(folder).not.toBe('');
  expect(existsSync(folder)).toBe(false);
});

test('sizes follow the scale, to at least what still makes sense', async () => {
  let sizes: number[] = [];
  const job = jobOf('one/sizes', async ({ sized }) => {
    sizes = [sized(50_000), sized(10), sized(10, 5)];
    return { contenders: [contender('A', 'subject', async () => ({ value: 1 }))] };
  });
  await runBench([job], options);
  expect(sizes).toEqual([500, 1, 5]);
});
