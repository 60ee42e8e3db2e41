-- safe: a column with a default, and an index.

-- AlterTable
ALTER TABLE "jobs" ADD COLUMN     "attempts_before" INTEGER NOT NULL DEFAULT 0;

-- Asked every few seconds by every worker.
CREATE INDEX jobs_unposted_idx ON jobs (kind, id) WHERE status = 'queued' AND ticket IS NULL;
