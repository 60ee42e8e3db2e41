-- safe: changes are told their line where an import edits rows that keep their origin; every older release runs on it.

-- As before, but for the lines.
CREATE OR REPLACE FUNCTION log_changes() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  hidden CONSTANT text[] := ARRAY[
    'id', 'version', 'search_english', 'search_simple', 'created_at', 'updated_at',
    'origin_import_id', 'origin_line', 'origin_raw', 'edited_values'
  ] || string_to_array(coalesce(TG_ARGV[1], ''), ',');
  actor CONSTANT text := coalesce(nullif(current_setting('cairn.actor', true), ''), 'database:' || session_user);
  import CONSTANT uuid := nullif(nullif(current_setting('cairn.import_id', true), ''), 'origin')::uuid;
  keys CONSTANT text[] := string_to_array(TG_ARGV[0], ',');
  -- Lines of rows that keep the origin which they have, by the row's id: what was edited in an export stays its file's.
  edited CONSTANT jsonb := nullif(current_setting('cairn.edited_lines', true), '')::jsonb;
  import_of text := CASE current_setting('cairn.import_id', true) WHEN 'origin' THEN 'r.origin_import_id' ELSE '$3' END;
  line_of text;
  owner_of text := 'NULL';
  both_of text := 'NULL';
  names text[];
  key_of text;
  told text;
  differs text;
  olds text;
  news text;
  source text;
  owner text;
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
  SELECT string_agg(format('r.%I', attname), ', ' ORDER BY attnum) FILTER (WHERE shown),
         string_agg(format('o.%I IS DISTINCT FROM r.%1$I', attname), ' OR ' ORDER BY attnum) FILTER (WHERE shown),
         string_agg(format('CASE WHEN o.%1$I IS DISTINCT FROM r.%1$I THEN jsonb_build_object(%1$L, o.%1$I) ELSE ''{}'' END', attname), ' || ' ORDER BY attnum) FILTER (WHERE shown),
         string_agg(format('CASE WHEN o.%1$I IS DISTINCT FROM r.%1$I THEN jsonb_build_object(%1$L, r.%1$I) ELSE ''{}'' END', attname), ' || ' ORDER BY attnum) FILTER (WHERE shown),
         array_agg(attname)
    INTO told, differs, olds, news, names
    FROM (SELECT attname, attnum, attname <> ALL (hidden) AS shown
            FROM pg_attribute
           WHERE attrelid = TG_RELID AND attnum > 0 AND NOT attisdropped) a;

  IF 'origin_import_id' = ANY (names) THEN
    line_of := format('CASE WHEN r.origin_import_id = %s THEN r.origin_line %s END', import_of,
                      CASE WHEN edited IS NOT NULL THEN 'ELSE ($4 ->> r.id::text)::integer' END);
  ELSE
    import_of := '$3';
    line_of := 'NULL';
  END IF;
  IF 'is_shared' = ANY (names) THEN
    owner_of := 'CASE WHEN NOT r.is_shared THEN r.owner_id END';
    both_of := 'CASE WHEN NOT (o.is_shared AND r.is_shared) THEN r.owner_id END';
  ELSIF 'owner_id' = ANY (names) THEN
    owner_of := 'r.owner_id';
    both_of := 'r.owner_id';
  END IF;

  IF TG_OP = 'UPDATE' THEN
    EXECUTE format(
      'WITH logged AS (
       INSERT INTO change_log (table_name, record_id, operation, changed_by, old_values, new_values, import_id, line, owner_id)
       SELECT $1, %s, ''update'', $2, %s, %s, %s, %s, %s
         FROM new_rows r
         JOIN old_rows o ON o.id = r.id
        WHERE %s
        ORDER BY r.id
       RETURNING id
       ) SELECT min(id), max(id) FROM logged', key_of, olds, news, import_of, line_of, both_of, differs)
      INTO first, last
      USING TG_TABLE_NAME, actor, import, edited;
  ELSIF TG_OP = 'INSERT' THEN
    EXECUTE format(
      'WITH logged AS (
       INSERT INTO change_log (table_name, record_id, operation, changed_by, new_values, import_id, line, owner_id)
       SELECT $1, %s, ''insert'', $2, to_jsonb(v), %s, %s, %s
         FROM new_rows r
        CROSS JOIN LATERAL (SELECT %s) v
       RETURNING id
       ) SELECT min(id), max(id) FROM logged', key_of, import_of, line_of, owner_of, told)
      INTO first, last
      USING TG_TABLE_NAME, actor, import, edited;
  ELSE
    -- TRUNCATE has no transition table: the trigger runs before it and reads the table itself, all of it.
    source := CASE TG_OP WHEN 'DELETE' THEN 'old_rows' ELSE format('%I.%I', TG_TABLE_SCHEMA, TG_TABLE_NAME) END;
    owner := current_setting('cairn.owner', true);
    PERFORM set_config('cairn.owner', '*', true);
    EXECUTE format(
      'WITH logged AS (
       INSERT INTO change_log (table_name, record_id, operation, changed_by, old_values, import_id, owner_id)
       SELECT $1, %s, ''delete'', $2, to_jsonb(v), $3, %s
         FROM %s r
        CROSS JOIN LATERAL (SELECT %s) v
        ORDER BY r.id
       RETURNING id
       ) SELECT min(id), max(id) FROM logged', key_of, owner_of, source, told)
      INTO first, last
      USING TG_TABLE_NAME, actor, import;
    PERFORM set_config('cairn.owner', coalesce(owner, ''), true);
  END IF;
  -- Told at commit, and to nobody after a rollback: whoever watches the table reads the changes between the two.
  IF first IS NOT NULL THEN
    PERFORM pg_notify('changes', json_build_object('table', TG_TABLE_NAME, 'from', first, 'to', last)::text);
  END IF;
  RETURN NULL;
END;
$$;
