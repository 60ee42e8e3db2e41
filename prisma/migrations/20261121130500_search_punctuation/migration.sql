-- safe: search vectors are made anew (about two minutes per million segments).

-- Under the locale C the parser takes every character beyond ASCII for a letter: “agents” in such quotes, agents… and
-- agents。were words of their own that nobody finds. Here they are blanks, one for one, and the apostrophes are one.
CREATE FUNCTION plain_punctuation(value text) RETURNS text
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF octet_length(value) = char_length(value) THEN
    RETURN value;
  END IF;
  RETURN regexp_replace(
    translate(value, U&'\2018\2019\02BC\FF07', ''''''''''),
    U&'[\00A0-\00A9\00AB-\00B4\00B6-\00B9\00BB-\00BF\00D7\00F7\02C2-\02DF\037E\0387\055A-\055F\0589\058A\05BE\05C0\05C3\05C6\05F3\05F4\060C-\061F\066A-\066D\06D4\0964\0965\0E2F\0E5A\0E5B\104A-\104F\1360-\1368\17D4-\17DA\1800-\180A\2000-\200B\200E-\206F\20A0-\20CF\2190-\2BFF\2E00-\2E7F\3000-\3004\3008-\3020\3030\303D\30FB\D7FC-\D7FF\E000-\F8FF\FD3E\FD3F\FE10-\FE19\FE30-\FE6F\FEFF\FF00-\FF0F\FF1A-\FF20\FF3B-\FF40\FF5B-\FF65\FFE0-\FFFF\+01F000-\+01FAFF]',
    ' ', 'g'
  );
END;
$$;

-- As before, without punctuation.
CREATE OR REPLACE FUNCTION search_text(value text, most integer) RETURNS text
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF octet_length(value) = char_length(value) THEN
    RETURN left(value, most);
  END IF;
  RETURN regexp_replace(
    public.plain_punctuation(left(public.without_accents(left(value, most)), most)),
    U&'([\0E00-\0EFF\1000-\109F\1780-\17FF\3005\3041-\30FF\3400-\4DBF\4E00-\9FFF\AC00-\D7A3\F900-\FAFF\+020000-\+03FFFF])',
    U&'\001F\\1\001F', 'g'
  );
END;
$$;

CREATE OR REPLACE FUNCTION search_vector_english(title text, body text) RETURNS tsvector
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN setweight(to_tsvector('pg_catalog.english'::regconfig, plain_punctuation(left(coalesce(title, ''), 1000))), 'A')
      || setweight(to_tsvector('pg_catalog.english'::regconfig, plain_punctuation(left(coalesce(body, ''), 150000))), 'B');

-- The same expressions again: what is stored was made by the old functions.
ALTER TABLE researches
  ALTER COLUMN search_english SET EXPRESSION AS (search_vector_english(title, metadata ->> 'description')),
  ALTER COLUMN search_simple SET EXPRESSION AS (search_vector_simple(title, metadata ->> 'description'));
ALTER TABLE videos
  ALTER COLUMN search_english SET EXPRESSION AS (search_vector_english(title, transcript_content)),
  ALTER COLUMN search_simple SET EXPRESSION AS (search_vector_simple(title, transcript_content));
ALTER TABLE video_segments
  ALTER COLUMN search_english SET EXPRESSION AS (search_vector_english(NULL, text)),
  ALTER COLUMN search_simple SET EXPRESSION AS (search_vector_simple(NULL, text));
ALTER TABLE reports
  ALTER COLUMN search_english SET EXPRESSION AS (search_vector_english(title, metadata ->> 'content')),
  ALTER COLUMN search_simple SET EXPRESSION AS (search_vector_simple(title, metadata ->> 'content'));
ALTER TABLE analysis_results
  ALTER COLUMN search_english SET EXPRESSION AS (search_vector_english(results ->> 'title', results ->> 'text')),
  ALTER COLUMN search_simple SET EXPRESSION AS (search_vector_simple(results ->> 'title', results ->> 'text'));
