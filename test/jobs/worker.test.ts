import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { writeSession } from '../../src/database/session.ts';
import { enqueueJob } from '../../src/jobs/enqueue.ts';
import { AppError } from '../../src/kernel/errors.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { enqueue, job, jobLine, jobOnce, testWorker } from '../support/jobs.ts';

const database = await useTestDatabase();

const most = { now: 0, ever: 0 };
const failures = new Map<string, number>();
let release = Promise.withResolvers<void>();

const JOBS = [
  job({ kind: 'echo', run: async (_context, { arguments: given, attempt }) => ({ ...given, attempt }) }),
  job({
    kind: 'crowd',
    concurrency: 3,
    run: async (_context, { arguments: { together = 1 } }) => {
      most.now += 1;
      most.ever = Math.max(most.ever, most.now);
      await sleep(30);
      for (let waited = 0; most.ever < Number(together) && waited < 300; waited += 1) await sleep(10);
      most.now -= 1;
      return undefined;
    },
  }),
  job({
    kind: 'shaky',
    retries: 2,
    run: async (_context, { id, arguments: { times } }) => {
      const failed = failures.get(id) ?? 0;
      failures.set(id, failed + 1);
      if (failed < Number(times)) throw new AppError('DATABASE_BUSY', 'Not now', { hint: 'Later.' });
      return { tried: failed + 1 };
    },
  }),
  job({
    kind: 'cut',
    retries: 1,
    // As a restart of the server cuts whatever is asked outside a session.
    run: async ({ database: { read } }, { attempt }) => {
      if (attempt === 1) await read.query('SELECT pg_terminate_backend(pg_backend_pid())');
      return { attempt };
    },
  }),
  job({
    kind: 'slow-read',
    retries: 1,
    run: async ({ reads }, { attempt }) => {
      await reads.query('limit', "SELECT set_config('statement_timeout', $1, true)", [attempt === 1 ? '20' : '0']);
      await reads.query('read', 'SELECT pg_sleep(0.1)');
      return { attempt };
    },
  }),
  job({
    kind: 'broken',
    retries: 5,
    run: () => Promise.reject(new Error('the password is hunter2')),
  }),
  job({
    kind: 'told',
    run: async (_context, { progress }) => {
      progress(1, 4, 'first\0');
      await release.promise;
      progress(4, 4);
      return undefined;
    },
  }),
];

const worker = testWorker(database, JOBS, { lookMs: 500 });
afterAll(() => worker.stop(1_000));

const tickets = async (): Promise<number> =>
  (await database.owner.query<{ n: number }>('SELECT count(*)::int AS n FROM pgboss.job')).rows[0]?.n ?? -1;

test('a job is run with its arguments, its result is kept, and the queue forgets it', async () => {
  const jobId = await enqueue(database, { kind: 'echo', arguments: { word: 'stone' } });
  expect(await jobOnce(database, jobId)).toMatchObject({
    status: 'completed',
    attempts: 1,
    result: { word: 'stone', attempt: 1 },
    error: null,
    ticket: null,
  });
  expect(await tickets()).toBe(0);
});

test('a job of a transaction that is rolled back never was', async () => {
  let jobId = '';
  const given = { kind: 'echo', arguments: {}, actor: TESTER };
  const undone = writeSession(database.write, TESTER, async ({ query }) => {
    jobId = await enqueueJob(query, given);
    throw new Error('no');
  });
  await expect(undone).rejects.toThrow('no');
  await expect(jobLine(database, jobId)).rejects.toThrow('There is no job');
});

test('a backlog is worked off without a wait between jobs, two of one actor at a time', async () => {
  const began = performance.now();
  const ids = await Promise.all(Array.from({ length: 20 }, () => enqueue(database, { kind: 'crowd' })));
  await Promise.all(ids.map((id) => jobOnce(database, id, 'completed')));
  expect(most.ever).toBe(2);
  // Found by looking alone, two every 500 ms, they would take five seconds.
  expect(performance.now() - began).toBeLessThan(4_500);
});

test('jobs of several actors go side by side, as many as their kind allows', async () => {
  most.ever = 0;
  const actors = ['a', 'b', 'c'].map((name) => ({ ...TESTER, label: `command:${name}` }));
  const wanted = actors
    .flatMap((actor) => [actor, actor])
    .map((actor) => enqueue(database, { kind: 'crowd', actor, arguments: { together: 3 } }));
  for (const id of await Promise.all(wanted)) await jobOnce(database, id, 'completed');
  expect(most.ever).toBe(3);
});

test('a transient failure is tried again, as often as the kind says', async () => {
  const jobId = await enqueue(database, { kind: 'shaky', arguments: { times: 2 } });
  expect(await jobOnce(database, jobId)).toMatchObject({ status: 'completed', attempts: 3, result: { tried: 3 } });
  const never = await enqueue(database, { kind: 'shaky', arguments: { times: 9 } });
  expect(await jobOnce(database, never)).toMatchObject({
    status: 'failed',
    attempts: 3,
    error: { code: 'DATABASE_BUSY', message: 'Not now', hint: 'Later.' },
  });
});

test('a connection that the server ended is a transient failure, wherever a job used it', async () => {
  const jobId = await enqueue(database, { kind: 'cut' });
  expect(await jobOnce(database, jobId)).toMatchObject({ status: 'completed', attempts: 2, result: { attempt: 2 } });
});

test('a statement of a job that took the database too long is tried again: the machine was busy', async () => {
  const jobId = await enqueue(database, { kind: 'slow-read' });
  expect(await jobOnce(database, jobId)).toMatchObject({ status: 'completed', attempts: 2, result: { attempt: 2 } });
});

test('a failure of ours is not tried again, and its words are in the log alone', async () => {
  const jobId = await enqueue(database, { kind: 'broken' });
  const line = await jobOnce(database, jobId);
  expect(line).toMatchObject({ status: 'failed', attempts: 1, error: { code: 'INTERNAL' } });
  expect(JSON.stringify(line.error)).not.toContain('hunter2');
  expect(worker.logged()).toContain(jobId);
});

test('progress is written while the job runs, and last what was told last', async () => {
  release = Promise.withResolvers();
  const jobId = await enqueue(database, { kind: 'told' });
  while ((await jobLine(database, jobId)).progress_done === 0n) await sleep(20);
  expect(await jobLine(database, jobId)).toMatchObject({
    status: 'running',
    progress_done: 1n,
    progress_total: 4n,
    progress_note: 'first',
  });
  release.resolve();
  expect(await jobOnce(database, jobId)).toMatchObject({ progress_done: 4n, progress_total: 4n, progress_note: null });
});

test('of the jobs that share a word one at most waits or runs; of two actors each has its own', async () => {
  release = Promise.withResolvers();
  const wanted = { kind: 'told', singleton: 'nightly' };
  const ids = await Promise.all(Array.from({ length: 5 }, () => enqueue(database, wanted)));
  expect(new Set(ids).size).toBe(1);
  const other = await enqueue(database, { ...wanted, actor: { ...TESTER, label: 'command:other' } });
  expect(ids).not.toContain(other);
  release.resolve();
  await Promise.all([...ids, other].map((id) => jobOnce(database, id, 'completed')));
  expect(await enqueue(database, wanted)).not.toBe(ids[0]);
});

test('a job that is told to wait goes on then, and that counts as no attempt', async () => {
  const began: number[] = [];
  const worker = testWorker(database, [
    job({
      kind: 'limited',
      run: async (_context, { attempt }) => {
        began.push(performance.now());
        if (attempt <= 2) throw new AppError('RATE_LIMITED', 'Wait', { retryAfterMs: 300 });
        return { attempt };
      },
    }),
  ]);
  const jobId = await enqueue(database, { kind: 'limited' });
  const line = await jobOnce(database, jobId);
  await worker.stop(1_000);
  expect(line).toMatchObject({ status: 'completed', result: { attempt: 3 }, error: null });
  const waits = began.slice(1).map((at, place) => at - (began[place] ?? 0));
  expect(Math.min(...waits)).toBeGreaterThan(280);
});
