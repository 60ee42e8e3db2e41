-- safe: a trigger on a small table.

-- Told at commit: a stream of events that was opened with rights that have ended or changed is closed at once.
CREATE FUNCTION tell_access() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('access', '');
  RETURN NULL;
END;
$$;

-- Rights that are new end nobody's.
CREATE TRIGGER tell_access AFTER INSERT ON access_log
  FOR EACH ROW WHEN (NEW.operation <> 'insert') EXECUTE FUNCTION tell_access();
