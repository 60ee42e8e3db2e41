/** What one actor sends under one path goes in in the order in which it was sent: the last word on a row is the one that was said last. */
import { setTimeout as sleep } from 'node:timers/promises';
import { asDatabaseError } from '../database/errors.ts';
import { readSession } from '../database/session.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import type { RunningJob } from '../jobs/job.ts';
import { START_WORKER, unworkedJobs } from '../jobs/unworked.ts';
import { AppError } from '../kernel/errors.ts';
import { IMPORT } from './import-later.ts';

/** Milliseconds between two looks at what runs; their merges would wait for each other anyway. */
const LOOK_MS = 50;
/** Milliseconds between two looks of a request that waits, and for which it does: clients wait longer for an answer. */
const REQUEST_LOOK_MS = 200;
const PATIENCE_MS = 20_000;
/** Milliseconds after which a job is begun again that came before its turn, at least. */
const BACK_MS = 500;
/** Whoever works takes a job within a few; fewer than a request waits. */
const UNWORKED_SECONDS = 15;

type Sender = Pick<GraphqlContext, 'database' | 'actor'>;

/**
 * Comes back when nothing is under way that the same actor sent before under the same path. What others send has no order.
 * @throws AppError DATABASE_BUSY, to be begun again, where that has not begun: its place may be the one that this job holds
 */
export async function sentBeforeIsIn(
  sender: Sender,
  { id, signal }: Pick<RunningJob, 'id' | 'signal'>,
  path: string,
): Promise<void> {
  for (;;) {
    const { first, waits_ms: waitsMs } = await jobsUnderWay(sender, path, id);
    if (first === null) return;
    if (waitsMs !== null) {
      throw new AppError('DATABASE_BUSY', `What was sent before to ${path} goes in first`, {
        retryAfterMs: Math.max(waitsMs, BACK_MS),
      });
    }
    await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) throw new AppError('INTERRUPTED', 'The import was cancelled, or the server stopped');
  }
}

/**
 * As {@link sentBeforeIsIn}, for a request that waits for its own import: comes back when no job is under way whose bytes the actor
 * sent under this path. Other paths need no order: what they say is told apart by when it was said.
 * @throws AppError CONFLICT where that takes too long, INTERRUPTED when the client left
 */
export async function jobsOfPathAreIn(
  { left, ...sender }: Sender & Pick<GraphqlContext, 'left'>,
  path: string,
  patience = PATIENCE_MS,
): Promise<void> {
  const until = performance.now() + patience;
  for (;;) {
    const { first } = await jobsUnderWay(sender, path, null);
    if (first === null) return;
    if (performance.now() >= until) throw await notInYet(sender, path, first);
    await sleep(REQUEST_LOOK_MS, undefined, { ...(left !== undefined && { signal: left }) }).catch(() => undefined);
    if (left?.aborted === true) throw new AppError('INTERRUPTED', 'Nobody waits for the answer');
  }
}

async function notInYet({ database, actor }: Sender, path: string, first: string): Promise<AppError> {
  const unworked = await readSession(database.read, actor, (query) => unworkedJobs(query, UNWORKED_SECONDS, first));
  const message = `What was sent before to ${path} is not in yet: job ${first}`;
  if (unworked !== undefined)
    return new AppError('CONFLICT', `${message}, and no process of this hub runs jobs`, { hint: START_WORKER });
  return new AppError('CONFLICT', message, {
    hint: 'Send it again when that job has ended, cancel that job, or send with wait: false, which keeps the order.',
  });
}

interface UnderWay {
  /** The key of the job that was sent first; null for none. */
  readonly first: string | null;
  /** Milliseconds until the last of those that wait may begin; null where none waits. */
  readonly waits_ms: number | null;
}

const UNDER_WAY = `
  SELECT min(job_id::text) AS first,
         (extract(epoch FROM max(not_before) FILTER (WHERE status = 'queued') - now()) * 1000)::float8 AS waits_ms
    FROM jobs
   WHERE status IN ('queued', 'running') AND kind = '${IMPORT}' AND actor = $1
     AND arguments ->> 'path' = $2 AND ($3::uuid IS NULL OR job_id < $3)`;

/**
 * The imports that the sender's jobs have yet to make under this path: those sent before the job `before`, or all.
 * @throws AppError DATABASE_UNREACHABLE
 */
async function jobsUnderWay({ database, actor }: Sender, path: string, before: string | null): Promise<UnderWay> {
  const values = [actor.label, path, before];
  try {
    const { rows } = await database.read.query<UnderWay>({ name: 'import jobs of a path', text: UNDER_WAY, values });
    return rows[0] ?? { first: null, waits_ms: null };
  } catch (thrown) {
    throw asDatabaseError(thrown);
  }
}
