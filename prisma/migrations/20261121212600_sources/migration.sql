-- safe: new tables, and a column without a default.

-- AlterTable
ALTER TABLE "change_log" ADD COLUMN     "owner_id" TEXT;

-- CreateTable
CREATE TABLE "data_sources" (
    "id" BIGSERIAL NOT NULL,
    "source_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "source_type" TEXT NOT NULL,
    "connection_status" TEXT NOT NULL DEFAULT 'pending',
    "config" JSONB NOT NULL DEFAULT '{}',
    "rules" JSONB NOT NULL DEFAULT '[]',
    "sync_frequency" TEXT,
    "last_sync_at" TIMESTAMPTZ(3),
    "last_sync_status" TEXT,
    "total_items_synced" BIGINT NOT NULL DEFAULT 0,
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "is_shared" BOOLEAN NOT NULL DEFAULT false,
    "delete_guard" INTEGER NOT NULL DEFAULT 25,
    "account_id" TEXT,
    "account_name" TEXT,
    "error" JSONB,
    "owner_id" TEXT NOT NULL,
    "owner_label" TEXT NOT NULL,
    "owner_role" TEXT NOT NULL,
    "owner_scopes" TEXT[],
    "owner_user_id" UUID,
    "credential_kind" TEXT,
    "credential_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "data_sources_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "source_states" (
    "id" BIGSERIAL NOT NULL,
    "source_id" UUID NOT NULL,
    "owner_id" TEXT NOT NULL,
    "cursor" TEXT,
    "pass" UUID,
    "pass_started_at" TIMESTAMPTZ(3),
    "dirty_at" TIMESTAMPTZ(3),
    "next_attempt_at" TIMESTAMPTZ(3),
    "rules_hash" TEXT,
    "hook_state" TEXT,
    "hook_expires_at" TIMESTAMPTZ(3),
    "waited_at" TIMESTAMPTZ(3),

    CONSTRAINT "source_states_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "source_secrets" (
    "id" BIGSERIAL NOT NULL,
    "source_id" UUID NOT NULL,
    "owner_id" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "key_id" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "source_secrets_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "oauth_states" (
    "id" BIGSERIAL NOT NULL,
    "state_hash" TEXT NOT NULL,
    "source_id" UUID NOT NULL,
    "owner_id" TEXT NOT NULL,
    "sealed_verifier" TEXT NOT NULL,
    "redirect_uri" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "oauth_states_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sync_jobs" (
    "id" BIGSERIAL NOT NULL,
    "sync_job_id" UUID NOT NULL,
    "source_id" UUID NOT NULL,
    "owner_id" TEXT NOT NULL,
    "is_shared" BOOLEAN NOT NULL,
    "job_type" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'queued',
    "items_found" BIGINT NOT NULL DEFAULT 0,
    "items_processed" BIGINT NOT NULL DEFAULT 0,
    "items_created" BIGINT NOT NULL DEFAULT 0,
    "items_updated" BIGINT NOT NULL DEFAULT 0,
    "items_skipped" BIGINT NOT NULL DEFAULT 0,
    "items_failed" BIGINT NOT NULL DEFAULT 0,
    "items_deleted" BIGINT NOT NULL DEFAULT 0,
    "bytes_processed" BIGINT NOT NULL DEFAULT 0,
    "error" JSONB,
    "progress_data" JSONB NOT NULL DEFAULT '{}',
    "requested_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "sync_jobs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sync_items" (
    "id" BIGSERIAL NOT NULL,
    "source_id" UUID NOT NULL,
    "external_id" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "is_shared" BOOLEAN NOT NULL,
    "parent_external_id" TEXT,
    "name" TEXT NOT NULL,
    "external_path" TEXT,
    "path_key" TEXT,
    "item_type" TEXT NOT NULL,
    "media_type" TEXT,
    "size" BIGINT,
    "external_version" TEXT NOT NULL,
    "external_hash" TEXT,
    "external_modified_at" TIMESTAMPTZ(3),
    "external_url" TEXT,
    "content_hash" TEXT,
    "dataset" TEXT,
    "import_id" UUID,
    "local_document_id" UUID,
    "sync_status" TEXT NOT NULL DEFAULT 'pending',
    "reason" TEXT,
    "error" JSONB,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "retry_at" TIMESTAMPTZ(3),
    "written_version" TEXT,
    "rules_hash" TEXT,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_synced_at" TIMESTAMPTZ(3),

    CONSTRAINT "sync_items_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sync_seen" (
    "source_id" UUID NOT NULL,
    "owner_id" TEXT NOT NULL,
    "pass" UUID NOT NULL,
    "batch" INTEGER NOT NULL,
    "ids" BIGINT[],

    CONSTRAINT "sync_seen_pkey" PRIMARY KEY ("source_id","pass","batch")
);

-- CreateTable
CREATE TABLE "documents" (
    "id" BIGSERIAL NOT NULL,
    "document_id" UUID NOT NULL,
    "source_id" UUID NOT NULL,
    "owner_id" TEXT NOT NULL,
    "is_shared" BOOLEAN NOT NULL,
    "external_id" TEXT NOT NULL,
    "path" TEXT,
    "title" TEXT NOT NULL,
    "item_type" TEXT NOT NULL,
    "media_type" TEXT,
    "size" BIGINT,
    "content_hash" TEXT,
    "text" TEXT,
    "text_fault" TEXT,
    "front_matter" JSONB NOT NULL DEFAULT '{}',
    "author" TEXT,
    "url" TEXT,
    "external_modified_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "version" INTEGER NOT NULL DEFAULT 1,
    "search_english" tsvector,
    "search_simple" tsvector,

    CONSTRAINT "documents_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "etl_transformations" (
    "id" BIGSERIAL NOT NULL,
    "transformation_id" UUID NOT NULL,
    "source_id" UUID NOT NULL,
    "owner_id" TEXT NOT NULL,
    "is_shared" BOOLEAN NOT NULL,
    "name" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "pattern" TEXT,
    "steps" JSONB NOT NULL DEFAULT '[]',
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "etl_transformations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "scheduled_syncs" (
    "id" BIGSERIAL NOT NULL,
    "schedule_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "source_id" UUID,
    "owner_id" TEXT NOT NULL,
    "is_shared" BOOLEAN NOT NULL DEFAULT false,
    "job_kind" TEXT NOT NULL,
    "arguments" JSONB NOT NULL DEFAULT '{}',
    "frequency" TEXT NOT NULL,
    "cron" TEXT,
    "time_zone" TEXT NOT NULL DEFAULT 'UTC',
    "interval_seconds" INTEGER,
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "next_run_at" TIMESTAMPTZ(3),
    "last_run_at" TIMESTAMPTZ(3),
    "last_job_id" UUID,
    "actor" TEXT NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "scopes" TEXT[],
    "credential_kind" TEXT,
    "credential_id" UUID,
    "user_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "scheduled_syncs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_endpoints" (
    "id" BIGSERIAL NOT NULL,
    "webhook_id" UUID NOT NULL,
    "url" TEXT NOT NULL,
    "sealed_secret" TEXT NOT NULL,
    "events" TEXT[],
    "reject_threshold" INTEGER NOT NULL DEFAULT 1,
    "source_id" UUID,
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "owner_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "webhook_endpoints_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_deliveries" (
    "id" BIGSERIAL NOT NULL,
    "delivery_id" UUID NOT NULL,
    "webhook_id" UUID NOT NULL,
    "owner_id" TEXT NOT NULL,
    "event" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) DEFAULT CURRENT_TIMESTAMP,
    "response_status" INTEGER,
    "response_ms" INTEGER,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "delivered_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_deliveries_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "data_sources_source_id_key" ON "data_sources"("source_id");

-- CreateIndex
CREATE INDEX "data_sources_created_at_source_id_idx" ON "data_sources"("created_at" DESC, "source_id");

-- CreateIndex
CREATE INDEX "data_sources_owner_id_created_at_source_id_idx" ON "data_sources"("owner_id", "created_at" DESC, "source_id");

-- CreateIndex
CREATE UNIQUE INDEX "data_sources_source_id_owner_id_key" ON "data_sources"("source_id", "owner_id");

-- CreateIndex
CREATE UNIQUE INDEX "data_sources_source_id_owner_id_is_shared_key" ON "data_sources"("source_id", "owner_id", "is_shared");

-- CreateIndex
CREATE UNIQUE INDEX "source_states_source_id_key" ON "source_states"("source_id");

-- CreateIndex
CREATE UNIQUE INDEX "source_secrets_source_id_key" ON "source_secrets"("source_id");

-- CreateIndex
CREATE INDEX "source_secrets_key_id_id_idx" ON "source_secrets"("key_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "oauth_states_state_hash_key" ON "oauth_states"("state_hash");

-- CreateIndex
CREATE INDEX "oauth_states_source_id_idx" ON "oauth_states"("source_id");

-- CreateIndex
CREATE INDEX "oauth_states_expires_at_idx" ON "oauth_states"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "sync_jobs_sync_job_id_key" ON "sync_jobs"("sync_job_id");

-- CreateIndex
CREATE INDEX "sync_jobs_source_id_created_at_sync_job_id_idx" ON "sync_jobs"("source_id", "created_at" DESC, "sync_job_id");

-- CreateIndex
CREATE INDEX "sync_jobs_created_at_sync_job_id_idx" ON "sync_jobs"("created_at" DESC, "sync_job_id");

-- CreateIndex
CREATE INDEX "sync_jobs_status_created_at_sync_job_id_idx" ON "sync_jobs"("status", "created_at" DESC, "sync_job_id");

-- CreateIndex
CREATE INDEX "sync_items_source_id_path_key_idx" ON "sync_items"("source_id", "path_key");

-- CreateIndex
CREATE INDEX "sync_items_source_id_content_hash_idx" ON "sync_items"("source_id", "content_hash");

-- CreateIndex
CREATE INDEX "sync_items_source_id_sync_status_id_idx" ON "sync_items"("source_id", "sync_status", "id");

-- CreateIndex
CREATE UNIQUE INDEX "sync_items_source_id_external_id_key" ON "sync_items"("source_id", "external_id");

-- CreateIndex
CREATE UNIQUE INDEX "documents_document_id_key" ON "documents"("document_id");

-- CreateIndex
CREATE INDEX "documents_created_at_document_id_idx" ON "documents"("created_at" DESC, "document_id");

-- CreateIndex
CREATE INDEX "documents_source_id_created_at_document_id_idx" ON "documents"("source_id", "created_at" DESC, "document_id");

-- CreateIndex
CREATE INDEX "documents_owner_id_created_at_document_id_idx" ON "documents"("owner_id", "created_at" DESC, "document_id");

-- CreateIndex
CREATE INDEX "documents_search_english_idx" ON "documents" USING GIN ("search_english");

-- CreateIndex
CREATE INDEX "documents_search_simple_idx" ON "documents" USING GIN ("search_simple");

-- CreateIndex
CREATE UNIQUE INDEX "documents_source_id_external_id_key" ON "documents"("source_id", "external_id");

-- CreateIndex
CREATE UNIQUE INDEX "etl_transformations_transformation_id_key" ON "etl_transformations"("transformation_id");

-- CreateIndex
CREATE INDEX "etl_transformations_source_id_position_id_idx" ON "etl_transformations"("source_id", "position", "id");

-- CreateIndex
CREATE INDEX "etl_transformations_created_at_transformation_id_idx" ON "etl_transformations"("created_at" DESC, "transformation_id");

-- CreateIndex
CREATE UNIQUE INDEX "scheduled_syncs_schedule_id_key" ON "scheduled_syncs"("schedule_id");

-- CreateIndex
CREATE INDEX "scheduled_syncs_source_id_idx" ON "scheduled_syncs"("source_id");

-- CreateIndex
CREATE INDEX "scheduled_syncs_created_at_schedule_id_idx" ON "scheduled_syncs"("created_at" DESC, "schedule_id");

-- CreateIndex
CREATE UNIQUE INDEX "webhook_endpoints_webhook_id_key" ON "webhook_endpoints"("webhook_id");

-- CreateIndex
CREATE INDEX "webhook_endpoints_created_at_webhook_id_idx" ON "webhook_endpoints"("created_at" DESC, "webhook_id");

-- CreateIndex
CREATE INDEX "webhook_endpoints_source_id_idx" ON "webhook_endpoints"("source_id");

-- CreateIndex
CREATE UNIQUE INDEX "webhook_endpoints_webhook_id_owner_id_key" ON "webhook_endpoints"("webhook_id", "owner_id");

-- CreateIndex
CREATE UNIQUE INDEX "webhook_deliveries_delivery_id_key" ON "webhook_deliveries"("delivery_id");

-- CreateIndex
CREATE INDEX "webhook_deliveries_webhook_id_created_at_delivery_id_idx" ON "webhook_deliveries"("webhook_id", "created_at" DESC, "delivery_id");

-- CreateIndex
CREATE INDEX "webhook_deliveries_created_at_delivery_id_idx" ON "webhook_deliveries"("created_at" DESC, "delivery_id");

-- AddForeignKey
ALTER TABLE "source_states" ADD CONSTRAINT "source_states_source_id_owner_id_fkey" FOREIGN KEY ("source_id", "owner_id") REFERENCES "data_sources"("source_id", "owner_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "source_secrets" ADD CONSTRAINT "source_secrets_source_id_owner_id_fkey" FOREIGN KEY ("source_id", "owner_id") REFERENCES "data_sources"("source_id", "owner_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "oauth_states" ADD CONSTRAINT "oauth_states_source_id_owner_id_fkey" FOREIGN KEY ("source_id", "owner_id") REFERENCES "data_sources"("source_id", "owner_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sync_jobs" ADD CONSTRAINT "sync_jobs_source_id_owner_id_is_shared_fkey" FOREIGN KEY ("source_id", "owner_id", "is_shared") REFERENCES "data_sources"("source_id", "owner_id", "is_shared") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sync_items" ADD CONSTRAINT "sync_items_source_id_owner_id_is_shared_fkey" FOREIGN KEY ("source_id", "owner_id", "is_shared") REFERENCES "data_sources"("source_id", "owner_id", "is_shared") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sync_seen" ADD CONSTRAINT "sync_seen_source_id_owner_id_fkey" FOREIGN KEY ("source_id", "owner_id") REFERENCES "data_sources"("source_id", "owner_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "documents" ADD CONSTRAINT "documents_source_id_owner_id_is_shared_fkey" FOREIGN KEY ("source_id", "owner_id", "is_shared") REFERENCES "data_sources"("source_id", "owner_id", "is_shared") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "etl_transformations" ADD CONSTRAINT "etl_transformations_source_id_owner_id_is_shared_fkey" FOREIGN KEY ("source_id", "owner_id", "is_shared") REFERENCES "data_sources"("source_id", "owner_id", "is_shared") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "scheduled_syncs" ADD CONSTRAINT "scheduled_syncs_source_id_owner_id_is_shared_fkey" FOREIGN KEY ("source_id", "owner_id", "is_shared") REFERENCES "data_sources"("source_id", "owner_id", "is_shared") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_endpoints" ADD CONSTRAINT "webhook_endpoints_source_id_fkey" FOREIGN KEY ("source_id") REFERENCES "data_sources"("source_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_webhook_id_owner_id_fkey" FOREIGN KEY ("webhook_id", "owner_id") REFERENCES "webhook_endpoints"("webhook_id", "owner_id") ON DELETE CASCADE ON UPDATE CASCADE;
