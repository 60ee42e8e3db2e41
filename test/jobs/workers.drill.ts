import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { PROJECT_ROOT } from '../../src/kernel/config.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { enqueue, jobLine, jobOnce } from '../support/jobs.ts';

const database = await useTestDatabase();

interface Child {
  readonly process: ChildProcess;
  readonly begun: () => readonly string[];
  readonly ended: Promise<unknown>;
}

function startChild(): Child {
  const child = spawn(process.execPath, [join(PROJECT_ROOT, 'test', 'support', 'worker-child.ts'), database.apiUrl], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    out += chunk;
  });
  const ended = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { process: child, begun: () => out.split('\n').filter((line) => line !== ''), ended };
}

const nap = (milliseconds: number, name = 'test') =>
  enqueue(database, { kind: 'nap', arguments: { milliseconds }, actor: { ...TESTER, label: `command:${name}` } });

const seconds = async (limit: number, until: () => Promise<boolean> | boolean): Promise<number> => {
  const began = performance.now();
  while (!(await until())) {
    if (performance.now() - began > limit * 1_000) throw new Error(`Not within ${limit} seconds`);
    await sleep(50);
  }
  return (performance.now() - began) / 1_000;
};

test('two processes share the jobs, and each job is run by one of them', async () => {
  const children = [startChild(), startChild()];
  const ids = await Promise.all(Array.from({ length: 40 }, (_none, place) => nap(50, `actor ${place % 4}`)));
  for (const id of ids) await jobOnce(database, id, 'completed');
  const begun = children.map((child) => child.begun());
  expect(begun.flat().sort()).toEqual(ids.toSorted());
  expect(Math.min(...begun.map(({ length }) => length))).toBeGreaterThan(0);
});

test('the job of a killed process goes on elsewhere within 30 seconds', async () => {
  const killed = startChild();
  const jobId = await nap(600_000);
  await seconds(20, () => killed.begun().includes(jobId));
  killed.process.kill('SIGKILL');
  await killed.ended;
  const other = startChild();
  const taken = await seconds(30, async () => (await jobLine(database, jobId)).status === 'completed');
  expect(other.begun()).toEqual([jobId]);
  process.stderr.write(`taken over after ${taken.toFixed(1)} s\n`);
});

test('a process that is told to stop puts back what does not end in time, and another takes it at once', async () => {
  const stopped = startChild();
  const jobId = await nap(600_000);
  await seconds(20, () => stopped.begun().includes(jobId));
  const other = startChild();
  await sleep(2_000);
  stopped.process.kill('SIGTERM');
  await stopped.ended;
  expect(stopped.process.exitCode).toBe(0);
  const taken = await seconds(10, async () => (await jobLine(database, jobId)).status === 'completed');
  expect(other.begun()).toEqual([jobId]);
  process.stderr.write(`taken over after ${taken.toFixed(1)} s\n`);
});

test('a process that stands still loses its job, and writes nothing when it goes on', async () => {
  const still = startChild();
  const jobId = await nap(1_000);
  await seconds(20, () => still.begun().includes(jobId));
  still.process.kill('SIGSTOP');
  const other = startChild();
  await seconds(30, async () => (await jobLine(database, jobId)).status === 'completed');
  still.process.kill('SIGCONT');
  await sleep(2_000);
  expect(await jobLine(database, jobId)).toMatchObject({ attempts: 2, result: { by: other.process.pid } });
});
