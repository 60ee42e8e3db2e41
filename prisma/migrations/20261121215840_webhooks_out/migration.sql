-- safe: triggers on imports and sync_jobs, which do nothing while nobody is told; one index on a new table.

-- What each place is to be told next.
CREATE INDEX webhook_deliveries_next_idx ON webhook_deliveries (webhook_id, next_attempt_at, id) WHERE status = 'pending';

-- Imports end many at a time; what is told of them commits with them, or never was.
CREATE FUNCTION tell_of_imports() RETURNS trigger
  LANGUAGE plpgsql AS $$
DECLARE
  owner CONSTANT text := current_setting('cairn.owner', true);
  told bigint := 0;
BEGIN
  -- Whoever imports need not be whoever is told.
  PERFORM set_config('cairn.owner', '*', true);
  IF EXISTS (SELECT FROM webhook_endpoints WHERE is_active AND events && ARRAY['import.finished', 'import.rejects']) THEN
    INSERT INTO webhook_deliveries (delivery_id, webhook_id, owner_id, event, payload)
    SELECT uuidv7(), w.webhook_id, w.owner_id, e.event,
           jsonb_build_object(
             'type', e.event,
             'timestamp', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
             'data', jsonb_build_object(
               'importId', n.import_id, 'dataset', n.dataset, 'path', n.path, 'status', upper(n.status), 'actor', n.actor,
               'read', n.read, 'inserted', n.inserted, 'updated', n.updated, 'unchanged', n.unchanged,
               'rejected', n.rejected, 'derived', n.derived, 'error', n.error))
      FROM new_rows n
      JOIN old_rows o ON o.id = n.id AND o.status = 'running' AND n.status IN ('imported', 'failed')
     CROSS JOIN webhook_endpoints w
     CROSS JOIN LATERAL (
           SELECT 'import.finished' AS event
            UNION ALL
           SELECT 'import.rejects' WHERE n.status = 'imported' AND n.rejected >= w.reject_threshold) e
     WHERE w.is_active AND e.event = ANY (w.events)
       -- An item's import is written with the item's state, after this; its path begins with its source's name.
       AND (w.source_id IS NULL OR EXISTS (
             SELECT FROM data_sources s
              WHERE s.source_id = w.source_id AND starts_with(n.path, replace(s.name, '/', '∕') || '/')));
    GET DIAGNOSTICS told = ROW_COUNT;
  END IF;
  PERFORM set_config('cairn.owner', coalesce(owner, ''), true);
  IF told > 0 THEN
    PERFORM pg_notify('webhooks', '');
  END IF;
  RETURN NULL;
END;
$$;
CREATE TRIGGER tell_webhooks AFTER UPDATE ON imports REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION tell_of_imports();

CREATE FUNCTION tell_of_sync() RETURNS trigger
  LANGUAGE plpgsql AS $$
DECLARE
  owner CONSTANT text := current_setting('cairn.owner', true);
  happened CONSTANT text := 'sync.' || NEW.status;
  told bigint := 0;
BEGIN
  PERFORM set_config('cairn.owner', '*', true);
  IF EXISTS (SELECT FROM webhook_endpoints WHERE is_active AND happened = ANY (events)) THEN
    INSERT INTO webhook_deliveries (delivery_id, webhook_id, owner_id, event, payload)
    SELECT uuidv7(), w.webhook_id, w.owner_id, happened,
           jsonb_build_object(
             'type', happened,
             'timestamp', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
             'data', jsonb_build_object(
               'syncJobId', NEW.sync_job_id, 'sourceId', NEW.source_id, 'source', s.name, 'sourceType', s.source_type,
               'jobType', upper(NEW.job_type), 'status', upper(NEW.status), 'requestedBy', NEW.requested_by,
               'itemsFailed', NEW.items_failed, 'itemsDeleted', NEW.items_deleted, 'error', NEW.error))
      FROM webhook_endpoints w
      JOIN data_sources s ON s.source_id = NEW.source_id
     WHERE w.is_active AND happened = ANY (w.events)
       AND (w.source_id IS NULL OR w.source_id = NEW.source_id)
       -- A private source's are its owner's.
       AND (NEW.is_shared OR w.owner_id = NEW.owner_id);
    GET DIAGNOSTICS told = ROW_COUNT;
  END IF;
  PERFORM set_config('cairn.owner', coalesce(owner, ''), true);
  IF told > 0 THEN
    PERFORM pg_notify('webhooks', '');
  END IF;
  RETURN NULL;
END;
$$;
CREATE TRIGGER tell_webhooks AFTER UPDATE OF status ON sync_jobs FOR EACH ROW
  WHEN (NEW.status IN ('failed', 'waiting') AND OLD.status <> NEW.status) EXECUTE FUNCTION tell_of_sync();
