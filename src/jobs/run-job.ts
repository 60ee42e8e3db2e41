/** One attempt of a job, from its requester's rights to its line's end. */
import { rightsNow } from '../access/requester.ts';
import type { Database } from '../database/connect.ts';
import { type Query, writeSession } from '../database/session.ts';
import { tryAgain } from '../database/try-again.ts';
import { createContext, type GraphqlContext } from '../graphql/context.ts';
import type { Actor, Role } from '../kernel/actor.ts';
import { crashPoint } from '../kernel/crash-point.ts';
import { AppError } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import { requireRight } from '../kernel/rights.ts';
import { watched } from '../kernel/watched.ts';
import type { Carrier } from './carrier.ts';
import { JOB_PROGRESS, JOBS } from './enqueue.ts';
import type { JobData, JobDeclaration, RunningJob } from './job.ts';
import { asJobError, faultOf, isRefusal, isTimedOut } from './job-errors.ts';
import { type Attempt, type ClaimedJob, type Ending, end, holds, type PutBack, putBack, tell } from './lines.ts';
import { jobProgress } from './progress.ts';
import { WORKER } from './queued.ts';

export interface JobHouse {
  readonly database: Database;
  readonly log: Log;
  readonly carrier: Carrier;
  /** Fills the context's slots with what higher layers bring along, as for a request. */
  readonly fillContext: (context: GraphqlContext) => void;
  /** Milliseconds before the second attempt after a transient failure; doubled each time. */
  readonly backoffMs: number;
}

/** Why an attempt's signal was aborted. */
export type Abortion = 'cancelled' | 'stopping' | 'lost';

export interface Run {
  readonly declaration: JobDeclaration;
  readonly claimed: ClaimedJob;
  readonly ticket: string;
  readonly aborted: AbortController;
}

/** What became of an attempt, told to whoever measures. */
export type Outcome = 'completed' | 'failed' | 'cancelled' | 'retried' | 'given back' | 'lost';

/** Every attempt of a job, by its kind. */
export const jobsSeen = watched<{ readonly kind: string }, Outcome>();

const LONGEST_BACKOFF_MS = 900_000;

/** Runs an attempt and writes what became of it. @throws AppError only when that could not be written */
export function runJob(house: JobHouse, run: Run): Promise<Outcome> {
  return jobsSeen.observe({ kind: run.declaration.kind }, () => attempt(house, run));
}

async function attempt(house: JobHouse, run: Run): Promise<Outcome> {
  const { claimed, aborted } = run;
  const held: Attempt = { jobId: claimed.job_id, attempt: claimed.attempts };
  const progress = jobProgress(house.database.write, house.log, held);
  crashPoint('job.begun');
  try {
    const result = await work(house, run, held, progress.tell);
    await progress.stop();
    crashPoint('job.finished');
    return await settle(house, run, held, { status: 'completed', result, error: undefined });
  } catch (thrown) {
    await progress.stop();
    const why: unknown = aborted.signal.aborted ? aborted.signal.reason : undefined;
    if (why === 'cancelled')
      return settle(house, run, held, { status: 'cancelled', result: undefined, error: undefined });
    // Whoever deploys often takes no try of a long job's.
    if (why === 'stopping') return giveBack(house, run, held, { seconds: 0, counts: false }, 'given back');
    if (why === 'lost') return 'lost';
    return fail(house, run, held, thrown);
  }
}

async function work(
  { database, log, fillContext }: JobHouse,
  { declaration, claimed, aborted }: Run,
  held: Attempt,
  tellProgress: RunningJob['progress'],
): Promise<JobData | undefined> {
  const { signal } = aborted;
  const asked = requesterOf(claimed);
  const actor = await writeSession(database.write, WORKER, ({ query }) => rightsNow(query, asked));
  if (actor === null) {
    throw new AppError('FORBIDDEN', 'Who asked for this job may no longer do anything here', {
      hint: 'Their token was revoked, their account disabled, or their session ended. Ask again as somebody else.',
    });
  }
  requireRight({ actor }, { role: declaration.role, scope: declaration.scope });
  const context = createContext({ actor, requestId: held.jobId, log, database, left: signal });
  fillContext(context);
  try {
    signal.throwIfAborted();
    return await declaration.run(context, {
      id: held.jobId,
      arguments: claimed.arguments,
      attempt: held.attempt,
      signal,
      progress: tellProgress,
      fence: async (query: Query) => {
        if (await holds(query, held)) return;
        throw new AppError('INTERRUPTED', 'Another process has taken this job over');
      },
    });
  } finally {
    await context.reads.end();
  }
}

/** Errors that trying again may mend are tried again, as often as the kind says. */
async function fail(house: JobHouse, run: Run, held: Attempt, thrown: unknown): Promise<Outcome> {
  const error = asJobError(thrown);
  const { kind, retries } = run.declaration;
  const about = { err: error, jobId: held.jobId, kind, attempt: held.attempt };
  const fault = faultOf(error);
  if (error.retryAfterMs !== undefined) {
    house.log.info({ ...about, retryAfterMs: error.retryAfterMs }, 'a job was told to wait; it goes on then');
    return giveBack(house, run, held, { seconds: error.retryAfterMs / 1_000, error: fault, counts: false }, 'retried');
  }
  const tried = held.attempt - run.claimed.attempts_before;
  if ((error.kind === 'transient' || isTimedOut(error)) && tried <= retries) {
    house.log.warn(about, 'a job failed; it is tried again');
    const wait = Math.min(house.backoffMs * 2 ** (tried - 1), LONGEST_BACKOFF_MS);
    // Those that failed together must not come back together.
    const seconds = (wait * (0.75 + Math.random() / 2)) / 1000;
    return giveBack(house, run, held, { seconds, error: fault }, 'retried');
  }
  if (error.kind === 'bug' || error.kind === 'transient' || error.kind === 'config')
    house.log.error(about, 'a job failed');
  else if (isRefusal(error)) house.log.warn(about, 'a job failed: the database refused what it wrote or asked');
  return settle(house, run, held, { status: 'failed', result: undefined, error: fault });
}

async function settle(house: JobHouse, run: Run, held: Attempt, ending: Ending): Promise<Outcome> {
  return write(house, run, held, ending.status, async (query) => {
    if (!(await end(query, held, ending))) return false;
    await run.declaration.ended?.(query, held.jobId);
    return true;
  });
}

async function giveBack(house: JobHouse, run: Run, held: Attempt, back: PutBack, outcome: Outcome): Promise<Outcome> {
  return write(house, run, held, outcome, (query) => putBack(query, held, back));
}

/** The line and the ticket change together, and whoever follows or waits hears of it. */
async function write(
  { database, carrier, log }: JobHouse,
  { declaration, ticket }: Run,
  held: Attempt,
  outcome: Outcome,
  change: (query: Query) => Promise<boolean>,
): Promise<Outcome> {
  const once = () =>
    writeSession(database.write, WORKER, async ({ query, client }) => {
      if (!(await change(query))) return false;
      await carrier.drop(client, declaration.kind, [ticket]);
      await tell(query, JOB_PROGRESS, held.jobId);
      // Its actor's next one may begin.
      await tell(query, JOBS, '');
      return true;
    });
  const isOurs = await tryAgain(log, { jobId: held.jobId }, once);
  if (isOurs) {
    crashPoint('job.ended');
    return outcome;
  }
  log.warn(
    { jobId: held.jobId, attempt: held.attempt },
    'a job was taken over by another process; this one wrote nothing',
  );
  return 'lost';
}

function requesterOf(claimed: ClaimedJob): Actor {
  const { credential_kind: kind, credential_id: id, user_id: userId } = claimed;
  return {
    kind: oneOf(['user', 'token', 'schedule', 'command'] as const, claimed.actor_kind),
    label: claimed.actor,
    role: oneOf<Role>(['viewer', 'importer', 'editor', 'admin'], claimed.role),
    scopes: claimed.scopes ?? undefined,
    ...(kind !== null &&
      id !== null && {
        credential: { kind: oneOf(['session', 'token'] as const, kind), id, userId, expiresAt: null },
      }),
  };
}

function oneOf<T extends string>(known: readonly T[], text: string): T {
  const found = known.find((each) => each === text);
  if (found !== undefined) return found;
  throw new AppError('INTERNAL', `The line of a job holds "${text}", which its table should have refused`);
}
