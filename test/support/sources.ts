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

/** Of each source `count` failed items, each with a document; a sync that ended, and a schedule with a turn. */
export async function seedSourceRows(
  owner: pg.Pool,
  sources: string | readonly string[],
  count: number,
): Promise<void> {
  const keys = [sources].flat();
  const of = 'FROM data_sources d WHERE d.source_id = ANY($1::uuid[])';
  const each = 'FROM data_sources d, generate_series(1, $2::integer) n WHERE d.source_id = ANY($1::uuid[])';
  await owner.query(
    `INSERT INTO documents (document_id, source_id, owner_id, is_shared, external_id, title, item_type)
     SELECT gen_random_uuid(), d.source_id, d.owner_id, d.is_shared, 'item ' || n, 'Item ' || n, 'file' ${each}`,
    [keys, count],
  );
  await owner.query(
    `INSERT INTO sync_items (source_id, external_id, owner_id, is_shared, name, item_type, external_version, sync_status, error,
                             local_document_id, last_synced_at)
     SELECT d.source_id, 'item ' || n, d.owner_id, d.is_shared, 'Item ' || n, 'file', 'v1', 'failed',
            '{"code": "FORBIDDEN", "message": "No.", "hint": null}',
            (SELECT document_id FROM documents o WHERE o.source_id = d.source_id AND o.external_id = 'item ' || n), now() ${each}`,
    [keys, count],
  );
  await owner.query(
    `INSERT INTO sync_jobs (sync_job_id, source_id, owner_id, is_shared, job_type, status, requested_by, started_at, completed_at)
     SELECT gen_random_uuid(), d.source_id, d.owner_id, d.is_shared, 'manual', 'completed', 'command:test',
            now() - interval '1 minute', now() + interval '1 minute' ${of}`,
    [keys],
  );
  await owner.query(
    `WITH made AS (
       INSERT INTO scheduled_syncs (schedule_id, name, source_id, owner_id, is_shared, job_kind, frequency, actor, actor_kind, role)
       SELECT gen_random_uuid(), 'often', d.source_id, d.owner_id, d.is_shared, 'sync', 'manual', 'command:test', 'command', 'admin' ${of}
       RETURNING *)
     INSERT INTO schedule_runs (run_id, schedule_id, schedule_name, owner_id, source_id, job_kind)
     SELECT gen_random_uuid(), schedule_id, name, owner_id, source_id, job_kind FROM made`,
    [keys],
  );
}

/** What the documentation's examples name: a source, its sync, an item of this key, and a turn of a schedule. */
export async function seedSourceExamples(owner: pg.Pool, itemId: number): Promise<void> {
  const key = '019a0b1c-2d3e-7f40-8a51-62738495a6b8';
  await seedSource(owner, { source_id: key, is_active: false });
  await seedSourceRows(owner, key, 1);
  await owner.query('UPDATE sync_items SET id = $1', [itemId]);
  await owner.query('UPDATE schedule_runs SET run_id = $1', [key]);
  await owner.query('UPDATE documents SET document_id = $1', [key.replace(/8$/, '7')]);
  await owner.query("UPDATE sync_jobs SET sync_job_id = $1, status = 'waiting'", [key]);
  await owner.query(
    `WITH made AS (
       INSERT INTO webhook_endpoints (webhook_id, url, sealed_secret, events, owner_id)
       VALUES ($1, 'https://example.org/', 'sealed', '{import.finished}', 'hub') RETURNING *)
     INSERT INTO webhook_deliveries (delivery_id, webhook_id, owner_id, event, payload, status)
     SELECT webhook_id, webhook_id, owner_id, 'import.finished', '{}', 'failed' FROM made`,
    [key],
  );
}
