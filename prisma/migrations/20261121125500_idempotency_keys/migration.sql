-- safe: a new table.

-- CreateTable
CREATE TABLE "idempotency_keys" (
    "id" BIGSERIAL NOT NULL,
    "actor" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "results" JSONB NOT NULL DEFAULT '{}',
    "answer" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "idempotency_keys_created_at_idx" ON "idempotency_keys"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "idempotency_keys_actor_key_key" ON "idempotency_keys"("actor", "key");

ALTER TABLE idempotency_keys
  ADD CONSTRAINT idempotency_keys_key_check CHECK (char_length(key) BETWEEN 1 AND 255);

GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO cairn_app;
GRANT USAGE, SELECT ON SEQUENCE idempotency_keys_id_seq TO cairn_app;
