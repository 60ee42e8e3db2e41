/** What was asked of a run when it had no ear for it any more is another run: no request is lost. */
import type { Query } from '../../database/session.ts';
import { AGAIN } from '../../jobs/job.ts';
import { requestSync } from './request-sync.ts';
import { readSource } from './source.ts';
import { syncOrderOf } from './sync-job.ts';

/** Asks for the run that a sync's job leaves to do, in the transaction that ends it. */
export async function askForRest(query: Query, jobId: string): Promise<void> {
  const [line] = await query<{ arguments: unknown }>(
    'sync left to do',
    `SELECT arguments FROM jobs WHERE job_id = $1 AND arguments ? '${AGAIN}'`,
    [jobId],
  );
  if (line === undefined) return;
  const { sourceId, again, alsoFor, retriesAll } = syncOrderOf(Object(line.arguments));
  if (again === undefined) return;
  // Whose source it is matters no more than it did to whoever ran the job.
  await query('sync left acts', "SELECT set_config('cairn.owner', '*', true)");
  const source = await readSource(query, sourceId);
  if (source === undefined || CLOSED.has(source.connection_status)) return;
  await requestSync(query, source, {
    ...{ type: again.type, requestedBy: again.by, approveDeletes: again.approves },
    retriesAll: retriesAll && again.type === 'full_sync',
    alsoFor: alsoFor.filter((label) => label !== again.by),
  });
}

/** Until somebody signs in to it again, which asks for a sync of its own. */
const CLOSED = new Set(['needs_reauth', 'disconnected']);
