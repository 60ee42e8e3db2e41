-- safe: the first tables.

-- Accents removed, for searches in languages without a dictionary of their own. NFKD and a pattern are immutable, as a
-- generated column needs; the extension unaccent is not.
CREATE FUNCTION without_accents(value text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN regexp_replace(normalize(value, NFKD), U&'[\0300-\036F]', '', 'g');

-- 150,000 characters of text and 1,000 of title stay under the 1 MB that a tsvector may hold, even when every word is
-- new and every character takes four bytes; NFKD lengthens some, hence the second cut. What a longer transcript says is found through its segments.
CREATE FUNCTION search_vector_english(title text, body text) RETURNS tsvector
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN setweight(to_tsvector('pg_catalog.english'::regconfig, left(coalesce(title, ''), 1000)), 'A')
      || setweight(to_tsvector('pg_catalog.english'::regconfig, left(coalesce(body, ''), 150000)), 'B');

CREATE FUNCTION search_vector_simple(title text, body text) RETURNS tsvector
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN setweight(to_tsvector('pg_catalog.simple'::regconfig, left(without_accents(left(coalesce(title, ''), 1000)), 1000)), 'A')
      || setweight(to_tsvector('pg_catalog.simple'::regconfig, left(without_accents(left(coalesce(body, ''), 150000)), 150000)), 'B');

-- CreateTable
CREATE TABLE "users" (
    "id" BIGSERIAL NOT NULL,
    "user_id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "name" TEXT,
    "role" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "disabled_at" TIMESTAMPTZ(3),

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tokens" (
    "id" BIGSERIAL NOT NULL,
    "token_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "tokens_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sessions" (
    "id" BIGSERIAL NOT NULL,
    "hash" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sign_in_links" (
    "id" BIGSERIAL NOT NULL,
    "hash" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "sign_in_links_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "change_log" (
    "id" BIGSERIAL NOT NULL,
    "table_name" TEXT NOT NULL,
    "record_id" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "changed_by" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "old_values" JSONB,
    "new_values" JSONB,
    "import_id" UUID,
    "line" INTEGER,

    CONSTRAINT "change_log_pkey" PRIMARY KEY ("id","changed_at")
) PARTITION BY RANGE ("changed_at");

-- CreateTable
CREATE TABLE "origins" (
    "id" BIGSERIAL NOT NULL,
    "table_name" TEXT NOT NULL,
    "record_id" TEXT NOT NULL,
    "dataset" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "authority" INTEGER NOT NULL,
    "modified_at" TIMESTAMPTZ(3) NOT NULL,
    "import_id" UUID NOT NULL,
    "line" INTEGER,
    "fields" JSONB NOT NULL,
    "raw" JSONB,

    CONSTRAINT "origins_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tombstones" (
    "id" BIGSERIAL NOT NULL,
    "table_name" TEXT NOT NULL,
    "record_id" TEXT NOT NULL,
    "deleted_by" TEXT NOT NULL,
    "deleted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tombstones_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "imports" (
    "id" BIGSERIAL NOT NULL,
    "import_id" UUID NOT NULL,
    "dataset" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "file_hash" TEXT,
    "file_size" BIGINT,
    "file_modified_at" TIMESTAMPTZ(3),
    "rules_version" INTEGER NOT NULL,
    "authority" INTEGER NOT NULL DEFAULT 0,
    "status" TEXT NOT NULL DEFAULT 'running',
    "actor" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),
    "read" INTEGER NOT NULL DEFAULT 0,
    "inserted" INTEGER NOT NULL DEFAULT 0,
    "updated" INTEGER NOT NULL DEFAULT 0,
    "unchanged" INTEGER NOT NULL DEFAULT 0,
    "rejected" INTEGER NOT NULL DEFAULT 0,
    "derived" INTEGER NOT NULL DEFAULT 0,
    "bytes_read" BIGINT NOT NULL DEFAULT 0,
    "bytes_total" BIGINT,
    "error" JSONB,
    "notes" JSONB,

    CONSTRAINT "imports_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rejects" (
    "id" BIGSERIAL NOT NULL,
    "import_id" UUID NOT NULL,
    "dataset" TEXT NOT NULL,
    "line" INTEGER NOT NULL,
    "raw" BYTEA NOT NULL,
    "encoding" TEXT NOT NULL DEFAULT 'utf-8',
    "errors" JSONB NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'open',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "resolved_at" TIMESTAMPTZ(3),

    CONSTRAINT "rejects_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "plans" (
    "id" BIGSERIAL NOT NULL,
    "plan_id" UUID NOT NULL,
    "dataset" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "file_hash" TEXT NOT NULL,
    "rules_version" INTEGER NOT NULL,
    "actor" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "read" INTEGER NOT NULL,
    "inserted" INTEGER NOT NULL,
    "updated" INTEGER NOT NULL,
    "unchanged" INTEGER NOT NULL,
    "rejected" INTEGER NOT NULL,
    "derived" INTEGER NOT NULL,
    "rejects" JSONB NOT NULL,

    CONSTRAINT "plans_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "references" (
    "id" BIGSERIAL NOT NULL,
    "relation" TEXT NOT NULL,
    "owner_key" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "target_by" TEXT NOT NULL DEFAULT 'key',
    "attributes" JSONB,
    "record_id" TEXT NOT NULL,
    "dataset" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "authority" INTEGER NOT NULL,
    "modified_at" TIMESTAMPTZ(3) NOT NULL,
    "import_id" UUID NOT NULL,
    "line" INTEGER,
    "resolved_key" TEXT,
    "resolved_at" TIMESTAMPTZ(3),
    "applied" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "references_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "employees" (
    "id" BIGSERIAL NOT NULL,
    "employee_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT,
    "department" TEXT,
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "origin_import_id" UUID,
    "origin_line" INTEGER,
    "origin_raw" JSONB,
    "edited_values" JSONB,

    CONSTRAINT "employees_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "researches" (
    "id" BIGSERIAL NOT NULL,
    "research_id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "department" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'planning',
    "created_date" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_date" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "researcher_id" TEXT,
    "output_path" TEXT,
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "origin_import_id" UUID,
    "origin_line" INTEGER,
    "origin_raw" JSONB,
    "edited_values" JSONB,
    "search_english" tsvector GENERATED ALWAYS AS (search_vector_english(title, metadata ->> 'description')) STORED,
    "search_simple" tsvector GENERATED ALWAYS AS (search_vector_simple(title, metadata ->> 'description')) STORED,

    CONSTRAINT "researches_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "channels" (
    "id" BIGSERIAL NOT NULL,
    "channel_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "platform" TEXT NOT NULL DEFAULT 'YouTube',
    "url" TEXT,
    "category" TEXT,
    "last_scan_date" TIMESTAMPTZ(3),
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "origin_import_id" UUID,
    "origin_line" INTEGER,
    "origin_raw" JSONB,
    "edited_values" JSONB,

    CONSTRAINT "channels_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "videos" (
    "id" BIGSERIAL NOT NULL,
    "video_id" TEXT NOT NULL,
    "source_url" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "duration" INTEGER,
    "channel_id" TEXT,
    "status" TEXT NOT NULL DEFAULT 'queued',
    "phase" INTEGER,
    "transcript_path" TEXT,
    "transcript_content" TEXT,
    "created_date" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "completed_date" TIMESTAMPTZ(3),
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "origin_import_id" UUID,
    "origin_line" INTEGER,
    "origin_raw" JSONB,
    "edited_values" JSONB,
    "search_english" tsvector GENERATED ALWAYS AS (search_vector_english(title, transcript_content)) STORED,
    "search_simple" tsvector GENERATED ALWAYS AS (search_vector_simple(title, transcript_content)) STORED,

    CONSTRAINT "videos_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "video_segments" (
    "id" BIGSERIAL NOT NULL,
    "video_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "start_seconds" DOUBLE PRECISION,
    "end_seconds" DOUBLE PRECISION,
    "speaker" TEXT,
    "text" TEXT NOT NULL,
    "origin_import_id" UUID,
    "origin_line" INTEGER,
    "origin_raw" JSONB,
    "edited_values" JSONB,
    "search_english" tsvector GENERATED ALWAYS AS (search_vector_english(NULL, text)) STORED,
    "search_simple" tsvector GENERATED ALWAYS AS (search_vector_simple(NULL, text)) STORED,

    CONSTRAINT "video_segments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "influencers" (
    "id" BIGSERIAL NOT NULL,
    "influencer_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "platform" TEXT,
    "category" TEXT,
    "subscriber_count" INTEGER,
    "engagement_rate" DOUBLE PRECISION,
    "last_updated" TIMESTAMPTZ(3),
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "origin_import_id" UUID,
    "origin_line" INTEGER,
    "origin_raw" JSONB,
    "edited_values" JSONB,

    CONSTRAINT "influencers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "search_queue" (
    "id" BIGSERIAL NOT NULL,
    "search_id" TEXT NOT NULL,
    "department" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "priority" INTEGER,
    "created_date" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "assigned_to" TEXT,
    "query" TEXT NOT NULL,
    "results_path" TEXT,
    "completed_date" TIMESTAMPTZ(3),
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "origin_import_id" UUID,
    "origin_line" INTEGER,
    "origin_raw" JSONB,
    "edited_values" JSONB,

    CONSTRAINT "search_queue_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reports" (
    "id" BIGSERIAL NOT NULL,
    "report_id" TEXT NOT NULL,
    "research_id" TEXT,
    "title" TEXT NOT NULL,
    "report_type" TEXT,
    "file_path" TEXT,
    "created_date" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "published_date" TIMESTAMPTZ(3),
    "metadata" JSONB NOT NULL DEFAULT '{}',
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "origin_import_id" UUID,
    "origin_line" INTEGER,
    "origin_raw" JSONB,
    "edited_values" JSONB,
    "search_english" tsvector GENERATED ALWAYS AS (search_vector_english(title, metadata ->> 'content')) STORED,
    "search_simple" tsvector GENERATED ALWAYS AS (search_vector_simple(title, metadata ->> 'content')) STORED,

    CONSTRAINT "reports_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "analysis_results" (
    "id" BIGSERIAL NOT NULL,
    "analysis_id" TEXT NOT NULL,
    "video_id" TEXT,
    "analysis_type" TEXT NOT NULL,
    "file_path" TEXT,
    "results" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "origin_import_id" UUID,
    "origin_line" INTEGER,
    "origin_raw" JSONB,
    "edited_values" JSONB,
    "search_english" tsvector GENERATED ALWAYS AS (search_vector_english(results ->> 'title', results ->> 'text')) STORED,
    "search_simple" tsvector GENERATED ALWAYS AS (search_vector_simple(results ->> 'title', results ->> 'text')) STORED,

    CONSTRAINT "analysis_results_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "research_videos" (
    "id" BIGSERIAL NOT NULL,
    "research_id" TEXT NOT NULL,
    "video_id" TEXT NOT NULL,
    "relevance_score" DOUBLE PRECISION,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "origin_import_id" UUID,
    "origin_line" INTEGER,
    "origin_raw" JSONB,
    "edited_values" JSONB,

    CONSTRAINT "research_videos_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "video_influencers" (
    "id" BIGSERIAL NOT NULL,
    "video_id" TEXT NOT NULL,
    "influencer_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "origin_import_id" UUID,
    "origin_line" INTEGER,
    "origin_raw" JSONB,
    "edited_values" JSONB,

    CONSTRAINT "video_influencers_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "users_user_id_key" ON "users"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

-- CreateIndex
CREATE UNIQUE INDEX "tokens_token_id_key" ON "tokens"("token_id");

-- CreateIndex
CREATE UNIQUE INDEX "tokens_name_key" ON "tokens"("name");

-- CreateIndex
CREATE UNIQUE INDEX "tokens_hash_key" ON "tokens"("hash");

-- CreateIndex
CREATE UNIQUE INDEX "sessions_hash_key" ON "sessions"("hash");

-- CreateIndex
CREATE UNIQUE INDEX "sign_in_links_hash_key" ON "sign_in_links"("hash");

-- CreateIndex
CREATE INDEX "change_log_table_name_record_id_id_idx" ON "change_log"("table_name", "record_id", "id" DESC);

-- CreateIndex
CREATE INDEX "change_log_import_id_id_idx" ON "change_log"("import_id", "id");

-- CreateIndex
CREATE INDEX "change_log_changed_at_idx" ON "change_log"("changed_at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "origins_table_name_record_id_dataset_path_key" ON "origins"("table_name", "record_id", "dataset", "path");

-- CreateIndex
CREATE UNIQUE INDEX "tombstones_table_name_record_id_key" ON "tombstones"("table_name", "record_id");

-- CreateIndex
CREATE UNIQUE INDEX "imports_import_id_key" ON "imports"("import_id");

-- CreateIndex
CREATE INDEX "imports_started_at_import_id_idx" ON "imports"("started_at" DESC, "import_id");

-- CreateIndex
CREATE INDEX "imports_dataset_path_started_at_idx" ON "imports"("dataset", "path", "started_at" DESC);

-- CreateIndex
CREATE INDEX "imports_status_started_at_import_id_idx" ON "imports"("status", "started_at" DESC, "import_id");

-- CreateIndex
CREATE INDEX "rejects_import_id_line_id_idx" ON "rejects"("import_id", "line", "id");

-- CreateIndex
CREATE INDEX "rejects_dataset_status_idx" ON "rejects"("dataset", "status");

-- CreateIndex
CREATE INDEX "rejects_status_id_idx" ON "rejects"("status", "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "plans_plan_id_key" ON "plans"("plan_id");

-- CreateIndex
CREATE INDEX "plans_created_at_plan_id_idx" ON "plans"("created_at" DESC, "plan_id");

-- CreateIndex
CREATE INDEX "references_dataset_path_record_id_idx" ON "references"("dataset", "path", "record_id");

-- CreateIndex
CREATE INDEX "references_relation_target_by_target_idx" ON "references"("relation", "target_by", "target");

-- CreateIndex
CREATE INDEX "references_relation_resolved_key_idx" ON "references"("relation", "resolved_key");

-- CreateIndex
CREATE UNIQUE INDEX "references_relation_owner_key_target_by_target_dataset_path_key" ON "references"("relation", "owner_key", "target_by", "target", "dataset", "path", "record_id");

-- CreateIndex
CREATE UNIQUE INDEX "employees_employee_id_key" ON "employees"("employee_id");

-- CreateIndex
CREATE INDEX "employees_department_employee_id_idx" ON "employees"("department", "employee_id");

-- CreateIndex
CREATE INDEX "employees_created_at_employee_id_idx" ON "employees"("created_at" DESC, "employee_id");

-- CreateIndex
CREATE UNIQUE INDEX "researches_research_id_key" ON "researches"("research_id");

-- CreateIndex
CREATE INDEX "researches_created_date_research_id_idx" ON "researches"("created_date" DESC, "research_id");

-- CreateIndex
CREATE INDEX "researches_status_created_date_research_id_idx" ON "researches"("status", "created_date" DESC, "research_id");

-- CreateIndex
CREATE INDEX "researches_department_created_date_research_id_idx" ON "researches"("department", "created_date" DESC, "research_id");

-- CreateIndex
CREATE INDEX "researches_researcher_id_created_date_research_id_idx" ON "researches"("researcher_id", "created_date" DESC, "research_id");

-- CreateIndex
CREATE INDEX "researches_metadata_idx" ON "researches" USING GIN ("metadata" jsonb_path_ops);

-- CreateIndex
CREATE INDEX "researches_search_english_idx" ON "researches" USING GIN ("search_english");

-- CreateIndex
CREATE INDEX "researches_search_simple_idx" ON "researches" USING GIN ("search_simple");

-- CreateIndex
CREATE UNIQUE INDEX "channels_channel_id_key" ON "channels"("channel_id");

-- CreateIndex
CREATE INDEX "channels_created_at_channel_id_idx" ON "channels"("created_at" DESC, "channel_id");

-- CreateIndex
CREATE INDEX "channels_name_idx" ON "channels"("name");

-- CreateIndex
CREATE INDEX "channels_metadata_idx" ON "channels" USING GIN ("metadata" jsonb_path_ops);

-- CreateIndex
CREATE UNIQUE INDEX "videos_video_id_key" ON "videos"("video_id");

-- CreateIndex
CREATE INDEX "videos_created_date_video_id_idx" ON "videos"("created_date" DESC, "video_id");

-- CreateIndex
CREATE INDEX "videos_status_created_date_video_id_idx" ON "videos"("status", "created_date" DESC, "video_id");

-- CreateIndex
CREATE INDEX "videos_channel_id_created_date_video_id_idx" ON "videos"("channel_id", "created_date" DESC, "video_id");

-- CreateIndex
CREATE INDEX "videos_metadata_idx" ON "videos" USING GIN ("metadata" jsonb_path_ops);

-- CreateIndex
CREATE INDEX "videos_search_english_idx" ON "videos" USING GIN ("search_english");

-- CreateIndex
CREATE INDEX "videos_search_simple_idx" ON "videos" USING GIN ("search_simple");

-- CreateIndex
CREATE INDEX "video_segments_search_english_idx" ON "video_segments" USING GIN ("search_english");

-- CreateIndex
CREATE INDEX "video_segments_search_simple_idx" ON "video_segments" USING GIN ("search_simple");

-- CreateIndex
CREATE UNIQUE INDEX "video_segments_video_id_position_key" ON "video_segments"("video_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "influencers_influencer_id_key" ON "influencers"("influencer_id");

-- CreateIndex
CREATE INDEX "influencers_created_at_influencer_id_idx" ON "influencers"("created_at" DESC, "influencer_id");

-- CreateIndex
CREATE INDEX "influencers_metadata_idx" ON "influencers" USING GIN ("metadata" jsonb_path_ops);

-- CreateIndex
CREATE UNIQUE INDEX "search_queue_search_id_key" ON "search_queue"("search_id");

-- CreateIndex
CREATE INDEX "search_queue_created_date_search_id_idx" ON "search_queue"("created_date" DESC, "search_id");

-- CreateIndex
CREATE INDEX "search_queue_priority_search_id_idx" ON "search_queue"("priority" DESC, "search_id");

-- CreateIndex
CREATE INDEX "search_queue_status_created_date_search_id_idx" ON "search_queue"("status", "created_date" DESC, "search_id");

-- CreateIndex
CREATE INDEX "search_queue_department_created_date_search_id_idx" ON "search_queue"("department", "created_date" DESC, "search_id");

-- CreateIndex
CREATE INDEX "search_queue_assigned_to_created_date_search_id_idx" ON "search_queue"("assigned_to", "created_date" DESC, "search_id");

-- CreateIndex
CREATE INDEX "search_queue_metadata_idx" ON "search_queue" USING GIN ("metadata" jsonb_path_ops);

-- CreateIndex
CREATE UNIQUE INDEX "reports_report_id_key" ON "reports"("report_id");

-- CreateIndex
CREATE INDEX "reports_created_date_report_id_idx" ON "reports"("created_date" DESC, "report_id");

-- CreateIndex
CREATE INDEX "reports_research_id_created_date_report_id_idx" ON "reports"("research_id", "created_date" DESC, "report_id");

-- CreateIndex
CREATE INDEX "reports_metadata_idx" ON "reports" USING GIN ("metadata" jsonb_path_ops);

-- CreateIndex
CREATE INDEX "reports_search_english_idx" ON "reports" USING GIN ("search_english");

-- CreateIndex
CREATE INDEX "reports_search_simple_idx" ON "reports" USING GIN ("search_simple");

-- CreateIndex
CREATE UNIQUE INDEX "analysis_results_analysis_id_key" ON "analysis_results"("analysis_id");

-- CreateIndex
CREATE INDEX "analysis_results_created_at_analysis_id_idx" ON "analysis_results"("created_at" DESC, "analysis_id");

-- CreateIndex
CREATE INDEX "analysis_results_video_id_created_at_analysis_id_idx" ON "analysis_results"("video_id", "created_at" DESC, "analysis_id");

-- CreateIndex
CREATE INDEX "analysis_results_analysis_type_created_at_analysis_id_idx" ON "analysis_results"("analysis_type", "created_at" DESC, "analysis_id");

-- CreateIndex
CREATE INDEX "analysis_results_results_idx" ON "analysis_results" USING GIN ("results" jsonb_path_ops);

-- CreateIndex
CREATE INDEX "analysis_results_search_english_idx" ON "analysis_results" USING GIN ("search_english");

-- CreateIndex
CREATE INDEX "analysis_results_search_simple_idx" ON "analysis_results" USING GIN ("search_simple");

-- CreateIndex
CREATE INDEX "research_videos_video_id_research_id_idx" ON "research_videos"("video_id", "research_id");

-- CreateIndex
CREATE UNIQUE INDEX "research_videos_research_id_video_id_key" ON "research_videos"("research_id", "video_id");

-- CreateIndex
CREATE INDEX "video_influencers_influencer_id_video_id_idx" ON "video_influencers"("influencer_id", "video_id");

-- CreateIndex
CREATE UNIQUE INDEX "video_influencers_video_id_influencer_id_key" ON "video_influencers"("video_id", "influencer_id");

-- AddForeignKey
ALTER TABLE "rejects" ADD CONSTRAINT "rejects_import_id_fkey" FOREIGN KEY ("import_id") REFERENCES "imports"("import_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "researches" ADD CONSTRAINT "researches_researcher_id_fkey" FOREIGN KEY ("researcher_id") REFERENCES "employees"("employee_id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "videos" ADD CONSTRAINT "videos_channel_id_fkey" FOREIGN KEY ("channel_id") REFERENCES "channels"("channel_id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "video_segments" ADD CONSTRAINT "video_segments_video_id_fkey" FOREIGN KEY ("video_id") REFERENCES "videos"("video_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "search_queue" ADD CONSTRAINT "search_queue_assigned_to_fkey" FOREIGN KEY ("assigned_to") REFERENCES "employees"("employee_id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reports" ADD CONSTRAINT "reports_research_id_fkey" FOREIGN KEY ("research_id") REFERENCES "researches"("research_id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "analysis_results" ADD CONSTRAINT "analysis_results_video_id_fkey" FOREIGN KEY ("video_id") REFERENCES "videos"("video_id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "research_videos" ADD CONSTRAINT "research_videos_research_id_fkey" FOREIGN KEY ("research_id") REFERENCES "researches"("research_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "research_videos" ADD CONSTRAINT "research_videos_video_id_fkey" FOREIGN KEY ("video_id") REFERENCES "videos"("video_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "video_influencers" ADD CONSTRAINT "video_influencers_video_id_fkey" FOREIGN KEY ("video_id") REFERENCES "videos"("video_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "video_influencers" ADD CONSTRAINT "video_influencers_influencer_id_fkey" FOREIGN KEY ("influencer_id") REFERENCES "influencers"("influencer_id") ON DELETE CASCADE ON UPDATE CASCADE;

