/** A source that is due gets its sync. */
import { writeSession } from '../../database/session.ts';
import { HOUSEKEEPER } from '../../kernel/actor.ts';
import type { SourcesHouse } from '../sources-house.ts';
import { requestSync } from '../sync/request-sync.ts';

/** Who asks, as the line of the sync tells it. */
const WATCHER = 'schedule:watcher';

/** Asks for a sync of the source if it is still due; of several processes one does. */
export async function requestDue({ database }: Pick<SourcesHouse, 'database'>, sourceId: string): Promise<void> {
  await writeSession(database.write, HOUSEKEEPER, async ({ query }) => {
    // Before its state, as whoever changes a source takes them.
    const [source] = await query<{ source_id: string; is_active: boolean }>(
      'source due',
      'SELECT source_id, is_active FROM data_sources WHERE source_id = $1 FOR KEY SHARE',
      [sourceId],
    );
    if (source === undefined) return;
    // Taken now: what is said from here on asks for another one, and a sync that fails is not begun again and again.
    const taken = await query(
      'source due taken',
      `UPDATE source_states
          SET dirty_at = NULL, next_attempt_at = CASE WHEN next_attempt_at > now() THEN next_attempt_at END
        WHERE source_id = $1 AND (dirty_at IS NOT NULL OR next_attempt_at <= now())
       RETURNING id`,
      [sourceId],
    );
    if (taken.length === 0 || !source.is_active) return;
    await requestSync(query, source, { type: 'incremental', requestedBy: WATCHER });
  });
}
