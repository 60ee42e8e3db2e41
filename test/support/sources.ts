/** Sources by SQL, as the hub's own unless said otherwise. */
import type pg from 'pg';
import { uuidv7 } from '../../src/kernel/uuid.ts';
import { insertRows } from './research.ts';

/** A source that is connected; returns its key. */
export async function seedSource(owner: pg.Pool, given: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const sourceId = uuidv7();
  await insertRows(owner, 'data_sources', [
    {
      source_id: sourceId,
      name: `Source ${sourceId}`,
      source_type: 'folder',
      connection_status: 'connected',
      config: {},
      rules: [],
      total_items_synced: 0,
      is_active: true,
      is_shared: false,
      delete_guard: 25,
      owner_id: 'hub',
      owner_label: 'command:test',
      owner_role: 'admin',
      created_at: 'now',
      updated_at: 'now',
      version: 1,
      ...given,
    },
  ]);
  return sourceId;
}

/** Forgets all sources, what was found in them, schedules and jobs. */
export async function clearSources(owner: pg.Pool): Promise<void> {
  await owner.query('TRUNCATE data_sources, scheduled_syncs, schedule_runs, jobs CASCADE');
}
