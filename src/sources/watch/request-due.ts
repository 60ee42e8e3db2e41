/** A source that is due gets its sync. */
import { writeSession } from '../../database/session.ts';
import { HOUSEKEEPER } from '../../kernel/actor.ts';
import type { SourcesHouse } from '../sources-house.ts';
import { requestSync } from '../sync/request-sync.ts';
import { readSource } from '../sync/source.ts';

/** Who asks, as the line of the sync tells it. */
const WATCHER = 'schedule:watcher';

/** Asks for a sync of the source if it is still due; of several processes one does. */
export async function requestDue({ database }: Pick<SourcesHouse, 'database'>, sourceId: string): Promise<void> {
  await writeSession(database.write, HOUSEKEEPER, async ({ query }) => {
    // Taken now: what is said from here on asks for another one, and a sync that fails is not begun again and again.
    const taken = await query(
      'source due taken',
      `UPDATE source_states
          SET dirty_at = NULL, next_attempt_at = CASE WHEN next_attempt_at > now() THEN next_attempt_at END
        WHERE source_id = $1 AND (dirty_at IS NOT NULL OR next_attempt_at <= now())
       RETURNING id`,
      [sourceId],
    );
    const source = taken.length === 0 ? undefined : await readSource(query, sourceId);
    if (source?.is_active !== true) return;
    await requestSync(query, source, { type: 'incremental', requestedBy: WATCHER });
  });
}
