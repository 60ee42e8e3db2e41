-- safe: indexes in the order of lists, and partitions that take in what waited in the default one.

-- Lists put what has no priority last; PostgreSQL's own descending order puts it first and serves no such list.
DROP INDEX "search_queue_priority_search_id_idx";
CREATE INDEX "search_queue_priority_search_id_idx" ON "search_queue" ("priority" DESC NULLS LAST, "search_id");

-- The rejects of one import, the latest first: without it an import that has none was looked for through all rejects.
CREATE INDEX "rejects_import_id_id_idx" ON "rejects" ("import_id", "id" DESC);

-- The imports of one dataset, the latest first.
CREATE INDEX "imports_dataset_started_at_import_id_idx" ON "imports" ("dataset", "started_at" DESC, "import_id");

-- As before, and changes of a month that had no partition yet (a clock was far ahead, or no server ran for a year) move
-- to it from the default one: PostgreSQL refuses a partition whose rows lie there, and the start would fail. Attached
-- rather than made in place, so that writers of other months do not wait.
CREATE OR REPLACE FUNCTION ensure_change_log_partitions() RETURNS integer
  LANGUAGE plpgsql AS $$
DECLARE
  month date;
  made integer := 0;
  name text;
  first_moment text;
  end_moment text;
BEGIN
  -- Two servers on one database may both find the month missing.
  PERFORM pg_advisory_xact_lock(hashtextextended('change_log partitions', 0));
  FOR ahead IN 0..12 LOOP
    month := (date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => ahead))::date;
    name := 'change_log_' || to_char(month, 'YYYY_MM');
    IF to_regclass(name) IS NOT NULL THEN
      CONTINUE;
    END IF;
    first_moment := month::text || ' 00:00:00+00';
    end_moment := (month + interval '1 month')::date::text || ' 00:00:00+00';
    -- Nobody may add a row of the month between the move and the attachment.
    LOCK TABLE change_log_default IN EXCLUSIVE MODE;
    EXECUTE format('CREATE TABLE %I (LIKE change_log INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
    EXECUTE format(
      'WITH moved AS (DELETE FROM change_log_default WHERE changed_at >= %L AND changed_at < %L RETURNING *)
       INSERT INTO %I SELECT * FROM moved',
      first_moment, end_moment, name
    );
    EXECUTE format(
      'ALTER TABLE change_log ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
      name, first_moment, end_moment
    );
    made := made + 1;
  END LOOP;
  RETURN made;
END;
$$;
