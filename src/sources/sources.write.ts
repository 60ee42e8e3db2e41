/** Sources as people add, change and delete them. */
import type { Query } from '../database/session.ts';
import { cancelJob } from '../jobs/jobs.write.ts';
import { type Actor, HOUSEKEEPER, ownerOf } from '../kernel/actor.ts';
import { AppError } from '../kernel/errors.ts';
import { uuidv7 } from '../kernel/uuid.ts';
import type { Connector } from './connector.ts';
import { showJobs } from './jobs-of-source.ts';
import { keepFrequency } from './keep-frequency.ts';
import { type LockedSource, lockSource } from './lock-source.ts';
import { requesterValues } from './schedules/requester.ts';
import { readSettings } from './settings.ts';
import { checkedGuard, checkedName, checkedRules, type GivenRule } from './source-input.ts';

export interface SourcePatch {
  readonly name?: string | null | undefined;
  /** All of its settings: those that are left out have their defaults. */
  readonly config?: unknown;
  readonly rules?: readonly GivenRule[] | null | undefined;
  /** Null: only when somebody asks. */
  readonly syncFrequency?: string | null | undefined;
  readonly isActive?: boolean | null | undefined;
  readonly isShared?: boolean | null | undefined;
  readonly deleteGuard?: number | null | undefined;
}

export interface NewSource extends SourcePatch {
  readonly name: string;
}

/** What changing sources needs beside a transaction. */
export interface SourceTools {
  /** Names of datasets. */
  readonly datasets: ReadonlySet<string>;
}

/**
 * Adds a source of the actor's own; returns its key. It is pending until the place has been spoken with.
 * @throws AppError BAD_USER_INPUT; CONFLICT for a name that another source of theirs has
 */
export async function addSource(
  query: Query,
  { datasets }: SourceTools,
  actor: Actor,
  connector: Connector,
  wanted: NewSource,
): Promise<string> {
  const sourceId = uuidv7();
  const owner = ownerOf(actor);
  const name = checkedName(wanted.name);
  const [, , role, scopes, credentialKind, credentialId, userId] = requesterValues(actor);
  const [made] = await query<{ source_id: string }>(
    'source add',
    `INSERT INTO data_sources (source_id, name, source_type, config, rules, sync_frequency, is_active, is_shared, delete_guard,
                               owner_id, owner_label, owner_role, owner_scopes, owner_user_id, credential_kind, credential_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
     ON CONFLICT DO NOTHING
     RETURNING source_id`,
    [
      sourceId,
      name,
      connector.id,
      JSON.stringify(readSettings(connector, wanted.config)),
      JSON.stringify(checkedRules(wanted.rules ?? [], datasets)),
      wanted.syncFrequency?.trim() || null,
      wanted.isActive ?? true,
      wanted.isShared ?? false,
      checkedGuard(wanted.deleteGuard ?? 25),
      owner,
      actor.label,
      role,
      scopes,
      userId,
      credentialKind,
      credentialId,
    ],
  );
  if (made === undefined) throw nameTaken(name);
  await keepFrequency(query, actor, { sourceId, name, words: wanted.syncFrequency ?? null });
  return sourceId;
}

/**
 * Changes a source; what the patch leaves out stays. With other settings it is another place to read: the next sync begins anew.
 * @throws AppError NOT_FOUND, FORBIDDEN, BAD_USER_INPUT; CONFLICT for a name that is taken, or another version than `ifVersion`
 */
export async function changeSource(
  query: Query,
  { datasets }: SourceTools,
  actor: Actor,
  {
    sourceId,
    connector,
    patch,
    ifVersion,
  }: {
    readonly sourceId: string;
    /** Of its source_type; undefined where this release knows none: its settings then stay as they are. */
    readonly connector: (type: string) => Connector | undefined;
    readonly patch: SourcePatch;
    readonly ifVersion?: number | null | undefined;
  },
): Promise<void> {
  const row = await lockSource(query, actor, sourceId, ifVersion);
  const name = patch.name == null ? row.name : checkedName(patch.name);
  const known = patch.config == null ? undefined : connector(row.source_type);
  const config = known === undefined ? row.config : readSettings(known, patch.config);
  if (name.toLowerCase() !== row.name.toLowerCase()) await requireFree(query, row, name);
  const frequency = patch.syncFrequency === undefined ? row.sync_frequency : patch.syncFrequency?.trim() || null;
  const turns = patch.isShared != null && patch.isShared !== row.is_shared;
  if (turns) await showJobs(query, row.source_id, patch.isShared ? null : row.owner_id);
  await query(
    'source change',
    `UPDATE data_sources
        SET name = $2, config = $3, rules = $4, sync_frequency = $5, is_active = $6, is_shared = $7, delete_guard = $8
      WHERE source_id = $1`,
    [
      row.source_id,
      name,
      JSON.stringify(config),
      JSON.stringify(patch.rules == null ? row.rules : checkedRules(patch.rules, datasets)),
      frequency,
      patch.isActive ?? row.is_active,
      patch.isShared ?? row.is_shared,
      checkedGuard(patch.deleteGuard ?? row.delete_guard),
    ],
  );
  if (known !== undefined) await beginAnew(query, row.source_id);
  if (turns) {
    await query('source turns shared', 'UPDATE schedule_runs SET is_shared = $2 WHERE source_id = $1', [
      row.source_id,
      patch.isShared,
    ]);
  }
  if (patch.syncFrequency !== undefined) {
    await keepFrequency(query, actor, { sourceId: row.source_id, name, words: frequency });
  }
}

/** Of the settings that it was read with, a cursor says nothing of others. */
const beginAnew = (query: Query, sourceId: string): Promise<unknown> =>
  query(
    'source begins anew',
    'UPDATE source_states SET cursor = NULL, pass = NULL, pass_started_at = NULL WHERE source_id = $1',
    [sourceId],
  );

async function requireFree(
  query: Query,
  { owner_id: owner, source_id: sourceId }: LockedSource,
  name: string,
): Promise<void> {
  const taken = await query(
    'source name taken',
    'SELECT FROM data_sources WHERE owner_id = $1 AND lower(name) = lower($2) AND source_id <> $3',
    [owner, name, sourceId],
  );
  if (taken.length > 0) throw nameTaken(name);
}

const nameTaken = (name: string): AppError =>
  new AppError('CONFLICT', `There is a source ${JSON.stringify(name)} already`, {
    path: 'name',
    hint: 'Give it another name.',
  });

/** What went with a source, and what stays. */
export interface DeletedSource {
  readonly sourceId: string;
  readonly name: string;
  /** Documents that went with it. */
  readonly documents: number;
  /** Items that are forgotten. */
  readonly items: number;
  /** Of them, those whose rows stay in their datasets. */
  readonly rowsKept: number;
}

/**
 * Deletes a source with its items, documents and schedules; ends its syncs. Rows that datasets took from it stay, and the history
 * of what went is kept.
 * @throws AppError NOT_FOUND, FORBIDDEN, CONFLICT
 */
export async function deleteSource(
  query: Query,
  actor: Actor,
  sourceId: string,
  ifVersion?: number | null,
): Promise<DeletedSource> {
  const { source_id: key, name } = await lockSource(query, actor, sourceId, ifVersion);
  await cancelSyncs(query, key);
  const [counted] = await query<{ documents: number; items: number; kept: number }>(
    'source counted',
    `SELECT (SELECT count(*) FROM documents WHERE source_id = $1)::float8 AS documents,
            count(*)::float8 AS items, count(*) FILTER (WHERE dataset IS NOT NULL AND import_id IS NOT NULL)::float8 AS kept
       FROM sync_items
      WHERE source_id = $1`,
    [key],
  );
  await query('source delete', 'DELETE FROM data_sources WHERE source_id = $1', [key]);
  return {
    sourceId: key,
    name,
    documents: counted?.documents ?? 0,
    items: counted?.items ?? 0,
    rowsKept: counted?.kept ?? 0,
  };
}

/** Asks all syncs of a source to end. */
async function cancelSyncs(query: Query, sourceId: string): Promise<void> {
  const open = await query<{ sync_job_id: string }>(
    'source open syncs',
    `SELECT j.sync_job_id
       FROM sync_jobs j
       JOIN jobs ON jobs.job_id = j.sync_job_id AND jobs.status IN ('queued', 'running')
      WHERE j.source_id = $1
      ORDER BY j.id`,
    [sourceId],
  );
  // The job is the source owner's; who may change the source may end it.
  for (const { sync_job_id: jobId } of open) await cancelJob(query, HOUSEKEEPER, jobId);
}
