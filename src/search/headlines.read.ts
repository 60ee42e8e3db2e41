/** A line of each row's text around what was found. */
import type { Query } from '../database/session.ts';
import { createParams } from '../graphql/params.ts';
import type { SearchSource } from '../graphql/search-source.ts';
import { askedSql } from './hits-sql.ts';
import { MARKS, markedSql } from './marks.ts';
import type { Question } from './question.ts';

/** What a line may be taken from: the vectors know no more of a text. */
const LONGEST_TEXT = 152_000;
/** The line is made of this much text around the first word found: to parse hours of speech for it takes as long as the search. */
const WINDOW = 3_000;
const BEFORE = 300;
/** The start of the text serves where no word of it can be marked, as when the words are in a moment of a video alone. */
const LONGEST_LINE = 200;

/**
 * A pattern of the words' stems, at the start of a word where the script has words. A stem's last i may stand for a y
 * (happi: happy), and other characters than letters are parts of addresses and the like.
 */
const stems = (words: string) => `(
  SELECT string_agg(
           CASE WHEN search_text(stem, 100) LIKE '%' || chr(31) || '%' THEN stem ELSE '\\m' || regexp_replace(stem, 'i$', '[iy]') END,
           '|' ORDER BY stem)
    FROM unnest(tsvector_to_array(to_tsvector('pg_catalog.english', ${words}) || to_tsvector('pg_catalog.simple', ${words}))) stem
   WHERE stem !~ '[^[:alnum:]]'
)`;

/** The phrase or word as it was typed, whatever stands between its words; a pattern that matches nothing where it has none. */
function typedPattern(terms: readonly string[]): string {
  const patterns = terms
    .map((term) => term.match(/[\p{L}\p{N}]+/gu) ?? [])
    .filter((words) => words.length > 1)
    .map((words) => words.join('[^[:alnum:]]+'));
  return patterns.length === 0 ? '(?!)' : patterns.join('|');
}

/** In the order of `keys`, with marks, not HTML yet; null where there is no row or text. */
export async function headlines(
  query: Query,
  source: SearchSource,
  question: Question,
  keys: readonly string[],
): Promise<(string | null)[]> {
  const params = createParams();
  const asked = askedSql(question, params, ['any_']);
  const marks = params.add(MARKS, 'text');
  const words = params.add(question.terms.join(' '), 'text');
  const phrases = params.add(typedPattern(question.terms), 'text');
  const line = markedSql('near.text', '', 'pieces', { marks, typed: params.add(question.wanted, 'text') });
  const some = markedSql('near.text', 'any_', 'pieces', { marks, typed: params.add(question.wanted, 'text') });
  const at = (text: string, pattern: string) => `nullif(regexp_instr(${text}, ${pattern}, 1, 1, 0, 'i'), 0)`;
  const rows = await query<{ key: string; line: string | null }>(
    'headlines',
    `WITH ${asked},
     stems AS MATERIALIZED (
       SELECT coalesce(${stems(words)}, '(?!)') AS typed, coalesce(${stems(`without_accents(${words})`)}, '(?!)') AS plain
     )
     SELECT whole.key, coalesce(${line}, ${some}, left(whole.text, ${LONGEST_LINE})) AS line
       FROM (SELECT t.${source.key}::text AS key, translate(left(${source.text}, ${LONGEST_TEXT}), ${marks}, '') AS text
               FROM ${source.table} t WHERE t.${source.key} = ANY(${params.add(keys, 'text[]')}::${source.keyType ?? 'text'}[]) OFFSET 0) whole
      CROSS JOIN asked
      CROSS JOIN stems
      CROSS JOIN LATERAL (
            SELECT substr(whole.text,
                     greatest(1, coalesce(${at('whole.text', phrases)}, ${at('whole.text', 'stems.typed')},
                       ${at('without_accents(whole.text)', 'stems.plain')}, 1) - ${BEFORE}), ${WINDOW}) AS text
            OFFSET 0
           ) near`,
    params.values,
  );
  const lines = new Map(rows.map((row) => [row.key, row.line]));
  return keys.map((key) => lines.get(key) ?? null);
}
