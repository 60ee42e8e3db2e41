-- safe: new columns with a default.

-- AlterTable
ALTER TABLE "analysis_results" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "channels" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "employees" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "influencers" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "reports" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "researches" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "search_queue" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;

-- AlterTable
ALTER TABLE "videos" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;

-- As before, and with a second argument the row's version grows by one.
CREATE OR REPLACE FUNCTION touch_row() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  IF TG_ARGV[0] = 'updated_date' THEN
    NEW.updated_date := now();
  ELSE
    NEW.updated_at := now();
  END IF;
  IF TG_NARGS > 1 THEN
    NEW.version := OLD.version + 1;
  END IF;
  RETURN NEW;
END;
$$;

CREATE OR REPLACE TRIGGER touch BEFORE UPDATE ON employees FOR EACH ROW EXECUTE FUNCTION touch_row('updated_at', 'version');
CREATE OR REPLACE TRIGGER touch BEFORE UPDATE ON researches FOR EACH ROW EXECUTE FUNCTION touch_row('updated_date', 'version');
CREATE OR REPLACE TRIGGER touch BEFORE UPDATE ON channels FOR EACH ROW EXECUTE FUNCTION touch_row('updated_at', 'version');
CREATE OR REPLACE TRIGGER touch BEFORE UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION touch_row('updated_at', 'version');
CREATE OR REPLACE TRIGGER touch BEFORE UPDATE ON influencers FOR EACH ROW EXECUTE FUNCTION touch_row('updated_at', 'version');
CREATE OR REPLACE TRIGGER touch BEFORE UPDATE ON search_queue FOR EACH ROW EXECUTE FUNCTION touch_row('updated_at', 'version');
CREATE OR REPLACE TRIGGER touch BEFORE UPDATE ON reports FOR EACH ROW EXECUTE FUNCTION touch_row('updated_at', 'version');
CREATE OR REPLACE TRIGGER touch BEFORE UPDATE ON analysis_results FOR EACH ROW EXECUTE FUNCTION touch_row('updated_at', 'version');

-- As before, without the version, and heard by whoever listens to `changes`.
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

  IF TG_OP = 'UPDATE' THEN
    EXECUTE format(
      'WITH logged AS (
       INSERT INTO change_log (table_name, record_id, operation, changed_by, old_values, new_values, import_id, line)
       SELECT $1, %s, ''update'', $2, d.old_values, d.new_values, $3, CASE WHEN r.origin_import_id = $3 THEN r.origin_line END
         FROM new_rows r
         JOIN old_rows o ON o.id = r.id
        CROSS JOIN LATERAL (
              SELECT jsonb_object_agg(coalesce(a.key, b.key), a.value) AS old_values,
                     jsonb_object_agg(coalesce(a.key, b.key), b.value) AS new_values
                FROM jsonb_each(to_jsonb(o) - $4) a
                FULL JOIN jsonb_each(to_jsonb(r) - $4) b ON a.key = b.key
               WHERE a.value IS DISTINCT FROM b.value
             ) d
        WHERE d.new_values IS NOT NULL
        ORDER BY r.id
       RETURNING id
       ) SELECT min(id), max(id) FROM logged', key_of)
      INTO first, last
      USING TG_TABLE_NAME, actor, import, hidden;
  ELSIF TG_OP = 'INSERT' THEN
    EXECUTE format(
      'WITH logged AS (
       INSERT INTO change_log (table_name, record_id, operation, changed_by, new_values, import_id, line)
       SELECT $1, %s, ''insert'', $2, to_jsonb(r) - $4, $3, CASE WHEN r.origin_import_id = $3 THEN r.origin_line END
         FROM new_rows r
        ORDER BY r.id
       RETURNING id
       ) SELECT min(id), max(id) FROM logged', key_of)
      INTO first, last
      USING TG_TABLE_NAME, actor, import, hidden;
  ELSE
    -- TRUNCATE has no transition table: the trigger runs before it and reads the table itself.
    source := CASE TG_OP WHEN 'DELETE' THEN 'old_rows' ELSE format('%I.%I', TG_TABLE_SCHEMA, TG_TABLE_NAME) END;
    EXECUTE format(
      'WITH logged AS (
       INSERT INTO change_log (table_name, record_id, operation, changed_by, old_values, import_id)
       SELECT $1, %s, ''delete'', $2, to_jsonb(r) - $4, $3
         FROM %s r
        ORDER BY r.id
       RETURNING id
       ) SELECT min(id), max(id) FROM logged', key_of, source)
      INTO first, last
      USING TG_TABLE_NAME, actor, import, hidden;
  END IF;
  -- Told at commit, and to nobody after a rollback: whoever watches the table reads the changes between the two.
  IF first IS NOT NULL THEN
    PERFORM pg_notify('changes', json_build_object('table', TG_TABLE_NAME, 'from', first, 'to', last)::text);
  END IF;
  RETURN NULL;
END;
$$;
