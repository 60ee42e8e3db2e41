-- safe: a column is added and filled, about two milliseconds per transcript.

-- AlterTable
ALTER TABLE "videos" ADD COLUMN     "search_often" tsvector;

-- Of a long vector the words that it has most often. A long vector lies apart from its row, and to fetch it takes ten times as
-- long as to rank by it; these few lie with the row. What one word adds to a rank depends on that word's places alone, so
-- that of each of these words the rank is the same by either. NULL for a vector that lies with its row itself.
CREATE FUNCTION search_often(vector tsvector) RETURNS tsvector
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF length(vector) < 120 THEN
    RETURN NULL;
  END IF;
  RETURN ts_delete(
    vector,
    ARRAY(SELECT lexeme FROM unnest(vector) ORDER BY cardinality(positions) DESC, lexeme OFFSET 40)
  );
END;
$$;

-- As before; and a table with long texts, named `often`, keeps such words in a column search_often.
DROP PROCEDURE search_table(regclass, text, text);
CREATE PROCEDURE search_table(searched regclass, title text, body text, often boolean DEFAULT false)
  LANGUAGE plpgsql AS $$
DECLARE
  name CONSTANT text := searched::text || '_search_vectors';
BEGIN
  EXECUTE format(
    'CREATE OR REPLACE FUNCTION %I() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
  NEW.search_english := public.search_vector_english(%s, %s);
  NEW.search_simple := public.search_vector_simple(%2$s, %3$s);%s
  RETURN NEW;
END;
$f$', name, title, body, CASE WHEN often THEN E'\n  NEW.search_often := public.search_often(NEW.search_english);' END);
  EXECUTE format('CREATE OR REPLACE TRIGGER search_insert BEFORE INSERT ON %s FOR EACH ROW EXECUTE FUNCTION %I()', searched, name);
  EXECUTE format(
    'CREATE OR REPLACE TRIGGER search_update BEFORE UPDATE ON %s FOR EACH ROW
       WHEN (NEW.search_english IS NULL OR (%s) IS DISTINCT FROM (%s) OR (%s) IS DISTINCT FROM (%s)) EXECUTE FUNCTION %I()',
    searched, title, replace(title, 'NEW.', 'OLD.'), body, replace(body, 'NEW.', 'OLD.'), name);
END;
$$;

-- Rows are the same as before, by whatever they say: no other time, no version, no change.
ALTER TABLE videos DISABLE TRIGGER USER;
UPDATE videos SET search_often = search_often(search_english) WHERE length(search_english) >= 120;
ALTER TABLE videos ENABLE TRIGGER USER;

CALL search_table('videos', 'NEW.title', 'NEW.transcript_content', true);

-- It follows from the texts, as the vectors do: the log leaves it out.
DROP TRIGGER log_insert ON videos;
DROP TRIGGER log_update ON videos;
DROP TRIGGER log_delete ON videos;
DROP TRIGGER log_truncate ON videos;
CALL audit_table('videos', 'video_id', 'search_often');
