import type { Query } from '../../database/session.ts';
import type { Actor } from '../../kernel/actor.ts';
import { fireSchedule, type Turn } from './fire.ts';
import { lockSchedule } from './schedules.write.ts';

/**
 * Has a schedule ask for its jobs now, paused or not; when it is due next stays.
 * @throws AppError NOT_FOUND, FORBIDDEN
 */
export async function runNow(query: Query, actor: Actor, scheduleId: string): Promise<readonly Turn[]> {
  return fireSchedule(query, await lockSchedule(query, actor, scheduleId), null);
}
