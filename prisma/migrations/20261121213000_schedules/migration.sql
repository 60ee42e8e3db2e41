-- safe: a table, a column without a value, and a rule less.

-- AlterTable
ALTER TABLE "scheduled_syncs" ADD COLUMN     "origin" TEXT;

-- CreateTable
CREATE TABLE "schedule_runs" (
    "id" BIGSERIAL NOT NULL,
    "run_id" UUID NOT NULL,
    "schedule_id" UUID NOT NULL,
    "schedule_name" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "is_shared" BOOLEAN NOT NULL DEFAULT false,
    "source_id" UUID,
    "job_kind" TEXT NOT NULL,
    "job_id" UUID,
    "due_at" TIMESTAMPTZ(3),
    "fired_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "status" TEXT NOT NULL DEFAULT 'queued',
    "error" JSONB,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "schedule_runs_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "schedule_runs_run_id_key" ON "schedule_runs"("run_id");

-- CreateIndex
CREATE INDEX "schedule_runs_schedule_id_fired_at_run_id_idx" ON "schedule_runs"("schedule_id", "fired_at" DESC, "run_id");

-- CreateIndex
CREATE INDEX "schedule_runs_fired_at_run_id_idx" ON "schedule_runs"("fired_at" DESC, "run_id");

-- CreateIndex
CREATE INDEX "schedule_runs_job_id_idx" ON "schedule_runs"("job_id");

ALTER TABLE schedule_runs
  ADD CONSTRAINT schedule_runs_status_check CHECK (status IN ('queued', 'running', 'completed', 'failed', 'cancelled', 'skipped'));

-- A sync without a source is of every source that the schedule's owner may sync.
ALTER TABLE scheduled_syncs
  DROP CONSTRAINT scheduled_syncs_source_check,
  ADD CONSTRAINT scheduled_syncs_source_check CHECK (job_kind = 'sync' OR source_id IS NULL),
  ADD CONSTRAINT scheduled_syncs_origin_check CHECK (origin IN ('sync_frequency', 'ready_made'));
-- What a source keeps itself is one schedule, and asking for the ready-made ones again makes no others.
CREATE UNIQUE INDEX scheduled_syncs_sync_frequency_key ON scheduled_syncs (source_id) WHERE origin = 'sync_frequency';
CREATE UNIQUE INDEX scheduled_syncs_ready_made_key ON scheduled_syncs (owner_id, name) WHERE origin = 'ready_made';

CALL own_table('schedule_runs', 'select,insert');
GRANT USAGE, SELECT ON SEQUENCE schedule_runs_id_seq TO cairn_app;

-- A turn of a schedule goes as its job goes, in whichever process that runs and whoever ends it.
CREATE FUNCTION follow_job_of_schedule() RETURNS trigger
  LANGUAGE plpgsql AS $$
DECLARE
  owner CONSTANT text := current_setting('cairn.owner', true);
BEGIN
  PERFORM set_config('cairn.owner', '*', true);
  UPDATE schedule_runs
     SET status = NEW.status, error = NEW.error, finished_at = NEW.finished_at
   WHERE job_id = NEW.job_id AND finished_at IS NULL;
  PERFORM set_config('cairn.owner', coalesce(owner, ''), true);
  RETURN NULL;
END;
$$;
CREATE TRIGGER follow_job_of_schedule AFTER UPDATE OF status ON jobs FOR EACH ROW
  WHEN (NEW.kind IN ('sync', 'scheduled-export', 'clean-up') AND OLD.status <> NEW.status) EXECUTE FUNCTION follow_job_of_schedule();
