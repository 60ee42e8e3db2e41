import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { writeSession } from '../../src/database/session.ts';
import { registryOf } from '../../src/ingest/registry.ts';
import { checkInvariants } from '../../src/invariants/check-invariants.ts';
import { jobs as jobsInvariant } from '../../src/invariants/jobs.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { enqueue, job, jobLine, jobOnce, testWorker } from '../support/jobs.ts';

const database = await useTestDatabase();

const gates: PromiseWithResolvers<void>[] = [];
const fences: unknown[] = [];

/** Each attempt waits at its own gate, then writes inside a fence. */
const KINDS = [
  job({
    kind: 'slow',
    run: async (_context, { id, attempt, fence, signal }) => {
      const gate = Promise.withResolvers<void>();
      gates.push(gate);
      await gate.promise;
      try {
        await writeSession(database.write, TESTER, async ({ query }) => {
          await query('mark', "INSERT INTO employees (employee_id, name) VALUES ($1, 'marked')", [`${attempt} ${id}`]);
          await fence(query);
        });
      } catch (thrown) {
        fences.push(thrown);
        throw thrown;
      }
      return { attempt, aborted: signal.aborted };
    },
  }),
];

const expire = (jobId: string) =>
  database.owner.query("UPDATE jobs SET lease_until = now() - interval '1 second' WHERE job_id = $1", [jobId]);
const tickets = async () => (await database.owner.query('SELECT FROM pgboss.job')).rowCount;
const gateOf = async (place: number): Promise<PromiseWithResolvers<void>> => {
  for (;;) {
    const gate = gates[place];
    if (gate !== undefined) return gate;
    await sleep(20);
  }
};

test('a job whose worker is silent goes on elsewhere, and what the silent one still writes is refused', async () => {
  // Renews nothing, as a process that is stopped or cut off.
  const zombie = testWorker(database, KINDS, { renewMs: 60_000, lookMs: 60_000 });
  const jobId = await enqueue(database, { kind: 'slow' });
  const first = await gateOf(0);
  await expire(jobId);
  const other = testWorker(database, KINDS);
  const second = await gateOf(1);
  first.resolve();
  while (fences.length === 0) await sleep(20);
  expect(fences).toMatchObject([{ code: 'INTERRUPTED' }]);
  second.resolve();
  expect(await jobOnce(database, jobId)).toMatchObject({ status: 'completed', attempts: 2, result: { attempt: 2 } });
  expect((await database.owner.query("SELECT employee_id FROM employees WHERE name = 'marked'")).rows).toEqual([
    { employee_id: `2 ${jobId}` },
  ]);
  await Promise.all([zombie.stop(1_000), other.stop(1_000)]);
  expect(zombie.logged()).toContain('taken over by another process');
  expect(await tickets()).toBe(0);
});

test('a worker that hears that it lost a job ends it', async () => {
  const worker = testWorker(database, KINDS);
  const jobId = await enqueue(database, { kind: 'slow' });
  const gate = await gateOf(2);
  await database.owner.query('UPDATE jobs SET attempts = attempts + 1 WHERE job_id = $1', [jobId]);
  await sleep(300);
  gate.resolve();
  await worker.stop(1_000);
  expect(await jobLine(database, jobId)).toMatchObject({ status: 'running', attempts: 2 });
  await database.owner.query('DELETE FROM jobs WHERE job_id = $1', [jobId]);
  await database.owner.query('DELETE FROM pgboss.job');
});

test('a job that its own worker takes back and begins anew stays held when the former attempt ends', async () => {
  const worker = testWorker(database, KINDS);
  const jobId = await enqueue(database, { kind: 'slow' });
  const former = await gateOf(3);
  // As another process takes back what lapsed.
  await database.owner.query("UPDATE jobs SET status = 'queued', ticket = NULL, lease_until = NULL WHERE job_id = $1", [
    jobId,
  ]);
  await database.owner.query('DELETE FROM pgboss.job');
  const newer = await gateOf(4);
  former.resolve();
  while (fences.length < 2) await sleep(20);
  await sleep(100);
  const left = `SELECT extract(epoch FROM lease_until - now())::float8 AS seconds FROM jobs WHERE job_id = $1`;
  await database.owner.query("UPDATE jobs SET lease_until = now() + interval '2 seconds' WHERE job_id = $1", [jobId]);
  await expect.poll(async () => (await database.owner.query(left, [jobId])).rows[0].seconds).toBeGreaterThan(5);
  newer.resolve();
  expect(await jobOnce(database, jobId)).toMatchObject({ status: 'completed', attempts: 2, result: { attempt: 2 } });
  await worker.stop(1_000);
});

test('a job that is put back as its worker stops has lost no try by it', async () => {
  const hangs = job({
    kind: 'hangs',
    run: (_context, { signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  });
  const jobId = await enqueue(database, { kind: 'hangs' });
  for (let restart = 1; restart <= 2; restart += 1) {
    const worker = testWorker(database, [hangs]);
    await jobOnce(database, jobId, 'running');
    await worker.stop(0);
    expect(await jobLine(database, jobId)).toMatchObject({
      status: 'queued',
      attempts: restart,
      attempts_before: restart,
    });
  }
  await database.owner.query('DELETE FROM jobs WHERE job_id = $1', [jobId]);
});

test('a worker that stops lets its jobs finish for a while, then puts them back', async () => {
  const worker = testWorker(database, KINDS);
  const jobId = await enqueue(database, { kind: 'slow' });
  const gate = await gateOf(5);
  const stopped = worker.stop(200);
  await sleep(300);
  gate.resolve();
  await stopped;
  // It was told to end at 200 ms and wrote all the same: its fence held, for nobody had taken it over.
  expect(await jobLine(database, jobId)).toMatchObject({ status: 'completed', attempts: 1 });
});

test('a job that takes its process with it again and again is given up', async () => {
  const jobId = await enqueue(database, { kind: 'slow' });
  await database.owner.query(
    "UPDATE jobs SET status = 'running', attempts = 5, lease_until = now() - interval '1 second' WHERE job_id = $1",
    [jobId],
  );
  const worker = testWorker(database, KINDS);
  expect(await jobOnce(database, jobId)).toMatchObject({ status: 'failed', error: { code: 'INTERRUPTED' } });
  await worker.stop(1_000);
});

test('whoever ends a job whose process is gone does what is to be done at its end', async () => {
  const ended: string[] = [];
  const lost = job({
    kind: 'lost',
    run: async () => undefined,
    ended: async (_query, jobId) => void ended.push(jobId),
  });
  const lose = async (more: string): Promise<string> => {
    const jobId = await enqueue(database, { kind: 'lost' });
    await database.owner.query(
      `UPDATE jobs SET status = 'running', lease_until = now() - interval '1 second', ${more} WHERE job_id = $1`,
      [jobId],
    );
    return jobId;
  };
  const jobIds = [await lose('cancel_requested = true'), await lose('attempts = 5')];
  const worker = testWorker(database, [lost]);
  const statuses = [];
  for (const jobId of jobIds) statuses.push((await jobOnce(database, jobId)).status);
  await worker.stop(1_000);
  expect([statuses, ended.toSorted()]).toEqual([['cancelled', 'failed'], jobIds]);
});

test('jobs of a restored backup, which has no queue, are run', async () => {
  const jobId = await enqueue(database, { kind: 'slow' });
  await database.owner.query('UPDATE jobs SET ticket = gen_random_uuid() WHERE job_id = $1', [jobId]);
  const worker = testWorker(database, KINDS);
  (await gateOf(6)).resolve();
  expect(await jobOnce(database, jobId)).toMatchObject({ status: 'completed' });
  await worker.stop(1_000);
});

test('the queue and the table agree after all that, and where they do not it is found', async () => {
  const look = async (): Promise<string[]> => {
    const found: string[] = [];
    const asked = { registry: registryOf([]), only: [jobsInvariant] };
    for await (const { faults } of checkInvariants(database.write, asked)) found.push(...faults);
    return found;
  };
  await database.owner.query('UPDATE jobs SET ticket = NULL WHERE finished_at IS NULL');
  expect(await look()).toEqual([]);
  const jobId = await enqueue(database, { kind: 'slow' });
  await database.owner.query("UPDATE jobs SET not_before = now() - interval '1 hour' WHERE job_id = $1", [jobId]);
  expect(await look()).toEqual([expect.stringMatching(/waits since .* the queue does not carry it/)]);
  await database.owner.query(
    "UPDATE jobs SET status = 'running', lease_until = now() - interval '1 hour' WHERE finished_at IS NULL",
  );
  expect(await look()).toEqual([expect.stringContaining('runs without a process')]);
  await database.owner.query('DELETE FROM jobs');
  await database.owner.query("INSERT INTO pgboss.job (name, policy, data) VALUES ('slow', 'standard', '{}'::jsonb)");
  expect(await look()).toEqual([expect.stringMatching(/the queue carries .* which no job has/)]);
});
