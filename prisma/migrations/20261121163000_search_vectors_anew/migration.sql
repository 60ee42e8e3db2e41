-- safe: triggers as they were, and a way to have vectors made anew.

-- As before, and an update that sets search_english to NULL makes both vectors anew: for rows that a fault of the machine or of
-- a person spoilt.
CREATE OR REPLACE PROCEDURE search_table(searched regclass, title text, body text)
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
       WHEN (NEW.search_english IS NULL OR (%s) IS DISTINCT FROM (%s) OR (%s) IS DISTINCT FROM (%s)) EXECUTE FUNCTION %I()',
    searched, title, replace(title, 'NEW.', 'OLD.'), body, replace(body, 'NEW.', 'OLD.'), name);
END;
$$;

CALL search_table('researches', 'NEW.title', 'NEW.metadata ->> ''description''');
CALL search_table('videos', 'NEW.title', 'NEW.transcript_content');
CALL search_table('video_segments', 'NULL::text', 'NEW.text');
CALL search_table('reports', 'NEW.title', 'NEW.metadata ->> ''content''');
CALL search_table('analysis_results', 'NEW.results ->> ''title''', 'NEW.results ->> ''text''');
