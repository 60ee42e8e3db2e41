-- safe: a nullable column and an index

-- AlterTable
ALTER TABLE "sync_seen" ADD COLUMN     "digest" TEXT;

-- CreateIndex
CREATE INDEX "sync_items_source_id_parent_external_id_idx" ON "sync_items"("source_id", "parent_external_id");
