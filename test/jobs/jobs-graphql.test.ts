import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { endToken, verifyToken } from '../../src/access/tokens.ts';
import { readSession, writeSession } from '../../src/database/session.ts';
import { listJobs } from '../../src/jobs/list-jobs.ts';
import { type Actor, ownerOf } from '../../src/kernel/actor.ts';
import { AppError } from '../../src/kernel/errors.ts';
import { ADMIN_TOKEN, rootField, useTestApi } from '../support/api.ts';
import { TESTER, useTestDatabase } from '../support/database.ts';
import { enqueue, job, jobLine, jobOnce } from '../support/jobs.ts';

const database = await useTestDatabase();

let gate = Promise.withResolvers<void>();
const ended: unknown[] = [];
let fails = true;

const api = await useTestApi(database, {
  jobs: [
    job({
      kind: 'walk',
      run: async (_context, { progress, signal }) => {
        progress(1, 3, 'on the way');
        await Promise.race([gate.promise, new Promise((resolve) => signal.addEventListener('abort', resolve))]);
        signal.throwIfAborted();
        return { stones: 3 };
      },
    }),
    job({
      kind: 'ask',
      role: 'editor',
      run: async (context) => {
        await context.reads.query('slow', 'SELECT pg_sleep(30)').catch((thrown: unknown) => {
          ended.push(thrown);
          throw thrown;
        });
        return undefined;
      },
    }),
    job({
      kind: 'luck',
      run: async () => {
        if (fails) throw new AppError('CONFLICT', 'Not this time', { hint: 'Retry.' });
        return { luck: true };
      },
    }),
  ],
});

const anna: string = await api.tokenFor('viewer');
const boris: string = await api.tokenFor('editor');
const actorOf = async (token: string): Promise<Actor> => {
  const actor = await verifyToken(database, token);
  if (actor === null) throw new Error('no such token');
  return actor;
};
const as = async (token: string, kind: string): Promise<string> =>
  enqueue(database, { kind, actor: await actorOf(token) });

const CANCEL = 'mutation ($job: ID!) { cancelJob(jobId: $job) { status cancelRequested } }';
const RETRY = 'mutation ($job: ID!) { retryJob(jobId: $job) { status } }';
const ONE =
  'query ($job: String!) { job(jobId: $job) { kind status actor attempts result error { code message hint } } }';
const LIST = '{ jobs { totalCount nodes { jobId } } }';

const code = (answer: Awaited<ReturnType<typeof api.ask>>) => answer.errors[0]?.extensions['code'];

test('everybody sees and changes their own jobs, and an admin all', async () => {
  gate = Promise.withResolvers();
  const [hers, his] = [await as(anna, 'walk'), await as(boris, 'walk')];
  expect(rootField(await api.ask(LIST, {}, anna), 'jobs')).toEqual({ totalCount: 1, nodes: [{ jobId: hers }] });
  expect(rootField(await api.ask(ONE, { job: his }, anna), 'job')).toBeNull();
  for (const change of [CANCEL, RETRY]) {
    expect(code(await api.ask(change, { job: his }, anna))).toBe('NOT_FOUND');
    expect(code(await api.ask(change, { job: 'no id' }, anna))).toBe('NOT_FOUND');
  }
  expect(rootField<{ totalCount: number }>(await api.ask(LIST), 'jobs').totalCount).toBe(2);
  const scoped = await api.tokenFor('admin', ['research']);
  expect(rootField<{ totalCount: number }>(await api.ask(LIST, {}, scoped), 'jobs').totalCount).toBe(0);
  gate.resolve();
  await jobOnce(database, hers, 'completed');
  expect(rootField(await api.ask(ONE, { job: hers }, anna), 'job')).toMatchObject({
    kind: 'walk',
    status: 'COMPLETED',
    attempts: 1,
    result: { stones: 3 },
    error: null,
  });
  expect(code(await api.ask(CANCEL, { job: hers }, anna))).toBe('CONFLICT');
  expect(code(await api.ask(RETRY, { job: hers }, anna))).toBe('CONFLICT');
  await jobOnce(database, his);
});

test('a job about what is private is its owner’s alone: no admin sees, follows, cancels or retries it', async () => {
  const { actor, rest } = { actor: await actorOf(anna), rest: `${api.url}/api/v1/jobs` };
  const jobId = await enqueue(database, { kind: 'luck', actor, privateTo: ownerOf(actor) });
  await jobOnce(database, jobId, 'failed');
  const seen = async (token?: string) => rootField(await api.ask(ONE, { job: jobId }, token), 'job');
  expect(await seen()).toBeNull();
  expect(await seen(anna)).toMatchObject({ error: { message: 'Not this time' } });
  const { nodes } = rootField<{ nodes: object[] }>(await api.ask(LIST), 'jobs');
  expect(nodes).not.toContainEqual({ jobId });
  for (const change of [CANCEL, RETRY]) expect(code(await api.ask(change, { job: jobId }))).toBe('NOT_FOUND');
  const answer = await fetch(`${rest}/${jobId}`, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
  expect(answer.status).toBe(404);
  const followed = api.ask(`subscription { jobProgress(jobId: "${jobId}") { status } }`).catch(String);
  expect(JSON.stringify(await followed)).not.toContain('FAILED');
  // Whoever runs the hub sees that there is one, and not what it is about.
  const listed = await readSession(database.read, TESTER, (query) => listJobs(query, 'hub', false));
  expect(listed.find((each) => each.jobId === jobId)?.error).toMatchObject({ code: 'CONFLICT', hint: null });
  expect(JSON.stringify(listed)).not.toContain('Not this time');
});

test('a job that runs is cancelled, and what it asks the database with it', async () => {
  const jobId = await as(boris, 'ask');
  await jobOnce(database, jobId, 'running');
  const isAsking = async () =>
    (
      await database.owner.query(
        "SELECT FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' AND pid <> pg_backend_pid()",
      )
    ).rowCount !== 0;
  while (!(await isAsking())) await sleep(20);
  const began = performance.now();
  expect(rootField(await api.ask(CANCEL, { job: jobId }, boris), 'cancelJob')).toEqual({
    status: 'RUNNING',
    cancelRequested: true,
  });
  expect(await jobOnce(database, jobId)).toMatchObject({ status: 'cancelled', error: null, ticket: null });
  expect(performance.now() - began).toBeLessThan(3_000);
  expect(ended).toMatchObject([{ code: 'INTERRUPTED' }]);
  expect(await isAsking()).toBe(false);
});

test('a job that waits is cancelled at once and begun again when asked for', async () => {
  gate = Promise.withResolvers();
  const before = [await as(anna, 'walk'), await as(anna, 'walk')];
  for (const each of before) await jobOnce(database, each, 'running');
  const third = await as(anna, 'walk');
  await sleep(300);
  expect(await jobLine(database, third)).toMatchObject({ status: 'queued' });
  expect(rootField(await api.ask(CANCEL, { job: third }, anna), 'cancelJob')).toMatchObject({ status: 'CANCELLED' });
  expect(rootField(await api.ask(RETRY, { job: third }, anna), 'retryJob')).toEqual({ status: 'QUEUED' });
  gate.resolve();
  expect(await jobOnce(database, third)).toMatchObject({ status: 'completed', attempts: 1 });
});

test('a job that failed is begun again when asked for', async () => {
  const jobId = await as(anna, 'luck');
  await jobOnce(database, jobId, 'failed');
  expect(rootField(await api.ask(ONE, { job: jobId }, anna), 'job')).toMatchObject({
    status: 'FAILED',
    error: { code: 'CONFLICT', message: 'Not this time', hint: 'Retry.' },
  });
  fails = false;
  await api.ask(RETRY, { job: jobId }, anna);
  expect(await jobOnce(database, jobId)).toMatchObject({ status: 'completed', attempts: 2, error: null });
});

test('a job whose work another does by now is not begun again, and it says which that is', async () => {
  gate = Promise.withResolvers();
  const wanted = { kind: 'walk', actor: await actorOf(anna), singleton: 'nightly' };
  const former = await enqueue(database, wanted);
  await api.ask(CANCEL, { job: former }, anna);
  await jobOnce(database, former, 'cancelled');
  const other = await enqueue(database, wanted);
  const [refused] = (await api.ask(RETRY, { job: former }, anna)).errors;
  expect(refused).toMatchObject({ message: `Another job does what this one would: ${other}` });
  expect(refused?.extensions['code']).toBe('CONFLICT');
  gate.resolve();
  await jobOnce(database, other, 'completed');
});

test('a job acts with the rights that its requester has when it begins', async () => {
  const weak = await as(anna, 'ask');
  expect(await jobOnce(database, weak)).toMatchObject({ status: 'failed', error: { code: 'FORBIDDEN' } });
  const token = await api.tokenFor('editor');
  const actor = await actorOf(token);
  await writeSession(database.write, TESTER, ({ query }) => endToken(query, TESTER, actor.credential?.id ?? ''));
  const revoked = await enqueue(database, { kind: 'walk', actor });
  expect(await jobOnce(database, revoked)).toMatchObject({
    status: 'failed',
    error: { code: 'FORBIDDEN', message: 'Who asked for this job may no longer do anything here' },
  });
});

test('a job is followed to its end by those whose it is', async () => {
  gate = Promise.withResolvers();
  const jobId = await as(anna, 'walk');
  const follow = (token: string) =>
    fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${token}`,
      },
      body: JSON.stringify({
        query:
          'subscription ($job: ID!) { jobProgress(jobId: $job) { status progressDone progressTotal progressNote } }',
        variables: { job: jobId },
      }),
    });
  expect(await (await follow(boris)).text()).toContain('There is no job with this id');
  const events = follow(anna).then((answer) => answer.text());
  while ((await jobLine(database, jobId)).progress_done === 0n) await sleep(20);
  await sleep(100);
  gate.resolve();
  const told = [...(await events).matchAll(/"jobProgress":(\{.*?\})/g)].map(([, text]) => JSON.parse(text ?? ''));
  expect(told).toContainEqual({ status: 'RUNNING', progressDone: 1, progressTotal: 3, progressNote: 'on the way' });
  expect(told.at(-1)).toMatchObject({ status: 'COMPLETED' });
});

test('REST shows the same jobs, cancels them and begins them again', async () => {
  gate = Promise.withResolvers();
  const jobId = await as(anna, 'walk');
  const rest = async (method: string, path: string, token = anna) => {
    const answer = await fetch(`${api.url}/api/v1/jobs${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
    });
    return { status: answer.status, body: await answer.json() };
  };
  while ((await jobLine(database, jobId)).progress_done === 0n) await sleep(20);
  expect(await rest('GET', `/${jobId}`)).toMatchObject({
    status: 200,
    body: { job_id: jobId, kind: 'walk', status: 'running', progress_done: 1, progress_total: 3, error: null },
  });
  expect((await rest('GET', '?status=running&fields=job_id')).body).toMatchObject({ data: [{ job_id: jobId }] });
  expect((await rest('GET', `/${jobId}`, boris)).status).toBe(404);
  expect((await rest('POST', `/${jobId}/cancel`, boris)).status).toBe(404);
  expect((await rest('POST', `/${jobId}/retry`)).status).toBe(409);
  expect(await rest('POST', `/${jobId}/cancel`)).toMatchObject({ status: 200, body: { cancel_requested: true } });
  await jobOnce(database, jobId, 'cancelled');
  gate.resolve();
  expect(await rest('POST', `/${jobId}/retry`)).toMatchObject({ status: 200, body: { status: 'queued' } });
  await jobOnce(database, jobId, 'completed');
});

test('metrics tell of jobs that wait, run and have run', async () => {
  gate = Promise.withResolvers();
  const waiting = [await as(anna, 'walk'), await as(anna, 'walk')];
  for (const id of waiting) await jobOnce(database, id, 'running');
  waiting.push(await as(anna, 'walk'));
  const answer = await fetch(`${api.url}/metrics`, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
  const text = await answer.text();
  gate.resolve();
  for (const id of waiting) await jobOnce(database, id);
  expect(text).toContain('cairn_jobs{kind="walk",status="queued"} 1');
  expect(text).toContain('cairn_jobs{kind="walk",status="running"} 2');
  expect(text).toMatch(/cairn_job_duration_seconds_count\{kind="luck",outcome="failed"\} 2/);
});
