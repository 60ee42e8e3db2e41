import type pg from 'pg';
import { type Query, writeSession } from '../../database/session.ts';
import { HOUSEKEEPER } from '../../kernel/actor.ts';
import { crashPoint } from '../../kernel/crash-point.ts';
import { asAppError } from '../../kernel/errors.ts';
import { fireSchedule, noteFault } from './fire.ts';
import { SCHEDULE_COLUMNS, type ScheduleRow } from './schedules.write.ts';
import { nextRun } from './timing.ts';

/**
 * Takes one schedule that is due and asks for its jobs, all in one transaction; false where none is. One that cannot ask is
 * noted as failed and due again at its next time: it must not hold up the others, nor be tried without end.
 * @throws AppError DATABASE_BUSY, DATABASE_UNREACHABLE: then nothing was written
 */
export async function takeDue(pool: pg.Pool): Promise<boolean> {
  let taken: ScheduleRow | undefined;
  try {
    await writeSession(pool, HOUSEKEEPER, async ({ query }) => {
      taken = await lockDue(query);
      if (taken === undefined) return;
      await moveOn(query, taken);
      await fireSchedule(query, taken, taken.next_run_at);
      crashPoint('schedule.before-commit');
    });
    return taken !== undefined;
  } catch (thrown) {
    const row = taken;
    if (row === undefined || asAppError(thrown).kind === 'transient') throw thrown;
    await writeSession(pool, HOUSEKEEPER, async ({ query }) => {
      // Another worker may have taken it meanwhile, or somebody changed it.
      const again = await lockDue(query, row.schedule_id);
      if (again === undefined) return;
      await moveOn(query, again);
      await noteFault(query, again, again.next_run_at, thrown);
    });
    return true;
  }
}

async function lockDue(query: Query, only: string | null = null): Promise<ScheduleRow | undefined> {
  const [row] = await query<ScheduleRow & Record<string, unknown>>(
    'schedule due',
    `SELECT ${SCHEDULE_COLUMNS}
       FROM scheduled_syncs s
      WHERE s.is_active AND s.next_run_at <= now() AND ($1::uuid IS NULL OR s.schedule_id = $1::uuid)
      ORDER BY s.next_run_at, s.id
      LIMIT 1
        FOR UPDATE SKIP LOCKED`,
    [only],
  );
  return row;
}

async function moveOn(query: Query, row: ScheduleRow): Promise<void> {
  const next = nextRun(row, row.now, row.next_run_at ?? row.now);
  await query('schedule moved on', 'UPDATE scheduled_syncs SET next_run_at = $2 WHERE schedule_id = $1', [
    row.schedule_id,
    next,
  ]);
}
