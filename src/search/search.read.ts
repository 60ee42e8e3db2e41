/** One search over every source: in English, and word by word without accents for all other languages. */
import type { Query } from '../database/session.ts';
import type { SearchPieces, SearchSource } from '../graphql/search-source.ts';

export interface Hit {
  readonly type: string;
  readonly key: string;
  readonly rank: number;
}

/** $1 is the query as people type it: words, "phrases", or, -not. Whatever it is, it is a query. */
const QUERY = `WITH asked AS (
  SELECT websearch_to_tsquery('pg_catalog.english', $1) AS english,
         websearch_to_tsquery('pg_catalog.simple', without_accents($1)) AS simple
)`;
const MATCHES = '(t.search_english @@ asked.english OR t.search_simple @@ asked.simple)';
const RANK =
  'greatest(ts_rank(t.search_english, asked.english), ts_rank(t.search_simple, asked.simple))::double precision';

function hitsOf({ type, table, key, pieces }: SearchSource): string {
  const rows = `SELECT t.${key} AS key, ${RANK} AS rank FROM ${table} t, asked WHERE ${MATCHES}`;
  if (pieces === undefined) return `SELECT '${type}' AS type, key, rank FROM (${rows}) hit`;
  const inPieces = `SELECT t.${pieces.owner}, ${RANK} FROM ${pieces.table} t, asked WHERE ${MATCHES}`;
  return `SELECT '${type}' AS type, key, max(rank) AS rank FROM (${rows} UNION ALL ${inPieces}) hit GROUP BY key`;
}

const allHits = (sources: readonly SearchSource[]): string => sources.map(hitsOf).join(' UNION ALL ');

/** The best hits after a place, and one more than asked for; equals by type and key. */
export async function findHits(
  query: Query,
  sources: readonly SearchSource[],
  text: string,
  limit: number,
  after: Hit | undefined,
): Promise<Hit[]> {
  return query<{ type: string; key: string; rank: number }>(
    'search',
    `${QUERY}
     SELECT type, key, rank FROM (${allHits(sources)}) hit
      WHERE $2::double precision IS NULL OR rank < $2 OR (rank = $2 AND (type, key) > ($3::text, $4::text))
      ORDER BY rank DESC, type, key
      LIMIT $5`,
    [text, after?.rank ?? null, after?.type ?? null, after?.key ?? null, limit + 1],
  );
}

/** How many rows the query finds. */
export async function countHits(query: Query, sources: readonly SearchSource[], text: string): Promise<number> {
  const [row] = await query<{ total: bigint }>(
    'search counted',
    `${QUERY} SELECT count(*) AS total FROM (${allHits(sources)}) hit`,
    [text],
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
