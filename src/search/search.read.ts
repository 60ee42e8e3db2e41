/** One search over every source: in English, and word by word without accents for all other languages. */
import type { Query } from '../database/session.ts';
import type { SearchPieces, SearchSource } from '../graphql/search-source.ts';
import type { Question } from './question.ts';

export interface Hit {
  readonly type: string;
  readonly key: string;
  readonly rank: number;
}

/** $1 is what is wanted: words, "phrases", or. Whatever it is, it is a query. */
const WANTED = `websearch_to_tsquery('pg_catalog.english', $1) AS english,
         websearch_to_tsquery('pg_catalog.simple', without_accents($1)) AS simple`;
const QUERY = `WITH asked AS (
  SELECT ${WANTED}
)`;
/** $2 is what is not wanted, in the same form. */
const QUERY_OF_HITS = `WITH asked AS (
  SELECT ${WANTED},
         websearch_to_tsquery('pg_catalog.english', $2) AS not_english,
         websearch_to_tsquery('pg_catalog.simple', without_accents($2)) AS not_simple
)`;
const MATCHES = '(t.search_english @@ asked.english OR t.search_simple @@ asked.simple)';
const RANK =
  'greatest(ts_rank(t.search_english, asked.english), ts_rank(t.search_simple, asked.simple))::double precision';
const UNWANTED = '(t.search_english @@ asked.not_english OR t.search_simple @@ asked.not_simple)';

function hitsOf({ type, table, key, pieces }: SearchSource, question: Question): string {
  const rows = `SELECT t.${key} AS key, ${RANK} AS rank FROM ${table} t, asked WHERE ${MATCHES}`;
  const inPieces = pieces && `SELECT t.${pieces.owner}, ${RANK} FROM ${pieces.table} t, asked WHERE ${MATCHES}`;
  const hits = inPieces === undefined ? rows : `${rows} UNION ALL ${inPieces}`;
  // A row is left out for what stands anywhere in it, whichever of its pieces was found.
  const refused = [
    `SELECT t.${key} FROM ${table} t, asked WHERE ${UNWANTED}`,
    ...(pieces === undefined ? [] : [`SELECT t.${pieces.owner} FROM ${pieces.table} t, asked WHERE ${UNWANTED}`]),
  ].join(' UNION ALL ');
  const left = question.unwanted === '' ? '' : ` WHERE key NOT IN (${refused})`;
  return `SELECT '${type}' AS type, key, max(rank) AS rank FROM (${hits}) hit${left} GROUP BY key`;
}

const allHits = (sources: readonly SearchSource[], question: Question): string =>
  sources.map((source) => hitsOf(source, question)).join(' UNION ALL ');

/** The best hits after a place, and one more than asked for; equals by type and key. */
export async function findHits(
  query: Query,
  sources: readonly SearchSource[],
  question: Question,
  limit: number,
  after: Hit | undefined,
): Promise<Hit[]> {
  return query<{ type: string; key: string; rank: number }>(
    'search',
    `${QUERY_OF_HITS}
     SELECT type, key, rank FROM (${allHits(sources, question)}) hit
      WHERE $3::double precision IS NULL OR rank < $3 OR (rank = $3 AND (type, key) > ($4::text, $5::text))
      ORDER BY rank DESC, type, key
      LIMIT $6`,
    [question.wanted, question.unwanted, after?.rank ?? null, after?.type ?? null, after?.key ?? null, limit + 1],
  );
}

/** How many rows the query finds. */
export async function countHits(query: Query, sources: readonly SearchSource[], question: Question): Promise<number> {
  const [row] = await query<{ total: bigint }>(
    'search counted',
    `${QUERY_OF_HITS} SELECT count(*) AS total FROM (${allHits(sources, question)}) hit`,
    [question.wanted, question.unwanted],
  );
  return Number(row?.total ?? 0);
}

/** Characters of private use: a text has none, and HTML is made of them only after all else is escaped. */
const OPEN = '\u{E000}';
const CLOSE = '\u{E001}';
/** A headline is a line; looking through hours of speech for it would take as long as the search. */
const LONGEST_TEXT = 100_000;

/** The start of the text serves where no word of it can be marked, as when the words are in a later moment of a video. */
const LONGEST_LINE = 200;

const OPTIONS = `StartSel=${OPEN},StopSel=${CLOSE},MaxFragments=2,MaxWords=24,MinWords=8,FragmentDelimiter=" … "`;

/**
 * English finds other forms of a word; `simple` finds the words as they were typed. Where the searcher left accents out,
 * only the text without its accents holds the words, so the line is of that.
 */
function headlineSql(text: string): string {
  const clean = `left(translate(${text}, $3, ''), ${LONGEST_TEXT})`;
  const tries = [
    `ts_headline('pg_catalog.english', ${clean}, asked.english, $4)`,
    `ts_headline('pg_catalog.simple', ${clean}, websearch_to_tsquery('pg_catalog.simple', $1), $4)`,
    `ts_headline('pg_catalog.simple', without_accents(${clean}), asked.simple, $4)`,
  ];
  // A line without a mark becomes NULL, so each is made once and only if those before found nothing.
  const marked = tries.map((one) => `substring(${one} from '^.*' || left($3, 1) || '.*$')`);
  return `coalesce(${marked.join(', ')}, left(${clean}, ${LONGEST_LINE}))`;
}

/** A line of each row's text around what was found, in the order of `keys`; null where there is no row or text. */
export async function headlines(
  query: Query,
  source: SearchSource,
  text: string,
  keys: readonly string[],
): Promise<(string | null)[]> {
  const own = `SELECT t.${source.key} AS key, ${headlineSql(source.text)} AS line FROM ${source.table} t, asked WHERE t.${source.key} = ANY($2::text[])`;
  const rows = await query<{ key: string; line: string | null }>('headlines', `${QUERY} ${own}`, [
    text,
    keys,
    `${OPEN}${CLOSE}`,
    OPTIONS,
  ]);
  const lines = new Map(rows.map(({ key, line }) => [key, line]));
  return keys.map((key) => {
    const line = lines.get(key) ?? null;
    return line === null ? null : asHtml(line);
  });
}

/** The line as HTML: the text escaped, what was found in `<mark>`. */
export function asHtml(line: string): string {
  return line
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
    .replaceAll(OPEN, '<mark>')
    .replaceAll(CLOSE, '</mark>');
}

/** The key of each row's best piece, in the order of `keys`; null where no piece alone matches. */
export async function bestPieces(
  query: Query,
  pieces: SearchPieces,
  text: string,
  keys: readonly string[],
): Promise<(string | null)[]> {
  const rows = await query<{ owner: string; piece: string }>(
    'best pieces',
    `${QUERY}
     SELECT owner.key AS owner, best.piece::text AS piece
       FROM unnest($2::text[]) AS owner(key)
      CROSS JOIN LATERAL (
            SELECT t.${pieces.key} AS piece FROM ${pieces.table} t, asked
             WHERE t.${pieces.owner} = owner.key AND ${MATCHES}
             ORDER BY ${RANK} DESC, t.${pieces.key}
             LIMIT 1
           ) best`,
    [text, keys],
  );
  const best = new Map(rows.map(({ owner, piece }) => [owner, piece]));
  return keys.map((key) => best.get(key) ?? null);
}
