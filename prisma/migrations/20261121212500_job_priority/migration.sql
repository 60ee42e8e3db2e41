-- safe: a column with a default.

-- AlterTable
ALTER TABLE "jobs" ADD COLUMN     "priority" SMALLINT NOT NULL DEFAULT 0;

-- The queue takes what it is given in this order: numbers beyond these would let one job stand before all others for ever.
ALTER TABLE jobs ADD CONSTRAINT jobs_priority_check CHECK (priority BETWEEN -10 AND 10);
