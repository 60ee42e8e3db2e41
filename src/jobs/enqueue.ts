/** A job is asked for in the transaction of whatever it belongs to: it exists once that commits, or never. */
import type { Query } from '../database/session.ts';
import type { Actor } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';
import { uuidv7 } from '../kernel/uuid.ts';
import type { JobData } from './job.ts';

/** The channel on which workers hear that there is something to do: a job's id, or nothing in particular. */
export const JOBS = 'jobs';
/** The channel on which followers hear that a job's line has changed: its id. */
export const JOB_PROGRESS = 'job_progress';

export interface NewJob {
  /** Of a `*.job.ts`. */
  readonly kind: string;
  /** Plain JSON, without secrets: the requester may read it, and admins unless it is private. */
  readonly arguments: JobData;
  /** Who asks; the job acts with their rights, asked anew when it begins. */
  readonly actor: Actor;
  /** While a job of this kind and actor with this word waits or runs, asking again gives that one's id. */
  readonly singleton?: string;
  /** -10 to 10: of the jobs that wait, those of a higher one begin first; 0 unless given. */
  readonly priority?: number | undefined;
  /** The owner of what it is about, where that is private: who looks after everybody's jobs does not see it. */
  readonly privateTo?: string | undefined;
}

/** Asked twice at most: what ended in between the two looks makes room. */
const TRIES = 3;

/**
 * Enqueues a job within a transaction and returns its id; a worker hears of it when that commits.
 * @throws AppError BAD_USER_INPUT for arguments that cannot be kept
 */
export async function enqueueJob(query: Query, job: NewJob): Promise<string> {
  const { kind, arguments: given, actor, singleton, priority = 0, privateTo = null } = job;
  for (let tried = 0; tried < TRIES; tried += 1) {
    const [made] = await query<{ job_id: string }>(
      'job enqueue',
      `WITH made AS (
         INSERT INTO jobs (job_id, kind, arguments, singleton, actor, actor_kind, role, scopes,
                           credential_kind, credential_id, user_id, priority, private_to)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         ON CONFLICT (kind, actor, singleton) WHERE singleton IS NOT NULL AND status IN ('queued', 'running')
         DO NOTHING
         RETURNING job_id)
       SELECT job_id, pg_notify('${JOBS}', '') FROM made`,
      [
        uuidv7(),
        kind,
        JSON.stringify(given),
        singleton ?? null,
        actor.label,
        actor.kind,
        actor.role,
        actor.scopes ?? null,
        actor.credential?.kind ?? null,
        actor.credential?.id ?? null,
        actor.credential?.userId ?? null,
        priority,
        privateTo,
      ],
    );
    if (made !== undefined) return made.job_id;
    const [other] = await query<{ job_id: string }>(
      'job of a singleton',
      `SELECT job_id
         FROM jobs
        WHERE kind = $1 AND actor = $2 AND singleton = $3 AND status IN ('queued', 'running')`,
      [kind, actor.label, singleton],
    );
    if (other !== undefined) return other.job_id;
  }
  throw new AppError('DATABASE_BUSY', 'Jobs with this word begin and end too fast', { hint: 'Try again.' });
}
