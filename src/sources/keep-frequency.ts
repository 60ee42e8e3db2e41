/** The schedule that a source keeps itself, as its `sync_frequency` says. */
import type { Query } from '../database/session.ts';
import type { Actor } from '../kernel/actor.ts';
import { addSchedule } from './schedules/schedules.write.ts';
import { timingOf } from './schedules/sync-frequency.ts';

/**
 * Makes it, changes its time, or takes it away. Where the words ask for what it does already, it keeps its beat.
 * @throws AppError BAD_USER_INPUT for words that are no frequency
 */
export async function keepFrequency(
  query: Query,
  actor: Actor,
  { sourceId, name, words }: { readonly sourceId: string; readonly name: string; readonly words: string | null },
): Promise<void> {
  const timing = timingOf(words);
  const [kept] = await query<{ cron: string | null; interval_seconds: number | null }>(
    'schedule of a source',
    "SELECT cron, interval_seconds FROM scheduled_syncs WHERE source_id = $1 AND origin = 'sync_frequency' FOR UPDATE",
    [sourceId],
  );
  const isSame = kept?.cron === timing?.cron && kept?.interval_seconds === timing?.interval_seconds;
  if (kept !== undefined && timing !== null && isSame) return;
  await query(
    'schedule of a source gone',
    "DELETE FROM scheduled_syncs WHERE source_id = $1 AND origin = 'sync_frequency'",
    [sourceId],
  );
  if (timing === null) return;
  await addSchedule(query, actor, {
    name: `Sync of ${name}`.slice(0, 200),
    jobKind: 'sync',
    sourceId,
    timing,
    origin: 'sync_frequency',
  });
}
