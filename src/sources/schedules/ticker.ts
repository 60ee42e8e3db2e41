/**
 * What makes schedules go: each one that is due is taken once, by whichever worker comes first, with the database's clock. What
 * was missed while no worker ran is made up for once, however often it was due.
 */
import type pg from 'pg';
import { writeSession } from '../../database/session.ts';
import { HOUSEKEEPER } from '../../kernel/actor.ts';
import { crashPoint } from '../../kernel/crash-point.ts';

/** In one look: what is left is taken at the next, a few seconds later. */
const MOST = 200;

/** Fires what is due; returns how many schedules that were. */
export async function fireDue(pool: pg.Pool): Promise<number> {
  if (!(await isAnyDue(pool))) return 0;
  // Only where something is due: a start needs neither cron nor connectors.
  const { takeDue } = await import('./take-due.ts');
  let fired = 0;
  while (fired < MOST && (await takeDue(pool))) {
    crashPoint('schedule.fired');
    fired += 1;
  }
  return fired;
}

async function isAnyDue(pool: pg.Pool): Promise<boolean> {
  const [found] = await writeSession(pool, HOUSEKEEPER, ({ query }) =>
    query<{ is_due: boolean }>(
      'schedules due',
      'SELECT EXISTS (SELECT FROM scheduled_syncs WHERE is_active AND next_run_at <= now()) AS is_due',
    ),
  );
  return found?.is_due === true;
}
