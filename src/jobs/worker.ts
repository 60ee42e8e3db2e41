/** The worker of a process: takes jobs from the queue, as many of each kind as it declares, and keeps their leases. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Notices } from '../database/notices.ts';
import { type Query, writeSession } from '../database/session.ts';
import { crashPoint } from '../kernel/crash-point.ts';
import { endsWithin } from '../kernel/ends-within.ts';
import type { Carrier, Ticket } from './carrier.ts';
import { JOBS } from './enqueue.ts';
import type { JobDeclaration } from './job.ts';
import { type ClaimedJob, claim, putOff, renew } from './lines.ts';
import { busyActors, look, post, reconcile, takeBack, WORKER } from './queued.ts';
import { type Abortion, type JobHouse, type Run, runJob } from './run-job.ts';

export interface WorkerOptions extends Omit<JobHouse, 'carrier' | 'backoffMs'> {
  readonly notices: Pick<Notices, 'on'>;
  /** Loaded when first there is something to do: a start needs neither. */
  readonly loadJobs: () => Promise<readonly JobDeclaration[]>;
  readonly openCarrier: () => Promise<Carrier>;
  readonly timing?: Partial<WorkerTiming>;
}

export interface WorkerTiming {
  /** Milliseconds between two looks where nothing is heard: a notice may be lost, and a time to begin comes without one. */
  readonly lookMs: number;
  /** Milliseconds between two renewals of the leases; a third of what they last. */
  readonly renewMs: number;
  /** Milliseconds between two comparisons of the queue with the table; the first is made when first there is a job. */
  readonly reconcileMs: number;
  /** Milliseconds before the second attempt after a transient failure. */
  readonly backoffMs: number;
}

export interface Worker {
  /** Takes nothing more and lets what runs finish for `grace` milliseconds; what does not is queued again. */
  readonly stop: (grace: number) => Promise<void>;
}

const TIMING: WorkerTiming = { lookMs: 2_000, renewMs: 5_000, reconcileMs: 10_000, backoffMs: 5_000 };
/** Jobs of one actor that run at once, in all processes together: the second may be small, the third waits. */
const PER_ACTOR = 2;
/** What was told to stop and does not is left behind after this. */
const LAST_MS = 2_000;

/** Starts the worker of a process. Whoever starts it stops it, before the database is closed. */
export function startWorker(options: WorkerOptions): Worker {
  const { database, log, notices } = options;
  const timing = { ...TIMING, ...options.timing };
  // By ticket: one that was taken back while the database was away may be begun here anew before its former attempt has noticed.
  const runs = new Map<string, Run & { readonly ended: Promise<unknown> }>();
  const stopping = new AbortController();
  let kinds: ReadonlyMap<string, JobDeclaration> | undefined;
  let carrier: Carrier | undefined;
  let waking = new AbortController();
  let isWoken = true;
  let nextReconcile = 0;

  const wake = (): void => {
    isWoken = true;
    waking.abort();
  };
  const inWrite = <T>(work: (query: Query) => Promise<T>): Promise<T> =>
    writeSession(database.write, WORKER, ({ query }) => work(query));
  const abort = (run: Run, why: Abortion): void => run.aborted.abort(why);

  const hearing = notices.on(JOBS, (told) => {
    // One that runs here was asked to end: its line says whether.
    if ([...runs.values()].some(({ claimed }) => claimed.job_id === told)) void keepLeases();
    else wake();
  });

  async function keepLeases(): Promise<void> {
    const held = [...runs.values()];
    if (held.length === 0) return;
    try {
      const renewed = await inWrite((query) =>
        renew(
          query,
          held.map(({ claimed }) => ({ jobId: claimed.job_id, attempt: claimed.attempts })),
        ),
      );
      for (const run of held) {
        const { job_id: jobId, attempts } = run.claimed;
        const kept = renewed.find((line) => line.job_id === jobId && line.attempts === attempts);
        // It may also just have ended: then nothing is left to abort.
        if (kept === undefined) abort(run, 'lost');
        else if (kept.cancel_requested) abort(run, 'cancelled');
      }
    } catch (err) {
      log.warn({ err }, 'the leases of jobs could not be renewed');
    }
  }

  /** What is loaded when first there is a job. */
  async function ready(): Promise<ReadonlyMap<string, JobDeclaration>> {
    kinds ??= new Map((await options.loadJobs()).map((job) => [job.kind, job]));
    return kinds;
  }

  async function opened(known: Iterable<string>): Promise<Carrier> {
    if (carrier !== undefined) return carrier;
    const made = await options.openCarrier();
    for (const kind of known) await made.open(kind);
    carrier = made;
    return made;
  }

  /** One look, and whatever it finds to do. */
  async function pass(): Promise<void> {
    if (kinds === undefined && !(await isAnythingOpen(inWrite))) return;
    const known = await ready();
    const found = await inWrite((query) => look(query, [...known.keys()]));
    if (!found.some(({ unposted, due, lapsed }) => unposted || due || lapsed)) return;
    const from = await opened(known.keys());
    const isTime = performance.now() >= nextReconcile;
    if (isTime) nextReconcile = performance.now() + timing.reconcileMs;
    for (const { kind, lapsed, unposted } of found) {
      const declaration = known.get(kind);
      if (lapsed && declaration !== undefined) {
        const jobIds = await takeBack(database.write, from, declaration);
        if (jobIds.length > 0) log.warn({ jobIds, kind }, 'jobs whose process ended are queued again');
      }
      const lost = isTime ? await reconcile(database.write, from, kind) : 0;
      if (lost > 0) log.warn({ kind, lost }, 'jobs that no worker would have been given are queued again');
      if (unposted || lapsed || lost > 0) await post(database.write, from, kind);
    }
    for (const declaration of known.values()) await take(from, declaration);
  }

  async function take(from: Carrier, declaration: JobDeclaration): Promise<void> {
    const { kind, concurrency } = declaration;
    const here = [...runs.values()].filter((run) => run.declaration.kind === kind).length;
    if (here >= concurrency) return;
    const without = await inWrite((query) => busyActors(query, PER_ACTOR));
    const tickets = await from.take({ kind, most: concurrency - here, without, perActor: PER_ACTOR });
    if (tickets.length > 0) crashPoint('job.taken');
    for (const ticket of tickets) await begin(from, declaration, ticket);
  }

  async function begin(from: Carrier, declaration: JobDeclaration, { ticket, jobId }: Ticket): Promise<void> {
    const claimed = await writeSession(database.write, WORKER, async ({ query, client }) => {
      const found = stopping.signal.aborted ? 'busy' : await claim(query, jobId, ticket, PER_ACTOR);
      if (typeof found === 'string') {
        await putOff(query, jobId, ticket);
        await from.drop(client, declaration.kind, [ticket]);
      }
      return found;
    });
    if (typeof claimed !== 'string') start(from, { declaration, claimed, ticket, aborted: new AbortController() });
  }

  function start(from: Carrier, run: Run): void {
    const { job_id: jobId }: ClaimedJob = run.claimed;
    const ended = runJob({ ...options, backoffMs: timing.backoffMs, carrier: from }, run)
      .catch((err: unknown) =>
        log.error({ err, jobId }, 'the end of a job could not be written; it will be begun again'),
      )
      .finally(() => {
        runs.delete(run.ticket);
        wake();
      });
    runs.set(run.ticket, { ...run, ended });
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      isWoken = false;
      waking = new AbortController();
      await pass().catch((err: unknown) =>
        log.warn({ err }, 'the queue of jobs could not be asked; it is asked again'),
      );
      if (isWoken || stopping.signal.aborted) continue;
      await sleep(timing.lookMs, undefined, { signal: waking.signal }).catch(() => undefined);
    }
  }

  const leases = setInterval(() => void keepLeases(), timing.renewMs);
  const looping = loop();
  return {
    stop: async (grace) => {
      hearing.stop();
      stopping.abort();
      wake();
      await looping;
      const all = () => Promise.all([...runs.values()].map(({ ended }) => ended));
      if (!(await endsWithin(grace, all()))) {
        for (const run of runs.values()) abort(run, 'stopping');
        if (!(await endsWithin(LAST_MS, all()))) {
          const jobIds = [...runs.values()].map(({ claimed }) => claimed.job_id);
          log.warn({ jobIds }, 'jobs did not stop; their leases will lapse');
        }
      }
      clearInterval(leases);
      await carrier?.close();
    },
  };
}

/** Before anything of jobs is loaded: whether there is any. */
async function isAnythingOpen(inWrite: <T>(work: (query: Query) => Promise<T>) => Promise<T>): Promise<boolean> {
  const [found] = await inWrite((query) =>
    query<{ is_open: boolean }>(
      'jobs open',
      "SELECT EXISTS (SELECT FROM jobs WHERE status IN ('queued', 'running')) AS is_open",
    ),
  );
  return found?.is_open === true;
}
