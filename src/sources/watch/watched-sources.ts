/** Which sources there are to watch, and what is due of them. */
import type { Query } from '../../database/session.ts';

export interface WatchedSource {
  readonly source_id: string;
  readonly owner_id: string;
  readonly name: string;
  readonly source_type: string;
  readonly config: unknown;
  /** Changes with everything that people set. */
  readonly version: number;
  /** Whether it has been read once: before that there is nothing to wait from. */
  readonly has_cursor: boolean;
  /** Said to have changed, or with items that are to be tried again by now. */
  readonly due: boolean;
  /** Whether a sync waits or runs. */
  readonly busy: boolean;
  readonly has_hook: boolean;
  readonly hook_expires_at: Date | null;
}

/** The active sources that can be reached, asked every few seconds by every worker. */
export function watchedSources(query: Query): Promise<WatchedSource[]> {
  return query<WatchedSource & Record<string, unknown>>(
    'watched sources',
    `SELECT d.source_id, d.owner_id, d.name, d.source_type, d.config, d.version,
            s.cursor IS NOT NULL AS has_cursor, s.hook_state IS NOT NULL AS has_hook, s.hook_expires_at,
            coalesce(s.dirty_at IS NOT NULL OR s.next_attempt_at <= now(), false) AS due,
            EXISTS (SELECT FROM jobs j
                     WHERE j.kind = 'sync' AND j.singleton = d.source_id::text AND j.status IN ('queued', 'running')) AS busy
       FROM data_sources d
       LEFT JOIN source_states s ON s.source_id = d.source_id
      WHERE d.is_active AND d.connection_status = 'connected'
      ORDER BY d.source_id`,
  );
}
