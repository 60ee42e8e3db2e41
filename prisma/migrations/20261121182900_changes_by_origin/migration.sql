-- safe: what triggers do for everyone who wrote until now is the same.

-- As before; and where many small files are merged by one statement, `cairn.import_id` is `origin`: each change is of the
-- import of its row's origin. Such a merge deletes nothing.
CREATE OR REPLACE FUNCTION log_changes() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  hidden CONSTANT text[] := ARRAY[
    'id', 'version', 'search_english', 'search_simple', 'created_at', 'updated_at',
    'origin_import_id', 'origin_line', 'origin_raw', 'edited_values'
  ];
  actor CONSTANT text := coalesce(nullif(current_setting('cairn.actor', true), ''), 'database:' || session_user);
  import CONSTANT uuid := nullif(nullif(current_setting('cairn.import_id', true), ''), 'origin')::uuid;
  import_of CONSTANT text := CASE current_setting('cairn.import_id', true) WHEN 'origin' THEN 'r.origin_import_id' ELSE '$3' END;
  keys CONSTANT text[] := string_to_array(TG_ARGV[0], ',');
  key_of text;
  told text;
  differs text;
  olds text;
  news text;
  source text;
  first bigint;
  last bigint;
BEGIN
  -- A composite key is a JSON object as text, its columns in the table's order.
  IF cardinality(keys) = 1 THEN
    key_of := format('r.%I', keys[1]);
  ELSE
    SELECT 'json_build_object(' || string_agg(format('%L, r.%I', k, k), ', ' ORDER BY n) || ')::text'
      INTO key_of
      FROM unnest(keys) WITH ORDINALITY AS key(k, n);
  END IF;
  SELECT string_agg(format('r.%I', attname), ', ' ORDER BY attnum),
         string_agg(format('o.%I IS DISTINCT FROM r.%1$I', attname), ' OR ' ORDER BY attnum),
         string_agg(format('CASE WHEN o.%1$I IS DISTINCT FROM r.%1$I THEN jsonb_build_object(%1$L, o.%1$I) ELSE ''{}'' END', attname), ' || ' ORDER BY attnum),
         string_agg(format('CASE WHEN o.%1$I IS DISTINCT FROM r.%1$I THEN jsonb_build_object(%1$L, r.%1$I) ELSE ''{}'' END', attname), ' || ' ORDER BY attnum)
    INTO told, differs, olds, news
    FROM pg_attribute
   WHERE attrelid = TG_RELID AND attnum > 0 AND NOT attisdropped AND attname <> ALL (hidden);

  IF TG_OP = 'UPDATE' THEN
    EXECUTE format(
      'WITH logged AS (
       INSERT INTO change_log (table_name, record_id, operation, changed_by, old_values, new_values, import_id, line)
       SELECT $1, %s, ''update'', $2, %s, %s, %s, CASE WHEN r.origin_import_id = %s THEN r.origin_line END
         FROM new_rows r
         JOIN old_rows o ON o.id = r.id
        WHERE %s
        ORDER BY r.id
       RETURNING id
       ) SELECT min(id), max(id) FROM logged', key_of, olds, news, import_of, import_of, differs)
      INTO first, last
      USING TG_TABLE_NAME, actor, import;
  ELSIF TG_OP = 'INSERT' THEN
    EXECUTE format(
      'WITH logged AS (
       INSERT INTO change_log (table_name, record_id, operation, changed_by, new_values, import_id, line)
       SELECT $1, %s, ''insert'', $2, to_jsonb(v), %s, CASE WHEN r.origin_import_id = %s THEN r.origin_line END
         FROM new_rows r
        CROSS JOIN LATERAL (SELECT %s) v
       RETURNING id
       ) SELECT min(id), max(id) FROM logged', key_of, import_of, import_of, told)
      INTO first, last
      USING TG_TABLE_NAME, actor, import;
  ELSE
    -- TRUNCATE has no transition table: the trigger runs before it and reads the table itself.
    source := CASE TG_OP WHEN 'DELETE' THEN 'old_rows' ELSE format('%I.%I', TG_TABLE_SCHEMA, TG_TABLE_NAME) END;
    EXECUTE format(
      'WITH logged AS (
       INSERT INTO change_log (table_name, record_id, operation, changed_by, old_values, import_id)
       SELECT $1, %s, ''delete'', $2, to_jsonb(v), $3
         FROM %s r
        CROSS JOIN LATERAL (SELECT %s) v
        ORDER BY r.id
       RETURNING id
       ) SELECT min(id), max(id) FROM logged', key_of, source, told)
      INTO first, last
      USING TG_TABLE_NAME, actor, import;
  END IF;
  -- Told at commit, and to nobody after a rollback: whoever watches the table reads the changes between the two.
  IF first IS NOT NULL THEN
    PERFORM pg_notify('changes', json_build_object('table', TG_TABLE_NAME, 'from', first, 'to', last)::text);
  END IF;
  RETURN NULL;
END;
$$;
