/** What is kept of syncs, schedules and webhooks grows for ever unless somebody forgets the old of it. */
import { forgetOld, type OldRows } from '../database/forget-old.ts';
import type { Query } from '../database/session.ts';

const OLD: readonly OldRows[] = [
  {
    // The latest sync of a source stays, however old.
    table: 'sync_jobs',
    isOld: `status NOT IN ('queued', 'running', 'waiting') AND created_at < now() - make_interval(days => $1)
            AND EXISTS (SELECT FROM sync_jobs later
                         WHERE later.source_id = sync_jobs.source_id
                           AND (later.created_at, later.id) > (sync_jobs.created_at, sync_jobs.id))`,
  },
  { table: 'schedule_runs', isOld: 'finished_at IS NOT NULL AND fired_at < now() - make_interval(days => $1)' },
  { table: 'webhook_deliveries', isOld: `status <> 'pending' AND created_at < now() - make_interval(days => $1)` },
  // Nobody comes back with one that has ended, whenever that was.
  { table: 'oauth_states', isOld: 'expires_at < now() AND $1 >= 0' },
];

/** Forgets what ended more than `days` ago; returns how many rows of each table that were. The transaction acts for all owners. */
export const forgetRuns = (query: Query, days: number): Promise<Readonly<Record<string, number>>> =>
  forgetOld(query, OLD, days);
