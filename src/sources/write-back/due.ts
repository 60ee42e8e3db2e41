/** What makes write-backs go by themselves: after edits, at intervals, and once more where a place was not read yet. */
import type pg from 'pg';
import { type Query, writeSession } from '../../database/session.ts';
import { HOUSEKEEPER } from '../../kernel/actor.ts';
import { requestWriteBack } from './request-write-back.ts';

/** In one look: what is left is taken at the next, a few seconds later. */
const MOST = 100;

/** Asks for the jobs of all that are due, whichever worker comes first; returns how many those were. */
export function fireDueWriteBacks(pool: pg.Pool): Promise<number> {
  return writeSession(pool, HOUSEKEEPER, async ({ query }) => {
    const due = await lockDue(query);
    for (const { write_back_id: writeBackId } of due) await requestWriteBack(query, writeBackId);
    return due.length;
  });
}

/** Paused sources, and those that cannot be reached, keep theirs due until they can. */
function lockDue(query: Query): Promise<{ write_back_id: string }[]> {
  return query<{ write_back_id: string }>(
    'write-backs due',
    `SELECT w.write_back_id
       FROM write_backs w
       JOIN data_sources s ON s.source_id = w.source_id
      WHERE w.is_active AND s.is_active AND s.connection_status NOT IN ('needs_reauth', 'disconnected', 'pending')
        AND (w.next_run_at <= now()
             -- What failed, or waits for the place to be read, has a time of its own: an edit is no reason to hurry.
             OR w.timing = 'after_edits' AND (w.next_run_at IS NULL OR w.last_status NOT IN ('failed', 'waiting'))
                AND EXISTS (SELECT FROM change_log c
                             WHERE c.id > coalesce(w.seen_change, 0) AND c.table_name = w.table_name))
        AND NOT EXISTS (SELECT FROM jobs j WHERE j.job_id = w.last_job_id AND j.status IN ('queued', 'running'))
      ORDER BY w.id
      LIMIT ${MOST}
        FOR UPDATE OF w SKIP LOCKED`,
  );
}
