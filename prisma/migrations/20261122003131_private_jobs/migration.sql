-- safe: columns that may be empty, and one more kind of schedule

-- AlterTable
ALTER TABLE "exports" ADD COLUMN     "private_to" TEXT;

-- AlterTable
ALTER TABLE "jobs" ADD COLUMN     "private_to" TEXT;

-- AlterTable
ALTER TABLE "source_states" ADD COLUMN     "hook_held_at" TIMESTAMPTZ(3);

-- What was asked for before: the jobs of private sources are their owner's, and the lines of exports that may hold private rows
-- of whoever asked for them, which is what '' leaves. The rows of every owner have to be seen for it.
SELECT set_config('cairn.owner', '*', true);
UPDATE jobs j
   SET private_to = coalesce(
         (SELECT s.owner_id FROM sync_jobs s WHERE s.sync_job_id = j.job_id),
         (SELECT w.owner_id FROM write_backs w WHERE w.write_back_id::text = j.arguments ->> 'writeBackId'), '')
 WHERE j.kind = 'sync' AND NOT EXISTS (SELECT FROM sync_jobs s WHERE s.sync_job_id = j.job_id AND s.is_shared)
    OR j.kind = 'write-back'
       AND NOT EXISTS (SELECT FROM write_backs w
                        WHERE w.write_back_id::text = j.arguments ->> 'writeBackId' AND w.is_shared);
UPDATE exports
   SET private_to = ''
 WHERE source IN (
   'documents', 'dataSources', 'data_sources', 'syncItems', 'sync_items', 'syncJobs', 'sync_jobs', 'schedules', 'scheduled_syncs',
   'scheduleRuns', 'schedule_runs', 'transformations', 'etl_transformations', 'webhooks', 'webhook_endpoints',
   'webhookDeliveries', 'webhook_deliveries', 'writeBacks', 'write_backs', 'changes', 'change_log');
UPDATE jobs j SET private_to = '' FROM exports e WHERE e.job_id = j.job_id AND e.private_to = '';

ALTER TABLE scheduled_syncs
  DROP CONSTRAINT scheduled_syncs_job_kind_check,
  ADD CONSTRAINT scheduled_syncs_job_kind_check CHECK (job_kind IN ('sync', 'export', 'clean-up', 'write-back')),
  DROP CONSTRAINT scheduled_syncs_source_check,
  ADD CONSTRAINT scheduled_syncs_source_check CHECK (
    CASE job_kind WHEN 'sync' THEN true WHEN 'write-back' THEN source_id IS NOT NULL ELSE source_id IS NULL END
  );

-- The log of files is everybody's who may read it: of exports of private rows it tells nothing.
CREATE OR REPLACE VIEW file_sync_log WITH (security_invoker = true) AS
SELECT import_id AS sync_id,
       path AS file_path,
       'import'::text AS sync_type,
       CASE status WHEN 'running' THEN 'pending' WHEN 'failed' THEN 'failed' ELSE 'success' END AS sync_status,
       file_hash,
       coalesce(finished_at, started_at) AS synced_at,
       error ->> 'message' AS error_message
  FROM imports
UNION ALL
SELECT export_id,
       path,
       'export'::text,
       CASE status WHEN 'running' THEN 'pending' WHEN 'completed' THEN 'success' ELSE 'failed' END,
       file_hash,
       coalesce(finished_at, started_at),
       error ->> 'message'
  FROM exports
 WHERE private_to IS NULL OR private_to = (SELECT cairn_owner()) OR (SELECT cairn_owner()) = '*';
