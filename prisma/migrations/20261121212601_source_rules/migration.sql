-- safe: rules on new tables; what triggers do for every other table is the same.

-- Whose rows the transaction may see: nobody's where it was not told. After a transaction that was, the setting reads as ''.
CREATE FUNCTION cairn_owner() RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('cairn.owner', true), '');

ALTER TABLE data_sources
  ADD CONSTRAINT data_sources_name_check CHECK (char_length(name) BETWEEN 1 AND 200),
  ADD CONSTRAINT data_sources_source_type_check CHECK (source_type ~ '^[a-z][a-z0-9-]{0,49}$'),
  ADD CONSTRAINT data_sources_connection_status_check CHECK (connection_status IN ('pending', 'connected', 'needs_reauth', 'error', 'disconnected')),
  ADD CONSTRAINT data_sources_config_check CHECK (jsonb_typeof(config) = 'object'),
  ADD CONSTRAINT data_sources_rules_check CHECK (jsonb_typeof(rules) = 'array'),
  ADD CONSTRAINT data_sources_delete_guard_check CHECK (delete_guard BETWEEN 0 AND 100),
  ADD CONSTRAINT data_sources_owner_id_check CHECK (owner_id ~ '^(hub|(user|token):[0-9a-f-]{36})$'),
  ADD CONSTRAINT data_sources_owner_role_check CHECK (owner_role IN ('viewer', 'importer', 'editor', 'admin'));
CREATE UNIQUE INDEX data_sources_name_key ON data_sources (owner_id, lower(name));

ALTER TABLE sync_jobs
  ADD CONSTRAINT sync_jobs_job_type_check CHECK (job_type IN ('full_sync', 'incremental', 'delta', 'manual')),
  ADD CONSTRAINT sync_jobs_status_check CHECK (status IN ('queued', 'running', 'completed', 'failed', 'cancelled', 'waiting'));

ALTER TABLE sync_items
  ADD CONSTRAINT sync_items_sync_status_check CHECK (sync_status IN ('pending', 'synced', 'skipped', 'failed', 'missing', 'deleted', 'conflict')),
  -- What an index takes: ids and paths of providers are a fraction of that, and longer ones are refused with words before.
  ADD CONSTRAINT sync_items_external_id_check CHECK (octet_length(external_id) BETWEEN 1 AND 2000),
  ADD CONSTRAINT sync_items_path_key_check CHECK (octet_length(path_key) <= 2000),
  ADD CONSTRAINT sync_items_content_hash_check CHECK (content_hash ~ '^[0-9a-f]{64}$');
-- What a run looks for are the few that wait, among any number that are done.
CREATE INDEX sync_items_pending_idx ON sync_items (source_id, id) WHERE sync_status = 'pending';
CREATE INDEX sync_items_retry_idx ON sync_items (source_id, retry_at) WHERE retry_at IS NOT NULL;

ALTER TABLE documents
  ADD CONSTRAINT documents_external_id_check CHECK (octet_length(external_id) BETWEEN 1 AND 2000),
  ADD CONSTRAINT documents_title_check CHECK (char_length(title) BETWEEN 1 AND 2000),
  ADD CONSTRAINT documents_text_check CHECK (char_length(text) <= 16000000),
  ADD CONSTRAINT documents_front_matter_check CHECK (jsonb_typeof(front_matter) = 'object');

ALTER TABLE etl_transformations
  ADD CONSTRAINT etl_transformations_name_check CHECK (char_length(name) BETWEEN 1 AND 200),
  ADD CONSTRAINT etl_transformations_pattern_check CHECK (char_length(pattern) BETWEEN 1 AND 1000),
  ADD CONSTRAINT etl_transformations_steps_check CHECK (jsonb_typeof(steps) = 'array');

ALTER TABLE scheduled_syncs
  ADD CONSTRAINT scheduled_syncs_name_check CHECK (char_length(name) BETWEEN 1 AND 200),
  ADD CONSTRAINT scheduled_syncs_job_kind_check CHECK (job_kind IN ('sync', 'export', 'clean-up')),
  ADD CONSTRAINT scheduled_syncs_arguments_check CHECK (jsonb_typeof(arguments) = 'object'),
  ADD CONSTRAINT scheduled_syncs_source_check CHECK (job_kind <> 'sync' OR source_id IS NOT NULL),
  ADD CONSTRAINT scheduled_syncs_frequency_check CHECK (
    frequency IN ('cron', 'interval', 'manual') AND (frequency = 'cron') = (cron IS NOT NULL) AND (frequency = 'interval') = (interval_seconds IS NOT NULL)
  ),
  ADD CONSTRAINT scheduled_syncs_interval_seconds_check CHECK (interval_seconds >= 1),
  ADD CONSTRAINT scheduled_syncs_role_check CHECK (role IN ('viewer', 'importer', 'editor', 'admin')),
  ADD CONSTRAINT scheduled_syncs_actor_kind_check CHECK (actor_kind IN ('user', 'token', 'schedule', 'command'));
CREATE INDEX scheduled_syncs_next_run_at_idx ON scheduled_syncs (next_run_at) WHERE is_active AND next_run_at IS NOT NULL;

ALTER TABLE webhook_endpoints
  ADD CONSTRAINT webhook_endpoints_url_check CHECK (char_length(url) BETWEEN 1 AND 2000),
  ADD CONSTRAINT webhook_endpoints_reject_threshold_check CHECK (reject_threshold >= 1);

ALTER TABLE webhook_deliveries
  ADD CONSTRAINT webhook_deliveries_status_check CHECK (status IN ('pending', 'delivered', 'failed'));
CREATE INDEX webhook_deliveries_pending_idx ON webhook_deliveries (next_attempt_at, id) WHERE status = 'pending';

-- Gives a table of owned rows its policies: called once per table, here and by later migrations. `shared` says what is done
-- to rows of shared sources by others than their owner, and whether a role may is for the application to say; of rows that
-- know no `is_shared` it is ''. The owner of the hub's housekeeping is `*`.
CREATE PROCEDURE own_table(owned regclass, shared text)
  LANGUAGE plpgsql AS $$
DECLARE
  mine CONSTANT text := 'owner_id = (SELECT cairn_owner()) OR (SELECT cairn_owner()) = ''*''';
  rule text;
  may record;
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', owned);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', owned);
  FOR may IN
    SELECT *
      FROM (VALUES ('select', 'USING (%s)'), ('insert', 'WITH CHECK (%s)'), ('update', 'USING (%1$s) WITH CHECK (%1$s)'), ('delete', 'USING (%s)')) AS v (command, clause)
  LOOP
    rule := mine || CASE WHEN may.command = ANY (string_to_array(shared, ',')) THEN ' OR is_shared' ELSE '' END;
    EXECUTE format('CREATE POLICY %I ON %s FOR %s ' || format(may.clause, rule), 'own_' || may.command, owned, may.command);
  END LOOP;
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO cairn_app', owned);
END;
$$;
REVOKE EXECUTE ON PROCEDURE own_table(regclass, text) FROM PUBLIC;

CALL own_table('data_sources', 'select,update');
CALL own_table('source_states', '');
CALL own_table('source_secrets', '');
CALL own_table('oauth_states', '');
-- Whoever may start a run of a shared source, or give it steps and times, need not be its owner. That such a row is of the
-- source's owner, and its source is shared, the foreign key says.
CALL own_table('sync_jobs', 'select,insert,update');
CALL own_table('sync_items', 'select,update');
CALL own_table('sync_seen', '');
CALL own_table('documents', 'select,update');
CALL own_table('etl_transformations', 'select,insert,update,delete');
CALL own_table('scheduled_syncs', 'select,insert,update,delete');
CALL own_table('webhook_endpoints', '');
CALL own_table('webhook_deliveries', '');
GRANT USAGE, SELECT ON SEQUENCE
  data_sources_id_seq, source_states_id_seq, source_secrets_id_seq, oauth_states_id_seq, sync_jobs_id_seq, sync_items_id_seq,
  documents_id_seq, etl_transformations_id_seq, scheduled_syncs_id_seq, webhook_endpoints_id_seq, webhook_deliveries_id_seq
TO cairn_app;

-- A shared source may be changed by others; whose it is may not.
CREATE FUNCTION keep_owner() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  IF cairn_owner() IS DISTINCT FROM '*' THEN
    RAISE EXCEPTION 'the owner of a source is not changed' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END;
$$;
CREATE TRIGGER keep_owner BEFORE UPDATE OF owner_id ON data_sources FOR EACH ROW
  WHEN (OLD.owner_id IS DISTINCT FROM NEW.owner_id) EXECUTE FUNCTION keep_owner();

-- As before; where a table has no origin columns its changes are of no line; and of a row that has an owner only they see what
-- changed, unless it was shared before and after. The second argument names columns that are not told.
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
    line_of := format('CASE WHEN r.origin_import_id = %s THEN r.origin_line END', import_of);
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
      USING TG_TABLE_NAME, actor, import;
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
      USING TG_TABLE_NAME, actor, import;
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

-- As the procedure of two arguments, for a table with columns that the log is not told.
CREATE PROCEDURE audit_table(audited regclass, key_columns text, untold text)
  LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER log_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION log_changes(%L, %L)', audited, key_columns, untold);
  EXECUTE format('CREATE TRIGGER log_update AFTER UPDATE ON %s REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION log_changes(%L, %L)', audited, key_columns, untold);
  EXECUTE format('CREATE TRIGGER log_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION log_changes(%L, %L)', audited, key_columns, untold);
  EXECUTE format('CREATE TRIGGER log_truncate BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION log_changes(%L, %L)', audited, key_columns, untold);
END;
$$;
REVOKE EXECUTE ON PROCEDURE audit_table(regclass, text, text) FROM PUBLIC;

-- Untold is what every run says anew, what follows the source, and what is told by its hash.
CALL audit_table('data_sources', 'source_id', 'last_sync_at,last_sync_status,total_items_synced');
CALL audit_table('etl_transformations', 'transformation_id', 'owner_id,is_shared');
CALL audit_table('scheduled_syncs', 'schedule_id', 'owner_id,is_shared,next_run_at,last_run_at,last_job_id');
CALL audit_table('documents', 'document_id', 'owner_id,is_shared,text');
CALL audit_table('webhook_endpoints', 'webhook_id', 'owner_id,sealed_secret');

-- Only what a person says makes a new version: a run that ends while somebody edits the source is no conflict.
CREATE TRIGGER touch BEFORE UPDATE ON data_sources FOR EACH ROW
  WHEN ((OLD.name, OLD.config, OLD.rules, OLD.sync_frequency, OLD.is_active, OLD.is_shared, OLD.delete_guard, OLD.owner_id)
    IS DISTINCT FROM (NEW.name, NEW.config, NEW.rules, NEW.sync_frequency, NEW.is_active, NEW.is_shared, NEW.delete_guard, NEW.owner_id))
  EXECUTE FUNCTION touch_row('updated_at', 'version');
CREATE TRIGGER touch BEFORE UPDATE ON etl_transformations FOR EACH ROW
  WHEN ((OLD.name, OLD.position, OLD.pattern, OLD.steps, OLD.is_active)
    IS DISTINCT FROM (NEW.name, NEW.position, NEW.pattern, NEW.steps, NEW.is_active))
  EXECUTE FUNCTION touch_row('updated_at', 'version');
CREATE TRIGGER touch BEFORE UPDATE ON scheduled_syncs FOR EACH ROW
  WHEN ((OLD.name, OLD.source_id, OLD.job_kind, OLD.arguments, OLD.frequency, OLD.cron, OLD.time_zone, OLD.interval_seconds, OLD.is_active)
    IS DISTINCT FROM (NEW.name, NEW.source_id, NEW.job_kind, NEW.arguments, NEW.frequency, NEW.cron, NEW.time_zone, NEW.interval_seconds, NEW.is_active))
  EXECUTE FUNCTION touch_row('updated_at', 'version');
CREATE TRIGGER touch BEFORE UPDATE ON documents FOR EACH ROW
  WHEN ((OLD.external_id, OLD.path, OLD.title, OLD.item_type, OLD.media_type, OLD.size, OLD.content_hash, OLD.text, OLD.text_fault, OLD.front_matter, OLD.author, OLD.url, OLD.external_modified_at)
    IS DISTINCT FROM (NEW.external_id, NEW.path, NEW.title, NEW.item_type, NEW.media_type, NEW.size, NEW.content_hash, NEW.text, NEW.text_fault, NEW.front_matter, NEW.author, NEW.url, NEW.external_modified_at))
  EXECUTE FUNCTION touch_row('updated_at', 'version');
CREATE TRIGGER touch BEFORE UPDATE ON webhook_endpoints FOR EACH ROW
  WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch_row('updated_at', 'version');

CALL search_table('documents', 'NEW.title', 'NEW.text');

-- A run is what its job is, whichever way the job ends: cancelled while it waited, given up, or lost with its worker. One that
-- waits for a yes has a job that is done.
CREATE FUNCTION follow_job() RETURNS trigger
  LANGUAGE plpgsql AS $$
DECLARE
  owner CONSTANT text := current_setting('cairn.owner', true);
BEGIN
  -- Whoever cancels a job, or takes over that of a dead worker, need not be the source's owner.
  PERFORM set_config('cairn.owner', '*', true);
  UPDATE sync_jobs
     SET status = CASE WHEN NEW.status = 'completed' AND status = 'waiting' THEN status ELSE NEW.status END,
         error = NEW.error,
         started_at = coalesce(started_at, NEW.started_at),
         completed_at = NEW.finished_at
   WHERE sync_job_id = NEW.job_id;
  PERFORM set_config('cairn.owner', coalesce(owner, ''), true);
  RETURN NULL;
END;
$$;
CREATE TRIGGER follow_job AFTER UPDATE OF status ON jobs FOR EACH ROW
  WHEN (NEW.kind = 'sync' AND OLD.status <> NEW.status) EXECUTE FUNCTION follow_job();

-- The changes of owned rows are their owner's. Text equality and NULL tests are leakproof: the log's indexes serve as before.
ALTER TABLE change_log ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_select ON change_log FOR SELECT
  USING (owner_id IS NULL OR owner_id = (SELECT cairn_owner()) OR (SELECT cairn_owner()) = '*');
