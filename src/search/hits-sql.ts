/** The SQL of what a question finds: bounded, however common a word is. */
import type { Limit } from '../graphql/entity.ts';
import { createParams, type Params } from '../graphql/params.ts';
import type { SearchSource } from '../graphql/search-source.ts';
import type { Question } from './question.ts';

/** What narrows a search, every part optional: by type, by the values of facets, by when a row came to be. */
export interface SearchFilters {
  readonly types?: readonly string[] | undefined;
  readonly facets: ReadonlyMap<string, readonly string[]>;
  readonly from?: Date | undefined;
  readonly before?: Date | undefined;
}

/** A source, and the condition on its rows that the actor may see; undefined for all of them. */
export interface SearchedSource extends SearchSource {
  readonly limit?: Limit | undefined;
}

/**
 * Of one type, this many of the newest rows that hold the words are looked at closely: told apart from those that hold them
 * in another order, ranked and counted. Without a bound a word that every transcript has takes as long as reading them all.
 */
export const MOST_CANDIDATES = 2_500;
/**
 * Of pieces this many, in the order in which they are stored: to sort millions would take longer than to read them. They are
 * not looked at where the rows alone are too many already.
 */
export const MOST_PIECES = 5_000;
/** What `search_text` of the database is given of a question; more than the longest one. */
const LONGEST_QUESTION = 2_000;

/** `loose` takes a phrase for its words: an index finds those, and only the bounded rest is checked for their order. */
const loose = (query: string) => `regexp_replace(${query}::text, '<(-|[0-9]+)>', '&', 'g')::tsquery`;

/** Any word will do; a phrase stays one. Only operators stand between spaces in a query's text. */
const any = (query: string) => `replace(${query}::text, ' & ', ' | ')::tsquery`;

/** What {@link askedSql} gives beside the question itself. */
type Named = 'loose_' | 'any_' | 'not_';
const LOOSE: readonly Named[] = ['loose_'];
const NOT: readonly Named[] = ['not_'];

/** A question's words as the parameters that they become: texts, or in a compiled document functions that give them. */
export interface Words {
  readonly wanted: unknown;
  readonly unwanted: unknown;
}

/**
 * The question in both languages: English with its forms of words, and word by word for every other; and what it is taken
 * for, as far as `named` says that somebody asks.
 */
export function askedSql(words: Words, params: Params, named: readonly Named[]): string {
  const inBoth = (name: string, text: unknown) => {
    const place = params.add(text, 'text');
    return `websearch_to_tsquery('pg_catalog.english', plain_punctuation(${place})) AS ${name}english,
            websearch_to_tsquery('pg_catalog.simple', search_text(${place}, ${LONGEST_QUESTION})) AS ${name}simple`;
  };
  const both = (name: string, change: (query: string) => string, of = '') =>
    ['english', 'simple'].map((language) => `${change(of + language)} AS ${name}${language}`).join(', ');
  const asked = [inBoth('', words.wanted), ...(named.includes('not_') ? [inBoth('not_', words.unwanted)] : [])];
  const taken = [
    ...(named.includes('loose_') ? [both('loose_', loose)] : []),
    ...(named.includes('any_') ? [both('any_', any)] : []),
    ...(named.includes('not_') ? [both('loose_not_', loose, 'not_')] : []),
  ];
  return `asked AS MATERIALIZED (SELECT ${['*, numnode(english) AS nodes', ...taken].join(', ')} FROM (SELECT ${asked.join(', ')}) q)`;
}

type Asked = '' | 'any_' | 'not_' | 'loose_' | 'loose_not_';

/** Whether the vectors of `row` hold the question, or what it is taken for under `name`. */
export const holds = (row: string, name: Asked) =>
  `(${row}.search_english @@ asked.${name}english OR ${row}.search_simple @@ asked.${name}simple)`;

/** How many words and operators the English query has; of the question itself it was counted once. */
const nodesOf = (name: Asked) => (name === '' ? 'asked.nodes' : `numnode(asked.${name}english)`);

/** Nothing is read for a query that the English dictionary left no word of: long vectors lie apart from their rows. */
const inEnglish = (row: string, name: Asked) =>
  `(${nodesOf(name)} > 0 AND ${row}.search_english @@ asked.${name}english)`;

/** The same as {@link holds}, for rows that were read already: an index could not answer it. */
const holdsRead = (row: string, name: Asked) =>
  `(${inEnglish(row, name)} OR ${row}.search_simple @@ asked.${name}simple)`;

/** Whether the question is what it was taken for, without a phrase: then the index has said all, and no vector is read for it. */
const IS_LOOSE = '(asked.english = asked.loose_english AND asked.simple = asked.loose_simple)';

/** The same as {@link holdsRead} of the question, for rows that an index found by what it was taken for. */
const holdsFound = (row: string) => `(${IS_LOOSE} OR ${holdsRead(row, '')})`;

/**
 * How well `row` fits: by its English vector where that holds the words. It knows every form of them, so the other says
 * no more and is not read. One word that a vector does not hold has the rank 0 in it, so whether it holds it need not be
 * asked apart: to read a long vector again costs as much as to rank it. Nor is it read for one word that `often` has, the
 * row's few words that lie with it: of those the rank is the same.
 */
export const rankOf = (row: string, name: Asked = '', often = false) => {
  const english = `ts_rank(${row}.search_english, asked.${name}english)`;
  const simple = `ts_rank(${row}.search_simple, asked.${name}simple)`;
  const oneWord = [...(often ? [`ts_rank(${row}.search_often, asked.${name}english)`] : []), english];
  return `(CASE WHEN ${nodesOf(name)} = 1 THEN coalesce(${oneWord.map((rank) => `nullif(${rank}, 0)`).join(', ')}, ${simple})
         WHEN ${inEnglish(row, name)} THEN ${english}
         ELSE ${simple} END)::double precision`;
};

/** Conditions on a row `t` of the source; undefined where no row of it can pass. */
function conditionsOf(source: SearchedSource, filters: SearchFilters, params: Params): string[] | undefined {
  const facetOf = (name: string) => source.facets?.find(({ facet }) => facet.name === name);
  if (filters.types !== undefined && !filters.types.includes(source.type)) return undefined;
  // Looked at as a whole first: a value that is added and then not used has no type for the database.
  if ([...filters.facets.keys()].some((name) => facetOf(name) === undefined)) return undefined;
  const conditions = source.limit === undefined ? [] : [source.limit('t', params)];
  for (const [name, values] of filters.facets) {
    conditions.push(
      `EXISTS (SELECT FROM (${facetOf(name)?.values}) f WHERE f.value = ANY(${params.add(values, 'text[]')}))`,
    );
  }
  if (filters.from !== undefined) conditions.push(`t.${source.created} >= ${params.add(filters.from, 'timestamptz')}`);
  if (filters.before !== undefined) {
    conditions.push(`t.${source.created} < ${params.add(filters.before, 'timestamptz')}`);
  }
  return conditions;
}

export interface HitsSql {
  /** The WITH clause that ends in `hits (type, key, rank)`. */
  readonly text: string;
  /** SQL of whether some bound was met: there may be more hits. */
  readonly isCut: string;
  /** The sources that can have hits under the filters. */
  readonly sources: readonly SearchedSource[];
  readonly params: Params;
}

/** What the question finds in the sources; undefined where the filters leave no source. */
export function hitsSql(
  sources: readonly SearchedSource[],
  question: Question,
  filters: SearchFilters,
  params: Params = createParams(),
  words: Words = question,
): HitsSql | undefined {
  const { isPlain } = question;
  const refuses = question.unwanted !== '';
  const clauses = [askedSql(words, params, [...(isPlain ? [] : LOOSE), ...(refuses ? NOT : [])])];
  const cuts: string[] = [];
  const found: string[] = [];
  const searched: SearchedSource[] = [];
  for (const source of sources) {
    const conditions = conditionsOf(source, filters, params);
    if (conditions === undefined) continue;
    const part = sourceSql(source, conditions, `s${searched.length}`, { isPlain, refuses });
    searched.push(source);
    clauses.push(...part.clauses);
    cuts.push(...part.cuts);
    found.push(part.hits);
  }
  if (searched.length === 0) return undefined;
  return {
    text: `WITH ${clauses.join(',\n')},\nhits AS (${found.join('\nUNION ALL\n')})`,
    isCut: cuts.join(' OR '),
    sources: searched,
    params,
  };
}

interface SourceSql {
  readonly clauses: readonly string[];
  readonly cuts: readonly string[];
  readonly hits: string;
}

/** What the question is, as far as the statement's form depends on it. */
interface Form {
  readonly isPlain: boolean;
  readonly refuses: boolean;
}

function sourceSql(
  source: SearchSource,
  conditions: readonly string[],
  name: string,
  { isPlain, refuses }: Form,
): SourceSql {
  const { type, table, key, keyType, created, often, pieces } = source;
  // A plain question is what it would be taken for.
  const sought = isPlain ? '' : 'loose_';
  const isFound = isPlain ? 'true' : holdsFound('c');
  const wanted = refuses ? `${isFound} AND NOT ${holdsRead('c', 'not_')}` : isFound;
  const found = `SELECT t.${key}${keyType === undefined ? '' : '::text'} AS key, t.search_english, t.search_simple${often ? ', t.search_often' : ''}
      FROM ${source.found ?? table} t, asked
     WHERE ${[holds('t', sought), ...conditions].join(' AND ')}`;
  const cut = `(SELECT cut FROM ${name}_cut)`;
  const rows = [
    // In the order in which they are stored: long vectors lie apart, and to read them in another order takes twice as long.
    `${name}_some AS MATERIALIZED (${found} LIMIT ${MOST_CANDIDATES})`,
    `${name}_cut AS MATERIALIZED (SELECT count(*) = ${MOST_CANDIDATES} AS cut FROM ${name}_some)`,
    `${name}_ranked AS (
      SELECT c.key, ${rankOf('c', '', often)} AS rank
        FROM (SELECT * FROM ${name}_some WHERE NOT ${cut} UNION ALL
              (${found} AND ${cut} ORDER BY t.${created} DESC, t.${key} LIMIT ${MOST_CANDIDATES})) c, asked
       WHERE ${wanted}
    )`,
  ];
  if (pieces === undefined) {
    return { clauses: rows, cuts: [cut], hits: `SELECT '${type}' AS type, key, rank FROM ${name}_ranked` };
  }
  const part = (label: string, asked: Asked) => `${name}_${label} AS (
    SELECT t.${pieces.owner} AS key, t.search_english, t.search_simple
      FROM ${pieces.table} t, asked
     WHERE NOT ${cut} AND ${holds('t', asked)}
     LIMIT ${MOST_PIECES}
  )`;
  const cutOf = (label: string) => `(SELECT count(*) FROM ${name}_${label}) = ${MOST_PIECES}`;
  const ofPieces = `SELECT c.key, max(${rankOf('c')}) AS rank FROM ${name}_pieces c, asked WHERE ${isFound} GROUP BY c.key`;
  // A row is left out for what stands anywhere in it, whichever of its pieces was found.
  const owners = [...conditions, ...(refuses ? [`NOT ${holdsRead('t', 'not_')}`] : [])];
  const ofOwners =
    owners.length === 0
      ? ofPieces
      : `SELECT p.key, p.rank FROM (${ofPieces}) p CROSS JOIN asked JOIN ${table} t ON t.${key} = p.key WHERE ${owners.join(' AND ')}`;
  const refused = `SELECT c.key FROM ${name}_refused c, asked WHERE ${holdsRead('c', 'not_')}`;
  const left = refuses ? ` WHERE key NOT IN (${refused})` : '';
  return {
    clauses: [
      ...rows,
      part('pieces', sought),
      `${name}_said AS (${ofOwners})`,
      ...(refuses ? [part('refused', 'loose_not_')] : []),
    ],
    cuts: [cut, cutOf('pieces'), ...(refuses ? [cutOf('refused')] : [])],
    // Each is read once, and so kept nowhere, as they would be for a UNION whose groups have the best rank.
    hits: `SELECT '${type}' AS type, key, rank
        FROM (SELECT coalesce(r.key, p.key) AS key, greatest(r.rank, p.rank) AS rank
                FROM ${name}_ranked r FULL JOIN ${name}_said p ON p.key = r.key) hit${left}`,
  };
}
