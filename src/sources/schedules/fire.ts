/** A turn of a schedule: the jobs that it asks for, and the lines that say what came of them. */
import type { Query } from '../../database/session.ts';
import { enqueueJob } from '../../jobs/enqueue.ts';
import { asAppError } from '../../kernel/errors.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import { requestSync } from '../sync/request-sync.ts';
import { readSource, type SyncSource } from '../sync/source.ts';
import { SYNC_JOB_TYPES } from '../vocabulary.ts';
import { requestWriteBack } from '../write-back/request-write-back.ts';
import { checkedArguments, scheduledKind } from './arguments.ts';
import { requesterOf } from './requester.ts';
import type { ScheduleRow } from './schedules.write.ts';

/** The kinds of jobs that schedules ask for beside syncs. */
export const SCHEDULED_EXPORT = 'scheduled-export';
export const CLEAN_UP = 'clean-up';

export interface Turn {
  /** Null where nothing was asked for. */
  readonly jobId: string | null;
  readonly sourceId: string | null;
  readonly skipped?: string;
}

/**
 * Asks for what the schedule says, within a transaction of somebody who may write its rows. `dueAt` is null where a person asks.
 * @throws AppError as asking for the jobs does
 */
export async function fireSchedule(query: Query, row: ScheduleRow, dueAt: Date | null): Promise<readonly Turn[]> {
  const turns = await ask(query, row);
  for (const { jobId, sourceId, skipped } of turns) {
    const error = skipped === undefined ? null : { code: 'CONFLICT', message: skipped, hint: null };
    await noteTurn(query, row, { dueAt, jobId, sourceId, status: error === null ? 'queued' : 'skipped', error });
  }
  await query(
    'schedule fired',
    'UPDATE scheduled_syncs SET last_run_at = now(), last_job_id = coalesce($2, last_job_id) WHERE schedule_id = $1',
    [row.schedule_id, turns.findLast(({ jobId }) => jobId !== null)?.jobId ?? null],
  );
  return turns;
}

/** Notes a turn that could not even ask. */
export async function noteFault(query: Query, row: ScheduleRow, dueAt: Date | null, thrown: unknown): Promise<void> {
  const { kind, code, message, hint } = asAppError(thrown);
  const error =
    kind === 'bug'
      ? { code, message: 'It failed for a reason that is ours', hint: null }
      : { code, message, hint: hint ?? null };
  await noteTurn(query, row, { dueAt, jobId: null, sourceId: row.source_id, status: 'failed', error });
}

interface TurnLine {
  readonly dueAt: Date | null;
  readonly jobId: string | null;
  readonly sourceId: string | null;
  readonly status: 'queued' | 'skipped' | 'failed';
  readonly error: object | null;
}

async function noteTurn(query: Query, row: ScheduleRow, line: TurnLine): Promise<void> {
  const { dueAt, jobId, sourceId, status, error } = line;
  await query(
    'schedule turn',
    `INSERT INTO schedule_runs (run_id, schedule_id, schedule_name, owner_id, is_shared, source_id, job_kind, job_id, due_at,
                                status, error, finished_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, CASE $10 WHEN 'queued' THEN NULL ELSE now() END)`,
    [
      uuidv7(),
      row.schedule_id,
      row.name,
      row.owner_id,
      row.is_shared,
      sourceId,
      row.job_kind,
      jobId,
      dueAt,
      status,
      error === null ? null : JSON.stringify(error),
    ],
  );
}

async function ask(query: Query, row: ScheduleRow): Promise<Turn[]> {
  const kind = scheduledKind(row.job_kind);
  const given = checkedArguments(kind, row.arguments);
  if (kind === 'sync') return askSyncs(query, row, given);
  if (kind === 'write-back') return askWriteBacks(query, row, given);
  const jobId = await enqueueJob(query, {
    kind: kind === 'export' ? SCHEDULED_EXPORT : CLEAN_UP,
    arguments: given,
    actor: requesterOf(row),
    // A turn that is due while the one before still waits or runs has nothing to add.
    singleton: row.schedule_id,
    // It names what its owner alone may have saved.
    privateTo: kind === 'export' ? row.owner_id : undefined,
  });
  return [{ jobId, sourceId: null }];
}

/** Those of the source that are not paused, or the one that is named. */
async function askWriteBacks(
  query: Query,
  { source_id: sourceId }: ScheduleRow,
  { writeBackId }: Readonly<Record<string, unknown>>,
): Promise<Turn[]> {
  const found = await query<{ write_back_id: string }>(
    'schedule write-backs',
    `SELECT write_back_id
       FROM write_backs
      WHERE source_id = $1 AND is_active AND ($2::uuid IS NULL OR write_back_id = $2)
      ORDER BY id`,
    [sourceId, writeBackId ?? null],
  );
  const turns: Turn[] = [];
  for (const one of found) turns.push({ jobId: await requestWriteBack(query, one.write_back_id), sourceId });
  return turns.length > 0 ? turns : [{ jobId: null, sourceId, skipped: 'There is no write-back to do' }];
}

/** What cannot be synced before somebody has done something. */
const CLOSED = "('needs_reauth', 'disconnected', 'pending')";

async function askSyncs(query: Query, row: ScheduleRow, given: Readonly<Record<string, unknown>>): Promise<Turn[]> {
  const found = await query<{ source_id: string }>(
    'schedule sources',
    row.source_id === null
      ? `SELECT source_id FROM data_sources
          WHERE (owner_id = $1 OR is_shared) AND is_active AND connection_status NOT IN ${CLOSED}
          ORDER BY source_id`
      : 'SELECT source_id FROM data_sources WHERE source_id = $1',
    [row.source_id ?? row.owner_id],
  );
  const turns: Turn[] = [];
  for (const { source_id: sourceId } of found) {
    const source = await readSource(query, sourceId);
    if (source !== undefined) turns.push(await askSync(query, row, source, given));
  }
  return turns.length > 0 ? turns : [{ jobId: null, sourceId: row.source_id, skipped: 'There is no source to sync' }];
}

async function askSync(
  query: Query,
  row: ScheduleRow,
  source: SyncSource,
  given: Readonly<Record<string, unknown>>,
): Promise<Turn> {
  const { source_id: sourceId, connection_status: status } = source;
  if (!source.is_active) return { jobId: null, sourceId, skipped: 'The source is paused' };
  if (status === 'needs_reauth' || status === 'disconnected')
    return {
      jobId: null,
      sourceId,
      skipped: `The source is ${status === 'disconnected' ? status : 'to be signed in to again'}`,
    };
  const type = SYNC_JOB_TYPES.find((known) => known === given['type']) ?? 'incremental';
  const priority = Number(given['priority']);
  const jobId = await requestSync(query, source, { type, priority, requestedBy: `schedule:${row.name}` });
  return { jobId, sourceId };
}
