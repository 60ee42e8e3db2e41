-- safe: search vectors are made anew (about a minute per million segments); new tables.

-- Trigrams find the word that a misspelt one was meant to be. A trusted extension: the database's owner may create it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- As before, and letters that no decomposition makes plain: ß is found as ss, ø as o.
CREATE OR REPLACE FUNCTION without_accents(value text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN normalize(
    regexp_replace(
      normalize(
        replace(replace(replace(replace(replace(replace(
          translate(value, 'øØłŁđĐı', 'oOlLdDi'),
          'ß', 'ss'), 'ẞ', 'SS'), 'æ', 'ae'), 'Æ', 'AE'), 'œ', 'oe'), 'Œ', 'OE'),
        NFKD
      ),
      U&'[\0300-\036F]', '', 'g'
    ),
    NFC
  );

-- What is searched word by word: the first `most` characters without accents, and in scripts that put no space between
-- words (Chinese, Japanese, Thai, Lao, Burmese, Khmer), or hang endings on them (Korean), every character a word, so that
-- any part of a text is found as a phrase. They are set apart by a character that no text keeps and headlines take out
-- again. Not SQL, which is inlined: the argument would be computed once for every mention of it. The schema is named, since a
-- restore of a dump runs with none in its path.
CREATE FUNCTION search_text(value text, most integer) RETURNS text
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  IF octet_length(value) = char_length(value) THEN
    RETURN left(value, most);
  END IF;
  -- Two cuts: a decomposition lengthens some text, and a vector holds no more than 1 MB of words.
  RETURN regexp_replace(
    left(public.without_accents(left(value, most)), most),
    U&'([\0E00-\0EFF\1000-\109F\1780-\17FF\3005\3041-\30FF\3400-\4DBF\4E00-\9FFF\AC00-\D7A3\F900-\FAFF\+020000-\+03FFFF])',
    U&'\001F\\1\001F', 'g'
  );
END;
$$;

CREATE OR REPLACE FUNCTION search_vector_simple(title text, body text) RETURNS tsvector
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN setweight(to_tsvector('pg_catalog.simple'::regconfig, search_text(coalesce(title, ''), 1000)), 'A')
      || setweight(to_tsvector('pg_catalog.simple'::regconfig, search_text(coalesce(body, ''), 150000)), 'B');

-- The same expressions again: what is stored was made by the old function.
ALTER TABLE researches ALTER COLUMN search_simple SET EXPRESSION AS (search_vector_simple(title, metadata ->> 'description'));
ALTER TABLE videos ALTER COLUMN search_simple SET EXPRESSION AS (search_vector_simple(title, transcript_content));
ALTER TABLE video_segments ALTER COLUMN search_simple SET EXPRESSION AS (search_vector_simple(NULL, text));
ALTER TABLE reports ALTER COLUMN search_simple SET EXPRESSION AS (search_vector_simple(title, metadata ->> 'content'));
ALTER TABLE analysis_results ALTER COLUMN search_simple SET EXPRESSION AS (search_vector_simple(results ->> 'title', results ->> 'text'));

-- A word in plain Latin letters, so that words of other alphabets have trigrams as well: pg_trgm sees only ASCII under the
-- locale C. Not a transcription to read, but near words stay near.
CREATE FUNCTION latin_letters(value text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN translate(
    lower(without_accents(value)),
    'абвгдежзиклмнопрстуфхцчшщыэюяєіґђјљњћџѕαβγδεζηθικλμνξοπρσςτυφχψωъь',
    'abvgdejziklmnoprstufxccssyeuaeigdjlncdzabgdeziuiklmnxoprsstufxpo'
  );

-- CreateTable
CREATE TABLE "search_words" (
    "word" TEXT NOT NULL,
    "letters" TEXT NOT NULL,
    "seen" INTEGER NOT NULL,

    CONSTRAINT "search_words_pkey" PRIMARY KEY ("word")
);

-- CreateTable
CREATE TABLE "search_progress" (
    "table_name" TEXT NOT NULL,
    "from_transaction" BIGINT NOT NULL,
    "to_transaction" BIGINT NOT NULL,
    "row_id" BIGINT NOT NULL,

    CONSTRAINT "search_progress_pkey" PRIMARY KEY ("table_name")
);

-- CreateIndex
CREATE INDEX "search_words_letters_idx" ON "search_words" USING GIN ("letters" gin_trgm_ops);

ALTER TABLE search_words ADD CONSTRAINT search_words_word_check CHECK (char_length(word) BETWEEN 3 AND 40);

GRANT SELECT, INSERT, UPDATE ON search_words TO cairn_app;
GRANT SELECT, INSERT, UPDATE ON search_progress TO cairn_app;
