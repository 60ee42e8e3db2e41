/** The schedules of a research team, made by one word: asked for again, nothing changes, not even what was changed since. */
import type { Query } from '../../database/session.ts';
import type { Actor } from '../../kernel/actor.ts';
import { KEPT_DAYS } from './arguments.ts';
import { addSchedule } from './schedules.write.ts';
import { checkedTiming } from './timing.ts';

const READY_MADE = [
  { name: 'Nightly full sync', jobKind: 'sync', arguments: { type: 'full_sync', priority: -1 }, cron: '0 2 * * *' },
  { name: 'Sync every five minutes', jobKind: 'sync', arguments: { type: 'incremental' }, intervalSeconds: 300 },
  { name: 'Hourly exports', jobKind: 'export', arguments: {}, cron: '0 * * * *' },
  { name: 'Weekly log clean-up', jobKind: 'clean-up', arguments: { olderThanDays: KEPT_DAYS }, cron: '0 4 * * 0' },
] as const;

/** Their names, in their order. */
export const READY_MADE_NAMES: readonly string[] = READY_MADE.map(({ name }) => name);

/**
 * Makes those that the actor has not got yet; returns their keys.
 * @throws AppError FORBIDDEN, BAD_USER_INPUT for what is no time zone
 */
export async function addReadyMade(query: Query, actor: Actor, timeZone?: string | null): Promise<string[]> {
  const made: string[] = [];
  for (const { name, jobKind, arguments: given, ...when } of READY_MADE) {
    const timing = checkedTiming({ ...when, timeZone });
    const key = await addSchedule(query, actor, { name, jobKind, arguments: given, timing, origin: 'ready_made' });
    if (key !== undefined) made.push(key);
  }
  return made;
}
