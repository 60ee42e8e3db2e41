-- safe: a new function; no table is touched

-- What a large import left in the waiting lists of GIN indexes goes into the indexes themselves: until then every search
-- reads the lists from end to end. Only an index's owner may do that, and those who import own nothing.
CREATE FUNCTION settle_gin_indexes(tables regclass[]) RETURNS bigint
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT sum(gin_clean_pending_list(c.oid))::bigint
    FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid
    JOIN pg_am a ON a.oid = c.relam AND a.amname = 'gin'
   WHERE i.indrelid = ANY (tables) AND c.relnamespace = 'public'::regnamespace
$$;
REVOKE EXECUTE ON FUNCTION settle_gin_indexes(regclass[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION settle_gin_indexes(regclass[]) TO cairn_app;
