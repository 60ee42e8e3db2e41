-- safe: a wider type; jobs are few.

-- What is asked of it is a number of GraphQL, which may be larger than a priority is.
-- AlterTable
ALTER TABLE "jobs" ALTER COLUMN "priority" SET DATA TYPE INTEGER;
