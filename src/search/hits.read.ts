/** What a search finds, a page at a time, and how much of it there is. */
import type { Query } from '../database/session.ts';
import { hitsSql, type SearchedSource, type SearchFilters } from './hits-sql.ts';
import type { Question } from './question.ts';

export interface Hit {
  readonly type: string;
  readonly key: string;
  readonly rank: number;
}

/** What is searched: the sources are those whose rows the actor may see. */
export interface Search {
  readonly sources: readonly SearchedSource[];
  readonly question: Question;
  readonly filters: SearchFilters;
}

export interface Hits {
  /** The best first; equals by type and key. */
  readonly hits: readonly Hit[];
  /** Not all rows with these words were looked at: there may be more hits. */
  readonly isCut: boolean;
}

/** All that is found: so few rows, since the search is bounded, that pages and counts are cut out of them in memory. */
export async function findHits(query: Query, { sources, question, filters }: Search): Promise<Hits> {
  const sql = question.wanted === '' ? undefined : hitsSql(sources, question, filters);
  if (sql === undefined) return { hits: [], isCut: false };
  const rows = await query<{ type: string | null; key: string; rank: number; is_cut: boolean }>(
    'search',
    `${sql.text}
     SELECT type, key, rank, is_cut
       FROM (SELECT ${sql.isCut} AS is_cut) bounds LEFT JOIN hits ON true
      ORDER BY rank DESC, type, key`,
    sql.params.values,
  );
  const hits = rows.flatMap(({ type, key, rank }) => (type === null ? [] : [{ type, key, rank }]));
  return { hits, isCut: rows[0]?.is_cut === true };
}

/** The hits that come after a place in the list, whether that place's own hit is still there or not. */
export function hitsAfter(hits: readonly Hit[], place: Hit): readonly Hit[] {
  const next = hits.findIndex((hit) => compareHits(hit, place) > 0);
  return next === -1 ? [] : hits.slice(next);
}

/** As the database orders them: text by its code points. */
function compareHits(a: Hit, b: Hit): number {
  return b.rank - a.rank || compareText(a.type, b.type) || compareText(a.key, b.key);
}

const compareText = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
