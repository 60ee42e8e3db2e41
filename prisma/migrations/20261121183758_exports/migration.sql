-- safe: new tables, and a view that covers them as well.

-- CreateTable
CREATE TABLE "exports" (
    "id" BIGSERIAL NOT NULL,
    "export_id" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "request" JSONB NOT NULL DEFAULT '{}',
    "status" TEXT NOT NULL DEFAULT 'running',
    "rows" BIGINT,
    "bytes" BIGINT,
    "file_hash" TEXT,
    "path" TEXT NOT NULL,
    "file_id" UUID,
    "job_id" UUID,
    "actor" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),
    "error" JSONB,

    CONSTRAINT "exports_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "saved_exports" (
    "id" BIGSERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "source" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "request" JSONB NOT NULL DEFAULT '{}',
    "owner" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "saved_exports_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "exports_export_id_key" ON "exports"("export_id");

-- CreateIndex
CREATE INDEX "exports_started_at_export_id_idx" ON "exports"("started_at" DESC, "export_id");

-- CreateIndex
CREATE INDEX "exports_actor_started_at_export_id_idx" ON "exports"("actor", "started_at" DESC, "export_id");

-- CreateIndex
CREATE INDEX "exports_job_id_idx" ON "exports"("job_id");

-- CreateIndex
CREATE UNIQUE INDEX "saved_exports_name_key" ON "saved_exports"("name");

ALTER TABLE exports
  ADD CONSTRAINT exports_status_known CHECK (status IN ('running', 'completed', 'failed', 'cancelled')),
  ADD CONSTRAINT exports_format_known CHECK (format IN ('csv', 'json', 'jsonl', 'xlsx', 'parquet', 'duckdb'));
ALTER TABLE saved_exports
  ADD CONSTRAINT saved_exports_format_known CHECK (format IN ('csv', 'json', 'jsonl', 'xlsx', 'parquet', 'duckdb')),
  ADD CONSTRAINT saved_exports_name_plain CHECK (name ~ '^[a-z][a-z0-9_-]{0,99}$');

-- Every export is kept, as every import is.
GRANT SELECT, INSERT, UPDATE ON exports TO cairn_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON saved_exports TO cairn_app;
GRANT USAGE, SELECT ON SEQUENCE exports_id_seq, saved_exports_id_seq TO cairn_app;

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
  FROM exports;
