/** Telling the watchers of all processes that a source is to be looked at. */
import type { Query } from '../../database/session.ts';
import type { SecretOf } from '../connections/source-secrets.ts';

/** The channel on which watchers hear of it. */
export const SOURCES = 'sources';

/** What a source is from now on: `dirty` ones are synced as soon as no other sync of theirs runs; `changed` are looked at again. */
export async function tellWatchers(query: Query, source: SecretOf, what: 'dirty' | 'changed'): Promise<void> {
  if (what === 'dirty') {
    await query(
      'source dirty',
      // Since when, so that many calls one after the other do not put it off.
      `INSERT INTO source_states AS s (source_id, owner_id, dirty_at)
       VALUES ($1, $2, now())
       ON CONFLICT (source_id) DO UPDATE SET dirty_at = coalesce(s.dirty_at, now())`,
      [source.source_id, source.owner_id],
    );
  }
  await query('sources tell', `SELECT pg_notify('${SOURCES}', $1)`, [source.source_id]);
}
