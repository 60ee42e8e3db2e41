-- safe: a new table.

-- CreateTable
CREATE TABLE "write_backs" (
    "id" BIGSERIAL NOT NULL,
    "write_back_id" UUID NOT NULL,
    "source_id" UUID NOT NULL,
    "owner_id" TEXT NOT NULL,
    "is_shared" BOOLEAN NOT NULL,
    "name" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "dataset" TEXT NOT NULL,
    "table_name" TEXT NOT NULL,
    "format" TEXT,
    "request" JSONB NOT NULL DEFAULT '{}',
    "path" TEXT,
    "timing" TEXT NOT NULL DEFAULT 'manual',
    "interval_seconds" INTEGER,
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "next_run_at" TIMESTAMPTZ(3),
    "seen_change" BIGINT,
    "last_job_id" UUID,
    "last_status" TEXT,
    "last_run_at" TIMESTAMPTZ(3),
    "external_id" TEXT,
    "written_version" TEXT,
    "content_hash" TEXT,
    "written_at" TIMESTAMPTZ(3),
    "conflict_path" TEXT,
    "error" JSONB,
    "upload_state" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "write_backs_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "write_backs_write_back_id_key" ON "write_backs"("write_back_id");

-- CreateIndex
CREATE INDEX "write_backs_source_id_id_idx" ON "write_backs"("source_id", "id");

-- CreateIndex
CREATE INDEX "write_backs_created_at_write_back_id_idx" ON "write_backs"("created_at" DESC, "write_back_id");

-- AddForeignKey
ALTER TABLE "write_backs" ADD CONSTRAINT "write_backs_source_id_owner_id_is_shared_fkey" FOREIGN KEY ("source_id", "owner_id", "is_shared") REFERENCES "data_sources"("source_id", "owner_id", "is_shared") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE write_backs
  ADD CONSTRAINT write_backs_name_check CHECK (char_length(name) BETWEEN 1 AND 200),
  ADD CONSTRAINT write_backs_content_check CHECK (content IN ('export', 'rows')),
  ADD CONSTRAINT write_backs_export_check CHECK (content <> 'export' OR (format IS NOT NULL AND path IS NOT NULL)),
  ADD CONSTRAINT write_backs_request_check CHECK (jsonb_typeof(request) = 'object'),
  ADD CONSTRAINT write_backs_path_check CHECK (char_length(path) BETWEEN 1 AND 1500),
  ADD CONSTRAINT write_backs_timing_check CHECK (
    timing IN ('manual', 'after_edits', 'interval') AND (timing = 'interval') = (interval_seconds IS NOT NULL)
  ),
  ADD CONSTRAINT write_backs_interval_seconds_check CHECK (interval_seconds >= 60),
  ADD CONSTRAINT write_backs_last_status_check CHECK (last_status IN ('written', 'unchanged', 'conflict', 'waiting', 'failed'));
-- Two that write one file would take each other's versions for somebody else's.
CREATE UNIQUE INDEX write_backs_path_key ON write_backs (source_id, lower(path)) WHERE content = 'export';
CREATE INDEX write_backs_due_idx ON write_backs (next_run_at) WHERE is_active AND timing <> 'manual';

CALL own_table('write_backs', 'select,insert,update,delete');
GRANT USAGE, SELECT ON SEQUENCE write_backs_id_seq TO cairn_app;

-- What every run says anew is not told, and makes no new version.
CALL audit_table('write_backs', 'write_back_id', 'owner_id,is_shared,next_run_at,seen_change,last_job_id,last_status,last_run_at,external_id,written_version,content_hash,written_at,conflict_path,error,upload_state');
CREATE TRIGGER touch BEFORE UPDATE ON write_backs FOR EACH ROW
  WHEN ((OLD.name, OLD.content, OLD.dataset, OLD.format, OLD.request, OLD.path, OLD.timing, OLD.interval_seconds, OLD.is_active)
    IS DISTINCT FROM (NEW.name, NEW.content, NEW.dataset, NEW.format, NEW.request, NEW.path, NEW.timing, NEW.interval_seconds, NEW.is_active))
  EXECUTE FUNCTION touch_row('updated_at', 'version');
