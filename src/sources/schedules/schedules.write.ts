/** Schedules as people make, change and delete them. Times are the database's: two machines need not agree on theirs. */
import type { Query } from '../../database/session.ts';
import { type Actor, ownerOf } from '../../kernel/actor.ts';
import { AppError } from '../../kernel/errors.ts';
import { uuidv7 } from '../../kernel/uuid.ts';
import { lockSource } from '../lock-source.ts';
import {
  checkedArguments,
  mayChangeOthers,
  requireScheduling,
  type ScheduleArguments,
  scheduledKind,
} from './arguments.ts';
import { REQUESTER_COLUMNS, requesterValues } from './requester.ts';
import { type AskedTiming, checkedTiming, nextRun, type Timing } from './timing.ts';

export interface NewSchedule {
  readonly name: string;
  /** sync, export, clean-up */
  readonly jobKind: string;
  /** Of a sync; every source that the schedule's owner may sync unless given. */
  readonly sourceId?: string | null | undefined;
  readonly arguments?: ScheduleArguments | null | undefined;
  readonly timing: Timing;
  readonly isActive?: boolean | undefined;
  readonly origin?: 'sync_frequency' | 'ready_made' | undefined;
}

export interface SchedulePatch extends AskedTiming {
  readonly name?: string | null | undefined;
  readonly arguments?: ScheduleArguments | null | undefined;
  readonly isActive?: boolean | null | undefined;
}

export interface ScheduleRow extends Timing {
  readonly schedule_id: string;
  readonly name: string;
  readonly source_id: string | null;
  readonly owner_id: string;
  readonly is_shared: boolean;
  readonly job_kind: string;
  readonly arguments: ScheduleArguments;
  readonly is_active: boolean;
  readonly next_run_at: Date | null;
  readonly origin: string | null;
  readonly version: number;
  readonly actor: string;
  readonly actor_kind: string;
  readonly role: string;
  readonly scopes: readonly string[] | null;
  readonly credential_kind: string | null;
  readonly credential_id: string | null;
  readonly user_id: string | null;
  /** When it was read. */
  readonly now: Date;
}

/** The columns of a {@link ScheduleRow}, of the alias `s`. */
export const SCHEDULE_COLUMNS = `s.schedule_id, s.name, s.source_id, s.owner_id, s.is_shared, s.job_kind, s.arguments, s.frequency, s.cron,
       s.time_zone, s.interval_seconds, s.is_active, s.next_run_at, s.origin, s.version,
       ${REQUESTER_COLUMNS.replaceAll(/\w+/g, 's.$&')}, now() AS now`;

/**
 * Makes a schedule that works with the actor's rights; returns its key. Of the ready-made ones and those that sources keep there
 * is one of each, and asking again changes nothing: undefined then.
 * @throws AppError BAD_USER_INPUT, FORBIDDEN, NOT_FOUND for a source that the actor may not see
 */
export async function addSchedule(query: Query, actor: Actor, wanted: NewSchedule): Promise<string | undefined> {
  const { name, timing, sourceId = null, isActive = true, origin = null } = wanted;
  const kind = scheduledKind(wanted.jobKind);
  requireScheduling(actor, kind);
  if (sourceId !== null && kind !== 'sync' && kind !== 'write-back')
    throw new AppError('BAD_USER_INPUT', '`sourceId` is of a sync or a write-back', { path: 'sourceId' });
  if (sourceId === null && kind === 'write-back')
    throw new AppError('BAD_USER_INPUT', '`sourceId` is missing: the source to write into', { path: 'sourceId' });
  const args = checkedArguments(kind, wanted.arguments ?? {});
  // What is written goes over people's files: it is for those who may change the source.
  if (kind === 'write-back' && sourceId !== null) await lockSource(query, actor, sourceId);
  const place = await placeOf(query, actor, sourceId);
  const [made] = await query<{ schedule_id: string }>(
    'schedule add',
    `INSERT INTO scheduled_syncs (schedule_id, name, source_id, owner_id, is_shared, job_kind, arguments, frequency, cron,
                                  time_zone, interval_seconds, is_active, next_run_at, origin, ${REQUESTER_COLUMNS})
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
     ON CONFLICT DO NOTHING
     RETURNING schedule_id`,
    [
      uuidv7(),
      checkedName(name),
      sourceId,
      place.owner_id,
      place.is_shared,
      kind,
      JSON.stringify(args),
      timing.frequency,
      timing.cron,
      timing.time_zone,
      timing.interval_seconds,
      isActive,
      isActive ? nextRun(timing, place.now) : null,
      origin,
      ...requesterValues(actor),
    ],
  );
  return made?.schedule_id;
}

interface Place {
  readonly owner_id: string;
  readonly is_shared: boolean;
  readonly now: Date;
}

/** Whose rows the schedule of a source is among: its source's owner's. */
async function placeOf(query: Query, actor: Actor, sourceId: string | null): Promise<Place> {
  const [found] = await query<Place & Record<string, unknown>>(
    'schedule place',
    sourceId === null
      ? 'SELECT $1 AS owner_id, false AS is_shared, now() AS now'
      : 'SELECT owner_id, is_shared, now() AS now FROM data_sources WHERE source_id::text = $1',
    [sourceId ?? ownerOf(actor)],
  );
  if (found !== undefined) return found;
  throw new AppError('NOT_FOUND', 'There is no source with this id', { path: 'sourceId' });
}

/**
 * Changes a schedule; what the patch leaves out stays. Whoever gives it another time has it work from then on.
 * @throws AppError NOT_FOUND, FORBIDDEN, BAD_USER_INPUT; CONFLICT when its version is not `ifVersion`
 */
export async function changeSchedule(
  query: Query,
  actor: Actor,
  scheduleId: string,
  patch: SchedulePatch,
  ifVersion?: number | null,
): Promise<void> {
  const row = await lockSchedule(query, actor, scheduleId);
  if (ifVersion != null && row.version !== ifVersion) {
    throw new AppError('CONFLICT', `The schedule has version ${row.version} by now`, {
      path: 'ifVersion',
      hint: 'Read it again, and change what it is now.',
    });
  }
  const { cron, timeZone, intervalSeconds } = patch;
  const isTimed = cron !== undefined || timeZone !== undefined || intervalSeconds !== undefined;
  const timing = isTimed ? checkedTiming(mergedTiming(row, patch)) : row;
  const isActive = patch.isActive ?? row.is_active;
  const args = patch.arguments == null ? row.arguments : checkedArguments(scheduledKind(row.job_kind), patch.arguments);
  // One that goes on keeps its beat.
  const next = isActive ? (isTimed || !row.is_active ? nextRun(timing, row.now) : row.next_run_at) : null;
  await query(
    'schedule change',
    `UPDATE scheduled_syncs
        SET name = $2, arguments = $3, frequency = $4, cron = $5, time_zone = $6, interval_seconds = $7, is_active = $8,
            next_run_at = $9
      WHERE schedule_id = $1`,
    [
      row.schedule_id,
      patch.name == null ? row.name : checkedName(patch.name),
      JSON.stringify(args),
      timing.frequency,
      timing.cron,
      timing.time_zone,
      timing.interval_seconds,
      isActive,
      next,
    ],
  );
}

/** What is left out stays; a cron takes the place of an interval, and the other way round. */
function mergedTiming(row: Timing, { cron, timeZone, intervalSeconds }: AskedTiming): AskedTiming {
  return {
    timeZone: timeZone ?? row.time_zone,
    cron: cron === undefined && intervalSeconds == null ? row.cron : cron,
    intervalSeconds: intervalSeconds === undefined && cron == null ? row.interval_seconds : intervalSeconds,
  };
}

/** Deletes a schedule; what came of it is kept. @throws AppError NOT_FOUND, FORBIDDEN */
export async function removeSchedule(query: Query, actor: Actor, scheduleId: string): Promise<ScheduleRow> {
  const row = await lockSchedule(query, actor, scheduleId);
  if (row.origin === 'sync_frequency') {
    throw new AppError('BAD_USER_INPUT', 'Its source keeps this schedule', {
      path: 'scheduleId',
      hint: 'Set the source’s syncFrequency to manual.',
    });
  }
  await query('schedule remove', 'DELETE FROM scheduled_syncs WHERE schedule_id = $1', [row.schedule_id]);
  return row;
}

/** The row, locked until the transaction ends. @throws AppError NOT_FOUND; FORBIDDEN for another's that one sees */
export async function lockSchedule(query: Query, actor: Actor, scheduleId: string): Promise<ScheduleRow> {
  const [row] = await query<ScheduleRow & Record<string, unknown>>(
    'schedule lock',
    `SELECT ${SCHEDULE_COLUMNS} FROM scheduled_syncs s WHERE s.schedule_id::text = $1 FOR UPDATE`,
    [scheduleId],
  );
  if (row === undefined) throw new AppError('NOT_FOUND', 'There is no schedule with this id', { path: 'scheduleId' });
  requireScheduling(actor, scheduledKind(row.job_kind));
  if (row.owner_id === ownerOf(actor) || row.actor === actor.label || mayChangeOthers(actor)) return row;
  throw new AppError('FORBIDDEN', 'This schedule is somebody else’s', { hint: 'Ask its owner or an administrator.' });
}

function checkedName(name: string): string {
  const text = name.trim();
  if (text.length >= 1 && text.length <= 200) return text;
  throw new AppError('BAD_USER_INPUT', 'A name has 1 to 200 characters', { path: 'name' });
}
