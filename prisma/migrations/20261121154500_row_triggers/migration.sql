-- safe: what triggers do is the same and costs less; search vectors stay as they are.

-- As before, and column by column: a row as JSON less the hidden columns would write out its search vectors and its longest
-- texts first, at every change of a status. Rows come out of a statement in the order in which it wrote them.
CREATE OR REPLACE FUNCTION log_changes() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  hidden CONSTANT text[] := ARRAY[
    'id', 'version', 'search_english', 'search_simple', 'created_at', 'updated_at',
    'origin_import_id', 'origin_line', 'origin_raw', 'edited_values'
  ];
  actor CONSTANT text := coalesce(nullif(current_setting('cairn.actor', true), ''), 'database:' || session_user);
  import CONSTANT uuid := nullif(current_setting('cairn.import_id', true), '')::uuid;
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
       SELECT $1, %s, ''update'', $2, %s, %s, $3, CASE WHEN r.origin_import_id = $3 THEN r.origin_line END
         FROM new_rows r
         JOIN old_rows o ON o.id = r.id
        WHERE %s
        ORDER BY r.id
       RETURNING id
       ) SELECT min(id), max(id) FROM logged', key_of, olds, news, differs)
      INTO first, last
      USING TG_TABLE_NAME, actor, import;
  ELSIF TG_OP = 'INSERT' THEN
    EXECUTE format(
      'WITH logged AS (
       INSERT INTO change_log (table_name, record_id, operation, changed_by, new_values, import_id, line)
       SELECT $1, %s, ''insert'', $2, to_jsonb(v), $3, CASE WHEN r.origin_import_id = $3 THEN r.origin_line END
         FROM new_rows r
        CROSS JOIN LATERAL (SELECT %s) v
       RETURNING id
       ) SELECT min(id), max(id) FROM logged', key_of, told)
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

-- Gives a table its search vectors: called once per table, here and by later migrations. The expressions are SQL over NEW.
-- A generated column would be made anew at every update of its row, whatever was changed: a few milliseconds for the
-- transcript of an hour.
CREATE PROCEDURE search_table(searched regclass, title text, body text)
  LANGUAGE plpgsql AS $$
DECLARE
  name CONSTANT text := searched::text || '_search_vectors';
BEGIN
  EXECUTE format(
    'CREATE OR REPLACE FUNCTION %I() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
  NEW.search_english := public.search_vector_english(%s, %s);
  NEW.search_simple := public.search_vector_simple(%2$s, %3$s);
  RETURN NEW;
END;
$f$', name, title, body);
  EXECUTE format('CREATE OR REPLACE TRIGGER search_insert BEFORE INSERT ON %s FOR EACH ROW EXECUTE FUNCTION %I()', searched, name);
  EXECUTE format(
    'CREATE OR REPLACE TRIGGER search_update BEFORE UPDATE ON %s FOR EACH ROW
       WHEN ((%s) IS DISTINCT FROM (%s) OR (%s) IS DISTINCT FROM (%s)) EXECUTE FUNCTION %I()',
    searched, title, replace(title, 'NEW.', 'OLD.'), body, replace(body, 'NEW.', 'OLD.'), name);
END;
$$;

ALTER TABLE researches ALTER COLUMN search_english DROP EXPRESSION, ALTER COLUMN search_simple DROP EXPRESSION;
ALTER TABLE videos ALTER COLUMN search_english DROP EXPRESSION, ALTER COLUMN search_simple DROP EXPRESSION;
ALTER TABLE video_segments ALTER COLUMN search_english DROP EXPRESSION, ALTER COLUMN search_simple DROP EXPRESSION;
ALTER TABLE reports ALTER COLUMN search_english DROP EXPRESSION, ALTER COLUMN search_simple DROP EXPRESSION;
ALTER TABLE analysis_results ALTER COLUMN search_english DROP EXPRESSION, ALTER COLUMN search_simple DROP EXPRESSION;

CALL search_table('researches', 'NEW.title', 'NEW.metadata ->> ''description''');
CALL search_table('videos', 'NEW.title', 'NEW.transcript_content');
CALL search_table('video_segments', 'NULL::text', 'NEW.text');
CALL search_table('reports', 'NEW.title', 'NEW.metadata ->> ''content''');
CALL search_table('analysis_results', 'NEW.results ->> ''title''', 'NEW.results ->> ''text''');

-- An update that changes nothing is none: no new version, no other time.
DO $$
DECLARE
  found record;
BEGIN
  FOR found IN
    SELECT tgrelid::regclass AS touched, pg_get_triggerdef(oid) AS definition
      FROM pg_trigger
     WHERE tgname = 'touch' AND NOT tgisinternal
     ORDER BY tgrelid::regclass::text
  LOOP
    EXECUTE regexp_replace(
      replace(found.definition, 'CREATE TRIGGER', 'CREATE OR REPLACE TRIGGER'),
      'FOR EACH ROW EXECUTE', 'FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE'
    );
  END LOOP;
END;
$$;
