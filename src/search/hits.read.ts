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

/** The best hits after a place, and one more than asked for; equals by type and key. */
export async function findHits(query: Query, search: Search, limit: number, after: Hit | undefined): Promise<Hit[]> {
  const sql = searchedSql(search);
  if (sql === undefined) return [];
  const { add, values } = sql.params;
  const rank = after && add(after.rank, 'double precision');
  const place =
    after &&
    `WHERE rank < ${rank} OR (rank = ${rank} AND (type, key) > (${add(after.type, 'text')}, ${add(after.key, 'text')}))`;
  return query<{ type: string; key: string; rank: number }>(
    'search',
    `${sql.text} SELECT type, key, rank FROM hits ${place ?? ''} ORDER BY rank DESC, type, key LIMIT ${add(limit + 1, 'integer')}`,
    values,
  );
}

export interface HitCount {
  readonly total: number;
  /** Not all rows with these words were looked at: there may be more hits, never fewer. */
  readonly isCut: boolean;
}

/** How many rows the query finds. */
export async function countHits(query: Query, search: Search): Promise<HitCount> {
  const sql = searchedSql(search);
  if (sql === undefined) return { total: 0, isCut: false };
  const [row] = await query<{ total: bigint; is_cut: boolean }>(
    'search counted',
    `${sql.text} SELECT (SELECT count(*) FROM hits) AS total, ${sql.isCut} AS is_cut`,
    sql.params.values,
  );
  return { total: Number(row?.total ?? 0), isCut: row?.is_cut === true };
}

/** Nothing is asked of the database where nothing can be found. */
const searchedSql = ({ sources, question, filters }: Search) =>
  question.wanted === '' ? undefined : hitsSql(sources, question, filters);
