-- safe: indexes for the filters and orders of lists.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Parts of the texts that people look for things by. Each costs an insert as much as half of what the row itself does, so
-- texts that are long, or looked for whole, have none.
CREATE INDEX "researches_title_trigrams_idx" ON "researches" USING GIN (lower("title") gin_trgm_ops);
CREATE INDEX "videos_title_trigrams_idx" ON "videos" USING GIN (lower("title") gin_trgm_ops);
CREATE INDEX "reports_title_trigrams_idx" ON "reports" USING GIN (lower("title") gin_trgm_ops);
CREATE INDEX "search_queue_query_trigrams_idx" ON "search_queue" USING GIN (lower("query") gin_trgm_ops);
CREATE INDEX "channels_name_trigrams_idx" ON "channels" USING GIN (lower("name") gin_trgm_ops);
CREATE INDEX "influencers_name_trigrams_idx" ON "influencers" USING GIN (lower("name") gin_trgm_ops);
CREATE INDEX "imports_path_trigrams_idx" ON "imports" USING GIN (lower("path") gin_trgm_ops);

-- What waits in the queue, the most important first.
CREATE INDEX "search_queue_status_priority_search_id_idx" ON "search_queue" ("status", "priority" DESC NULLS LAST, "search_id");
