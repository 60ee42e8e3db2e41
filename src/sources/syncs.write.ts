/** Syncs as people start, end and repeat them. */
import type { Query } from '../database/session.ts';
import { cancelJob } from '../jobs/jobs.write.ts';
import { type Actor, HOUSEKEEPER, hasRole, ownerOf } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';
import { requireRight } from '../kernel/rights.ts';
import { noSource } from './lock-source.ts';
import { refused } from './source-input.ts';
import { requestSync } from './sync/request-sync.ts';
import { readSource, type SyncSource } from './sync/source.ts';
import { syncOrderOf } from './sync/sync-job.ts';
import { SOURCES_SCOPE, SYNC_JOB_TYPES } from './vocabulary.ts';

export interface AskedSync {
  /** One of {@link SYNC_JOB_TYPES}; manual, which reads what changed, unless given. */
  readonly type?: string | null | undefined;
  /** -10 to 10. */
  readonly priority?: number | null | undefined;
  /** Yes to the deletes that the last sync waits with. */
  readonly approveDeletes?: boolean | null | undefined;
}

/** Who may start a sync of any kind. */
export const MAY_SYNC = { role: 'importer', scope: SOURCES_SCOPE } as const;

/**
 * Asks for a sync; returns the key of the one that does it, which may have been asked for before.
 * @throws AppError NOT_FOUND, BAD_USER_INPUT; NEEDS_REAUTH and CONFLICT for a source that cannot be reached; FORBIDDEN to approve
 */
export async function startSync(query: Query, actor: Actor, sourceId: string, asked: AskedSync = {}): Promise<string> {
  const { type: word = 'manual', priority, approveDeletes = false } = asked;
  const type = SYNC_JOB_TYPES.find((known) => known === (word ?? 'manual'));
  if (type === undefined) throw refused('type', `is one of ${SYNC_JOB_TYPES.join(', ')}`);
  if (priority != null && !(Number.isInteger(priority) && Math.abs(priority) <= 10))
    throw refused('priority', 'is a whole number from -10 to 10');
  // A yes deletes what people read.
  if (approveDeletes === true) requireRight({ actor }, { role: 'editor', scope: SOURCES_SCOPE });
  const source = await reachable(query, sourceId);
  return requestSync(query, source, {
    type,
    requestedBy: actor.label,
    approveDeletes: approveDeletes === true,
    retriesAll: type === 'full_sync',
    ...(priority != null && { priority }),
  });
}

async function reachable(query: Query, sourceId: string): Promise<SyncSource> {
  const source = isUuid(sourceId) ? await readSource(query, sourceId) : undefined;
  if (source === undefined) throw noSource();
  const { connection_status: status, name } = source;
  if (status === 'needs_reauth') {
    throw new AppError('NEEDS_REAUTH', `The source ${name} has to be signed in to again`, {
      hint: 'Connect it again.',
    });
  }
  if (status !== 'disconnected') return source;
  throw new AppError('CONFLICT', `The source ${name} is disconnected`, { hint: 'Connect it first.' });
}

const isUuid = (text: string): boolean => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text);

/**
 * Ends a sync: one that waits its turn at once, one that runs as soon as it lets go, one that waits for a yes by a no. Doing it
 * twice changes nothing.
 * @throws AppError NOT_FOUND; FORBIDDEN for who neither asked for it nor may change its source, and for who asked for it among
 * others; CONFLICT for one that has ended
 */
export async function cancelSync(query: Query, actor: Actor, syncJobId: string): Promise<void> {
  const [found] = await query<{ sync_job_id: string; status: string; owner_id: string; requested_by: string }>(
    'sync to cancel',
    'SELECT sync_job_id, status, owner_id, requested_by FROM sync_jobs WHERE sync_job_id::text = $1 FOR UPDATE',
    [syncJobId],
  );
  if (found === undefined) throw new AppError('NOT_FOUND', 'There is no sync with this id', { path: 'syncJobId' });
  const { status, owner_id: owner, requested_by: requester } = found;
  if (owner !== ownerOf(actor) && !hasRole(actor, 'admin')) {
    // One run does what several ask for: whoever ends it ends it for all of them.
    const others = (await askersOf(query, found.sync_job_id, requester)).filter((label) => label !== actor.label);
    const hint = 'Ask them, whose source it is, or an administrator.';
    if (requester !== actor.label) throw new AppError('FORBIDDEN', 'Somebody else asked for this sync', { hint });
    if (others.length > 0)
      throw new AppError('FORBIDDEN', `This sync is also for ${others.join(', ')}, who asked for it too`, { hint });
  }
  if (status === 'waiting') {
    await query(
      'sync answered no',
      "UPDATE sync_jobs SET status = 'cancelled', completed_at = now() WHERE sync_job_id = $1",
      [found.sync_job_id],
    );
    return;
  }
  // The job is the source owner's; who may end the sync may end it.
  await cancelJob(query, HOUSEKEEPER, found.sync_job_id);
}

/** Whoever asked for a sync, as the history names them. Who asks from now on waits for the transaction's end, and asks for another. */
async function askersOf(query: Query, syncJobId: string, requester: string): Promise<readonly string[]> {
  const [line] = await query<{ arguments: unknown }>(
    'sync asked by',
    'SELECT arguments FROM jobs WHERE job_id = $1 FOR UPDATE',
    [syncJobId],
  );
  return line === undefined ? [requester] : [requester, ...syncOrderOf(Object(line.arguments)).alsoFor];
}

/** Items that can be tried again by hand. */
const RETRIED = ['failed', 'conflict', 'skipped'] as const;

export interface RetriedItems {
  /** How many. */
  readonly retried: number;
  /** The sync that tries them; null where there was none to try. */
  readonly syncJobId: string | null;
}

/**
 * Has items read anew that failed: those named, or all of the source. A skipped one is read anew only where it is named.
 * @throws AppError as {@link startSync}
 */
export async function retryItems(
  query: Query,
  actor: Actor,
  sourceId: string,
  itemIds?: readonly (string | bigint)[] | null,
): Promise<RetriedItems> {
  const source = await reachable(query, sourceId);
  const ids = itemIds?.map((id) => {
    if (/^\d{1,18}$/.test(String(id))) return String(id);
    throw refused('itemIds', 'are keys of items, which are numbers');
  });
  const rows = await query(
    'items retried',
    `UPDATE sync_items
        SET sync_status = 'pending', retry_at = NULL, rules_hash = NULL, content_hash = NULL
      WHERE source_id = $1 AND sync_status = ANY($2::text[]) AND ($3::bigint[] IS NULL OR id = ANY($3::bigint[]))
     RETURNING id`,
    [source.source_id, ids === undefined ? RETRIED.slice(0, 2) : RETRIED, ids ?? null],
  );
  if (rows.length === 0) return { retried: 0, syncJobId: null };
  return { retried: rows.length, syncJobId: await startSync(query, actor, source.source_id) };
}
