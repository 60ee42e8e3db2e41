-- safe: indexes for references.

-- Mentions by name are found without regard to case.
CREATE INDEX "channels_lower_name_idx" ON "channels" (lower("name"));

-- Every import looks at its own mentions.
CREATE INDEX "references_import_id_idx" ON "references" ("import_id");
