-- safe: whose a saved export is follows from who saved it

-- DropIndex
DROP INDEX "saved_exports_name_key";

-- AlterTable
ALTER TABLE "saved_exports" ADD COLUMN     "is_shared" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "owner_id" TEXT NOT NULL DEFAULT 'hub';
ALTER TABLE "saved_exports" ALTER COLUMN "owner_id" DROP DEFAULT;

-- What was saved before was for everybody to run, and stays so; but what is asked of private rows is whose it is.
UPDATE saved_exports s
   SET owner_id = coalesce(
         (SELECT 'user:' || user_id FROM users WHERE 'user:' || email = s.owner),
         (SELECT coalesce('user:' || user_id, 'token:' || token_id) FROM tokens WHERE 'token:' || name = s.owner),
         'hub'),
       is_shared = source NOT IN (
         'documents', 'dataSources', 'data_sources', 'syncItems', 'sync_items', 'syncJobs', 'sync_jobs', 'schedules', 'scheduled_syncs',
         'scheduleRuns', 'schedule_runs', 'transformations', 'etl_transformations', 'webhooks', 'webhook_endpoints',
         'webhookDeliveries', 'webhook_deliveries', 'writeBacks', 'write_backs', 'changes', 'change_log');

-- CreateIndex
CREATE UNIQUE INDEX "saved_exports_owner_id_name_key" ON "saved_exports"("owner_id", "name");
-- Of those that everybody runs there is one of each name.
CREATE UNIQUE INDEX saved_exports_shared_name_key ON saved_exports (name) WHERE is_shared;
ALTER TABLE saved_exports
  ADD CONSTRAINT saved_exports_owner_id_check CHECK (owner_id ~ '^(hub|(user|token):[0-9a-f-]{36})$');

-- Who may change what others share is for the application to say; whose it is stays.
CALL own_table('saved_exports', 'select,update,delete');
CREATE TRIGGER keep_owner BEFORE UPDATE OF owner_id ON saved_exports FOR EACH ROW
  WHEN (OLD.owner_id IS DISTINCT FROM NEW.owner_id) EXECUTE FUNCTION keep_owner();
