-- safe: new tables.

-- CreateTable
CREATE TABLE "files" (
    "id" BIGSERIAL NOT NULL,
    "file_id" UUID NOT NULL,
    "hash" TEXT NOT NULL,
    "size" BIGINT NOT NULL,
    "media_type" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "files_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "signing_keys" (
    "purpose" TEXT NOT NULL,
    "key" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "signing_keys_pkey" PRIMARY KEY ("purpose")
);

-- CreateTable
CREATE TABLE "jobs" (
    "id" BIGSERIAL NOT NULL,
    "job_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'queued',
    "arguments" JSONB NOT NULL DEFAULT '{}',
    "singleton" TEXT,
    "actor" TEXT NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "scopes" TEXT[],
    "credential_kind" TEXT,
    "credential_id" UUID,
    "user_id" UUID,
    "progress_done" BIGINT NOT NULL DEFAULT 0,
    "progress_total" BIGINT,
    "progress_note" TEXT,
    "result" JSONB,
    "error" JSONB,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "not_before" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "lease_until" TIMESTAMPTZ(3),
    "cancel_requested" BOOLEAN NOT NULL DEFAULT false,
    "ticket" UUID,

    CONSTRAINT "jobs_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "files_file_id_key" ON "files"("file_id");

-- CreateIndex
CREATE INDEX "files_hash_idx" ON "files"("hash");

-- CreateIndex
CREATE INDEX "files_expires_at_idx" ON "files"("expires_at");

-- CreateIndex
CREATE INDEX "files_owner_created_at_idx" ON "files"("owner", "created_at" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "jobs_job_id_key" ON "jobs"("job_id");

-- CreateIndex
CREATE INDEX "jobs_requested_at_idx" ON "jobs"("requested_at" DESC);

-- CreateIndex
CREATE INDEX "jobs_actor_requested_at_idx" ON "jobs"("actor", "requested_at" DESC);

ALTER TABLE jobs
  ADD CONSTRAINT jobs_status_check CHECK (status IN ('queued', 'running', 'completed', 'failed', 'cancelled')),
  ADD CONSTRAINT jobs_kind_check CHECK (kind ~ '^[a-z][a-z0-9-]{0,49}$'),
  ADD CONSTRAINT jobs_role_check CHECK (role IN ('viewer', 'importer', 'editor', 'admin')),
  ADD CONSTRAINT jobs_actor_kind_check CHECK (actor_kind IN ('user', 'token', 'schedule', 'command')),
  ADD CONSTRAINT jobs_arguments_check CHECK (jsonb_typeof(arguments) = 'object'),
  -- Who runs it holds a lease; who ended it says when.
  ADD CONSTRAINT jobs_lease_check CHECK ((status = 'running') = (lease_until IS NOT NULL)),
  ADD CONSTRAINT jobs_finished_check CHECK ((status IN ('completed', 'failed', 'cancelled')) = (finished_at IS NOT NULL)),
  ADD CONSTRAINT jobs_error_check CHECK (status <> 'failed' OR error IS NOT NULL);

-- Workers look for these every few seconds, and never at the thousands that have ended.
CREATE INDEX jobs_open_idx ON jobs (status, kind, not_before) WHERE status IN ('queued', 'running');
CREATE INDEX jobs_finished_at_idx ON jobs (finished_at) WHERE finished_at IS NOT NULL;
CREATE UNIQUE INDEX jobs_singleton_key ON jobs (kind, actor, singleton)
  WHERE singleton IS NOT NULL AND status IN ('queued', 'running');

ALTER TABLE files
  ADD CONSTRAINT files_hash_check CHECK (hash ~ '^[0-9a-f]{64}$'),
  ADD CONSTRAINT files_size_check CHECK (size >= 0),
  ADD CONSTRAINT files_name_check CHECK (char_length(name) BETWEEN 1 AND 200);

ALTER TABLE signing_keys
  ADD CONSTRAINT signing_keys_key_check CHECK (octet_length(key) >= 32);

GRANT SELECT, INSERT, UPDATE, DELETE ON jobs, files TO cairn_app;
-- A key is made once and never changed under those who rely on it.
GRANT SELECT, INSERT ON signing_keys TO cairn_app;
GRANT USAGE, SELECT ON SEQUENCE jobs_id_seq, files_id_seq TO cairn_app;
