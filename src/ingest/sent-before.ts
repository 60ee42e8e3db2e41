/** What one actor sends under one path goes in in the order in which it was sent: the last word on a row is the one that was said last. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { GraphqlContext } from '../graphql/context.ts';
import type { RunningJob } from '../jobs/job.ts';
import { AppError } from '../kernel/errors.ts';
import { IMPORT, type LaterImport } from './import-later.ts';

/** Milliseconds between two looks at what runs; their merges would wait for each other anyway. */
const LOOK_MS = 50;
/** Milliseconds between two looks of a request that waits, and for which it does: clients wait longer for an answer. */
const REQUEST_LOOK_MS = 200;
const PATIENCE_MS = 20_000;
/** Milliseconds after which a job is begun again that came before its turn, at least. */
const BACK_MS = 500;

/**
 * Comes back when nothing is under way that the same actor sent before under the same path. What others send has no order.
 * @throws AppError DATABASE_BUSY, to be begun again, where that has not begun: its place may be the one that this job holds
 */
export async function sentBeforeIsIn(
  { database, actor }: Pick<GraphqlContext, 'database' | 'actor'>,
  { id, signal }: Pick<RunningJob, 'id' | 'signal'>,
  { dataset, path }: Pick<LaterImport, 'dataset' | 'path'>,
): Promise<void> {
  for (;;) {
    const { rows } = await database.read.query<{ under_way: number; waits_ms: number | null }>({
      name: 'imports sent before',
      text: `SELECT count(*)::int AS under_way,
                    (extract(epoch FROM max(not_before) FILTER (WHERE status = 'queued') - now()) * 1000)::float8 AS waits_ms
               FROM jobs
              WHERE status IN ('queued', 'running') AND kind = '${IMPORT}' AND actor = $1 AND job_id < $2
                AND arguments ->> 'dataset' = $3 AND arguments ->> 'path' = $4`,
      values: [actor.label, id, dataset, path],
    });
    const { under_way: underWay = 0, waits_ms: waitsMs = null } = rows[0] ?? {};
    if (underWay === 0) return;
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
  { database, actor, left }: Pick<GraphqlContext, 'database' | 'actor' | 'left'>,
  path: string,
  patience = PATIENCE_MS,
): Promise<void> {
  const until = performance.now() + patience;
  for (;;) {
    const { rows } = await database.read.query<{ job_id: string }>({
      name: 'import jobs of a path',
      text: `SELECT job_id
               FROM jobs
              WHERE status IN ('queued', 'running') AND kind = '${IMPORT}' AND actor = $1 AND arguments ->> 'path' = $2
              LIMIT 1`,
      values: [actor.label, path],
    });
    const [first] = rows;
    if (first === undefined) return;
    if (performance.now() >= until) {
      throw new AppError('CONFLICT', `What was sent before to ${path} is not in yet: job ${first.job_id}`, {
        hint: 'Send it again when that job has ended, cancel that job, or send with wait: false, which keeps the order.',
      });
    }
    await sleep(REQUEST_LOOK_MS, undefined, { ...(left !== undefined && { signal: left }) }).catch(() => undefined);
    if (left?.aborted === true) throw new AppError('INTERRUPTED', 'Nobody waits for the answer');
  }
}
