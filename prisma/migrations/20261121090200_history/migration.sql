-- safe: history of new tables.

-- One partition a month. The default partition catches what no month holds, so that a clock far off loses no change.
CREATE TABLE change_log_default PARTITION OF change_log DEFAULT;

-- Makes the partitions of this month and the twelve that follow; called at every start. Returns how many were made.
CREATE FUNCTION ensure_change_log_partitions() RETURNS integer
  LANGUAGE plpgsql AS $$
DECLARE
  month date;
  made integer := 0;
  name text;
BEGIN
  FOR ahead IN 0..12 LOOP
    month := (date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => ahead))::date;
    name := 'change_log_' || to_char(month, 'YYYY_MM');
    IF to_regclass(name) IS NOT NULL THEN
      CONTINUE;
    END IF;
    EXECUTE format(
      'CREATE TABLE %I PARTITION OF change_log FOR VALUES FROM (%L) TO (%L)',
      name,
      month::text || ' 00:00:00+00',
      (month + interval '1 month')::date::text || ' 00:00:00+00'
    );
    made := made + 1;
  END LOOP;
  RETURN made;
END;
$$;

-- The audit is the database's job: no code path can forget it. One trigger per event sees the whole statement through its
-- transition tables. The argument names the table's key columns. Values leave out what is derived from others (search
-- vectors) and what says where a value came from (origins): replaying the log gives the rows.
CREATE FUNCTION log_changes() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  hidden CONSTANT text[] := ARRAY[
    'id', 'search_english', 'search_simple', 'created_at', 'updated_at',
    'origin_import_id', 'origin_line', 'origin_raw', 'edited_values'
  ];
  actor CONSTANT text := coalesce(nullif(current_setting('cairn.actor', true), ''), 'database:' || session_user);
  import CONSTANT uuid := nullif(current_setting('cairn.import_id', true), '')::uuid;
  keys CONSTANT text[] := string_to_array(TG_ARGV[0], ',');
  key_of text;
  source text;
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
      'INSERT INTO change_log (table_name, record_id, operation, changed_by, old_values, new_values, import_id, line)
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
        ORDER BY r.id', key_of)
      USING TG_TABLE_NAME, actor, import, hidden;
  ELSIF TG_OP = 'INSERT' THEN
    EXECUTE format(
      'INSERT INTO change_log (table_name, record_id, operation, changed_by, new_values, import_id, line)
       SELECT $1, %s, ''insert'', $2, to_jsonb(r) - $4, $3, CASE WHEN r.origin_import_id = $3 THEN r.origin_line END
         FROM new_rows r
        ORDER BY r.id', key_of)
      USING TG_TABLE_NAME, actor, import, hidden;
  ELSE
    -- TRUNCATE has no transition table: the trigger runs before it and reads the table itself.
    source := CASE TG_OP WHEN 'DELETE' THEN 'old_rows' ELSE format('%I.%I', TG_TABLE_SCHEMA, TG_TABLE_NAME) END;
    EXECUTE format(
      'INSERT INTO change_log (table_name, record_id, operation, changed_by, old_values, import_id)
       SELECT $1, %s, ''delete'', $2, to_jsonb(r) - $4, $3
         FROM %s r
        ORDER BY r.id', key_of, source)
      USING TG_TABLE_NAME, actor, import, hidden;
  END IF;
  RETURN NULL;
END;
$$;

-- Keeps the column named by the argument at the time of the last real change of the row.
CREATE FUNCTION touch_row() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  IF TG_ARGV[0] = 'updated_date' THEN
    NEW.updated_date := now();
  ELSE
    NEW.updated_at := now();
  END IF;
  RETURN NEW;
END;
$$;

-- Audits one table: called once per table, here and by later migrations.
CREATE PROCEDURE audit_table(audited regclass, key_columns text)
  LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER log_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION log_changes(%L)', audited, key_columns);
  EXECUTE format('CREATE TRIGGER log_update AFTER UPDATE ON %s REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION log_changes(%L)', audited, key_columns);
  EXECUTE format('CREATE TRIGGER log_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION log_changes(%L)', audited, key_columns);
  EXECUTE format('CREATE TRIGGER log_truncate BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION log_changes(%L)', audited, key_columns);
END;
$$;

CALL audit_table('employees', 'employee_id');
CALL audit_table('researches', 'research_id');
CALL audit_table('channels', 'channel_id');
CALL audit_table('videos', 'video_id');
CALL audit_table('video_segments', 'video_id,position');
CALL audit_table('influencers', 'influencer_id');
CALL audit_table('search_queue', 'search_id');
CALL audit_table('reports', 'report_id');
CALL audit_table('analysis_results', 'analysis_id');
CALL audit_table('research_videos', 'research_id,video_id');
CALL audit_table('video_influencers', 'video_id,influencer_id');

CREATE TRIGGER touch BEFORE UPDATE ON employees FOR EACH ROW EXECUTE FUNCTION touch_row('updated_at');
CREATE TRIGGER touch BEFORE UPDATE ON researches FOR EACH ROW EXECUTE FUNCTION touch_row('updated_date');
CREATE TRIGGER touch BEFORE UPDATE ON channels FOR EACH ROW EXECUTE FUNCTION touch_row('updated_at');
CREATE TRIGGER touch BEFORE UPDATE ON videos FOR EACH ROW EXECUTE FUNCTION touch_row('updated_at');
CREATE TRIGGER touch BEFORE UPDATE ON influencers FOR EACH ROW EXECUTE FUNCTION touch_row('updated_at');
CREATE TRIGGER touch BEFORE UPDATE ON search_queue FOR EACH ROW EXECUTE FUNCTION touch_row('updated_at');
CREATE TRIGGER touch BEFORE UPDATE ON reports FOR EACH ROW EXECUTE FUNCTION touch_row('updated_at');
CREATE TRIGGER touch BEFORE UPDATE ON analysis_results FOR EACH ROW EXECUTE FUNCTION touch_row('updated_at');
CREATE TRIGGER touch BEFORE UPDATE ON research_videos FOR EACH ROW EXECUTE FUNCTION touch_row('updated_at');
CREATE TRIGGER touch BEFORE UPDATE ON video_influencers FOR EACH ROW EXECUTE FUNCTION touch_row('updated_at');

-- For those who read the old log: every import as one line. Exports join when they exist.
CREATE VIEW file_sync_log WITH (security_invoker = true) AS
SELECT import_id AS sync_id,
       path AS file_path,
       'import'::text AS sync_type,
       CASE status WHEN 'running' THEN 'pending' WHEN 'failed' THEN 'failed' ELSE 'success' END AS sync_status,
       file_hash,
       coalesce(finished_at, started_at) AS synced_at,
       error ->> 'message' AS error_message
  FROM imports;
