-- safe: a new table

-- CreateTable
CREATE TABLE "offered_secrets" (
    "connector" TEXT NOT NULL,
    "sealed_secret" TEXT NOT NULL,
    "offered_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "offered_secrets_pkey" PRIMARY KEY ("connector")
);

GRANT SELECT, INSERT, UPDATE, DELETE ON offered_secrets TO cairn_app;
