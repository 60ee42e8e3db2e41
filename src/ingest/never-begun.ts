/**
 * Imports that were promised to whoever did not wait, and whose job ended before it began them: cancelled while it waited, its
 * bytes expired, its requester locked out. Each gets a line that says so, or nobody would ever find it.
 */
import type { Query } from '../database/session.ts';
import { JOBS } from '../jobs/enqueue.ts';
import { BECAUSE } from '../jobs/job.ts';
import { isJsonObject } from '../kernel/json.ts';
import { uuidOfSeries, uuidv7 } from '../kernel/uuid.ts';
import type { ImportFault } from './journal.ts';

const CANCELLED: ImportFault = {
  code: 'INTERRUPTED',
  message: 'Its job was cancelled before the import began',
  hint: 'Retry the job, or send it again.',
};

/** What a job's copy is told that only tells of the imports, beside {@link BECAUSE}: when the job's last attempt began. */
const SINCE = 'since';

/** Why, as the line of the job says: `$2` where it was cancelled. */
const WHY = 'coalesce(j.error, $2::jsonb)';

/** Ends the import of a job that has ended, unless it began. */
export async function tellNeverBegun(query: Query, jobId: string): Promise<void> {
  await query(
    'import never begun',
    // No rules read it.
    `WITH told AS (
       INSERT INTO imports (import_id, dataset, path, rules_version, status, actor, finished_at, error)
       SELECT (j.arguments ->> 'importId')::uuid, j.arguments ->> 'dataset', j.arguments ->> 'path', 0, 'failed', j.actor, now(), ${WHY}
         FROM jobs j
        WHERE j.job_id = $1 AND j.status IN ('failed', 'cancelled')
       ON CONFLICT (import_id) DO NOTHING
       RETURNING import_id)
     SELECT pg_notify('import_progress', import_id::text) FROM told`,
    [jobId, JSON.stringify(CANCELLED)],
  );
}

/**
 * Of imports those whose lines say what became of them: taken in, or failed since the attempt began that was to take them in. What
 * failed before is told anew, for the job was retried since.
 */
export async function endedSince(
  query: Query,
  importIds: readonly string[],
  since: Date | string | null,
): Promise<ReadonlySet<string>> {
  const ended = await query<{ import_id: string }>(
    'folder imports ended',
    `SELECT import_id
       FROM imports
      WHERE import_id = ANY($1::uuid[])
        AND (status IN ('imported', 'unchanged', 'undone') OR status = 'failed' AND finished_at >= $2::timestamptz)`,
    [importIds, since],
  );
  return new Set(ended.map(({ import_id: importId }) => importId));
}

/**
 * The same for a folder's files: which they are only a job can read, so another one is asked for that does no more. It needs nothing
 * of its requester's, who may have been locked out since.
 */
export async function askToTellRest(query: Query, jobId: string): Promise<void> {
  const [line] = await query<{ arguments: unknown; started_at: Date | null }>(
    'folder imports promised',
    `SELECT arguments, started_at
       FROM jobs
      WHERE job_id = $1 AND status IN ('failed', 'cancelled') AND NOT arguments ? '${BECAUSE}'`,
    [jobId],
  );
  const { series, files }: Record<string, unknown> = isJsonObject(line?.arguments) ? line.arguments : {};
  if (line === undefined || typeof series !== 'string' || typeof files !== 'number') return;
  const promised = Array.from({ length: files }, (_, place) => uuidOfSeries(series, place));
  if ((await endedSince(query, promised, line.started_at)).size === files) return;
  await query(
    'folder imports to be told',
    `WITH made AS (
       INSERT INTO jobs (job_id, kind, arguments, singleton, actor, actor_kind, role, priority, private_to)
       SELECT $3, j.kind, j.arguments || jsonb_build_object('${BECAUSE}', ${WHY}, '${SINCE}', j.started_at), j.singleton,
              j.actor, j.actor_kind, 'importer', j.priority, j.private_to
         FROM jobs j
        WHERE j.job_id = $1
       ON CONFLICT (kind, actor, singleton) WHERE singleton IS NOT NULL AND status IN ('queued', 'running')
       DO NOTHING
       RETURNING job_id)
     SELECT pg_notify('${JOBS}', '') FROM made`,
    [jobId, JSON.stringify(CANCELLED), uuidv7()],
  );
}

/** The condition that a job `j` imports, where others only tell. */
export const IMPORTS_ITSELF = `NOT j.arguments ? '${BECAUSE}'`;

export interface OnlyToTell {
  readonly fault: ImportFault;
  /** As {@link endedSince} takes it. */
  readonly since: string | null;
}

/** Why a folder's job is only to tell that its imports were not begun; undefined for one that is to import them. */
export function onlyToTell(given: unknown): OnlyToTell | undefined {
  const told = isJsonObject(given) ? given : {};
  const because = told[BECAUSE];
  if (!isJsonObject(because)) return undefined;
  const { code, message, hint } = because;
  const since = told[SINCE];
  return {
    fault: { code: String(code), message: String(message), hint: typeof hint === 'string' ? hint : null },
    since: typeof since === 'string' ? since : null,
  };
}
