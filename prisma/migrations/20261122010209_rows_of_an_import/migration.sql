-- safe: indexes are added; nothing that reads or writes changes

-- CreateIndex
CREATE INDEX "analysis_results_origin_import_id_idx" ON "analysis_results"("origin_import_id");

-- CreateIndex
CREATE INDEX "channels_origin_import_id_idx" ON "channels"("origin_import_id");

-- CreateIndex
CREATE INDEX "employees_origin_import_id_idx" ON "employees"("origin_import_id");

-- CreateIndex
CREATE INDEX "influencers_origin_import_id_idx" ON "influencers"("origin_import_id");

-- CreateIndex
CREATE INDEX "reports_origin_import_id_idx" ON "reports"("origin_import_id");

-- CreateIndex
CREATE INDEX "researches_origin_import_id_idx" ON "researches"("origin_import_id");

-- CreateIndex
CREATE INDEX "search_queue_origin_import_id_idx" ON "search_queue"("origin_import_id");

-- CreateIndex
CREATE INDEX "videos_origin_import_id_idx" ON "videos"("origin_import_id");
