-- safe: a view, and a table whose owner reads past its policies.

-- Operators of text search are not leakproof: under a policy no index of words is used, and a search reads every document that
-- its actor may see. Words are looked for here, as the tables' owner; the view says itself whose rows they are. Its owner is
-- no superuser on every server, so policies must not bind the owner of this one table.
ALTER TABLE documents NO FORCE ROW LEVEL SECURITY;
CREATE VIEW searchable_documents AS
SELECT id, document_id, source_id, item_type, created_at, search_english, search_simple
  FROM documents
 WHERE owner_id = (SELECT cairn_owner()) OR is_shared OR (SELECT cairn_owner()) = '*';
GRANT SELECT ON searchable_documents TO cairn_app;
