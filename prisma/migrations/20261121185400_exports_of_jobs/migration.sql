-- safe: a trigger on jobs; nothing is locked for long.

-- An export whose job ends without a file says so itself, whichever way the job ended: cancelled while it waited, or with its worker.
CREATE FUNCTION end_export_of_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE exports
     SET status = NEW.status, error = NEW.error, finished_at = now()
   WHERE job_id = NEW.job_id AND status = 'running';
  RETURN NULL;
END;
$$;

-- One that is tried again goes on.
CREATE FUNCTION resume_export_of_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE exports
     SET status = 'running', error = NULL, finished_at = NULL
   WHERE job_id = NEW.job_id AND status IN ('failed', 'cancelled');
  RETURN NULL;
END;
$$;

CREATE TRIGGER end_export AFTER UPDATE OF status ON jobs FOR EACH ROW
  WHEN (NEW.kind = 'export' AND OLD.status <> NEW.status AND NEW.status IN ('failed', 'cancelled'))
  EXECUTE FUNCTION end_export_of_job();
CREATE TRIGGER resume_export AFTER UPDATE OF status ON jobs FOR EACH ROW
  WHEN (NEW.kind = 'export' AND OLD.status IN ('failed', 'cancelled') AND NEW.status = 'queued')
  EXECUTE FUNCTION resume_export_of_job();
