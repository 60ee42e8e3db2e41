/**
 * The vocabulary of jobs. A **job** is work that goes on after its request was answered: a line of the table `jobs`, which
 * alone says what is true of it. Its **kind** is one file `<noun>.job.ts`, found by folder. An **attempt** is one beginning;
 * whoever makes it holds a **lease** and renews it: once that has lapsed, another process begins anew, and what the former
 * still writes is refused. A **ticket** is what the queue carries to a worker: a job's key, and nothing else.
 */
import type { Query } from '../database/session.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import type { Role } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';

export const JOB_STATUSES = ['queued', 'running', 'completed', 'failed', 'cancelled'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

/** Plain JSON. */
export type JobData = Readonly<Record<string, unknown>>;

/**
 * The member of a job's arguments that holds what was asked of it while it ran: another run. Whoever cancels the job cancels that
 * with it; what is asked after that stands.
 */
export const AGAIN = 'again';

/**
 * The member of a job's arguments that says why another one ended, whose copy it is: it only notes what that one left undone, which
 * nobody asked for. No list has it, unless it failed.
 */
export const BECAUSE = 'because';

export interface RunningJob {
  /** A UUID of version 7. */
  readonly id: string;
  /** As {@link JobData} was enqueued: the kind checks it anew, for an earlier release may have written it. */
  readonly arguments: JobData;
  /** 1 at first. */
  readonly attempt: number;
  /** Aborted when the job is cancelled, when the server stops, and when another process has taken the job over. */
  readonly signal: AbortSignal;
  /** How far it is. Call it as often as is handy: a few times a second it is written. `total` null where nobody knows it. */
  readonly progress: (done: number, total: number | null, note?: string) => void;
  /**
   * Inside the transaction of the job's own writes: they commit only if this attempt still holds the job then, for its line
   * stays locked until the transaction ends.
   * @throws AppError INTERRUPTED when it does not
   */
  readonly fence: (query: Query) => Promise<void>;
}

export interface JobDeclaration {
  /** Such as `export`; lower case. Also the name of its queue. */
  readonly kind: string;
  /** What whoever asked must still be when it begins. */
  readonly role: Role;
  /** The context whose rows it touches, where it is one. */
  readonly scope?: string;
  /** How often it is begun again after a transient failure. */
  readonly retries: number;
  /** How many run side by side in one process. */
  readonly concurrency: number;
  /**
   * Does the work with the requester's rights; `context.left` is the job's signal, so reads end with it. What it returns is
   * the job's result, for its requester to see.
   * @throws AppError what it throws becomes the job's error: `transient` ones are tried again
   */
  readonly run: (context: GraphqlContext, job: RunningJob) => Promise<JobData | undefined>;
  /**
   * Inside the transaction that ends one of its jobs, however it ended, after its line says so and while that is locked: for what
   * was asked of it too late. It acts as whoever keeps the lines of jobs.
   */
  readonly ended?: (query: Query, jobId: string) => Promise<void>;
}

const KIND_FORM = /^[a-z][a-z0-9-]{0,49}$/;
const MOST_AT_ONCE = 20;

/** Declares a kind of job; the default export of a `<noun>.job.ts`. @throws AppError DECLARATION_INVALID */
export function defineJob(declaration: JobDeclaration): JobDeclaration {
  const { kind, retries, concurrency } = declaration;
  const faults = [
    KIND_FORM.test(kind) ? '' : 'its kind must be lower-case words joined by -',
    Number.isInteger(retries) && retries >= 0 ? '' : 'its retries must be a whole number',
    Number.isInteger(concurrency) && concurrency >= 1 && concurrency <= MOST_AT_ONCE
      ? ''
      : `its concurrency must be 1 to ${MOST_AT_ONCE}`,
  ].filter((fault) => fault !== '');
  if (faults.length === 0) return declaration;
  throw new AppError('DECLARATION_INVALID', `The job "${kind}": ${faults.join(', ')}`);
}

/** Whether a file's default export is a kind of job. */
export function isJob(value: unknown): value is JobDeclaration {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof Reflect.get(value, 'kind') === 'string' &&
    typeof Reflect.get(value, 'run') === 'function'
  );
}
