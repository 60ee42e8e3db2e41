/** A search as it is asked, by whoever asks: what of it is fetched is fetched once. */
import type { Query } from '../database/session.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { entityReads } from '../graphql/entities.ts';
import { readSize } from '../graphql/page.ts';
import { maySee } from '../graphql/visible.ts';
import { AppError } from '../kernel/errors.ts';
import { once } from '../kernel/once.ts';
import { BY_TYPE, countFacet, countTypes, type FacetCount, withoutOwn } from './facets.read.ts';
import { hitsAfter } from './hits.read.ts';
import type { SearchedSource } from './hits-sql.ts';
import { LONGEST_QUERY, readQuestion } from './question.ts';
import { decodeHit, encodeHit } from './search-cursor.ts';
import { type Found, hitsOnce, sources } from './search-values.ts';
import { readFilters, type SearchWhereShape } from './search-where.ts';

export interface AskedSearch {
  readonly query: string;
  readonly where?: SearchWhereShape | null | undefined;
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

/** @throws AppError BAD_USER_INPUT */
export function openSearch(context: GraphqlContext, { query: text, where, first, after }: AskedSearch): Found {
  if (text.length > LONGEST_QUERY) {
    throw new AppError('BAD_USER_INPUT', `\`query\` has at most ${LONGEST_QUERY} characters`, { path: 'query' });
  }
  const { limit } = readSize({ first });
  const place = after == null ? undefined : decodeHit(after);
  const search = { sources: visibleSources(context), question: readQuestion(text), filters: readFilters(where) };
  const hits = hitsOnce(context, search);
  return {
    text,
    search,
    hits,
    page: once(async () => {
      const { hits: all } = await hits();
      const rest = place === undefined ? all : hitsAfter(all, place);
      const kept = rest.slice(0, limit).map((hit) => ({ hit, question: search.question }));
      return {
        hits: kept,
        edges: kept.map(({ hit }) => ({ row: {}, cursor: () => encodeHit(hit) })),
        hasNextPage: rest.length > limit,
        hasPreviousPage: place !== undefined,
      };
    }),
  };
}

/** How many hits each value of a facet has, the most first; the facet's own part of the filters is left out. */
export async function countsBy(
  { search, hits }: Found,
  query: Query,
  name: string,
  limit: number,
): Promise<readonly FacetCount[]> {
  const found = (await hits(withoutOwn(search.filters, name))).hits;
  return name === BY_TYPE ? countTypes(found).slice(0, limit) : countFacet(query, search, found, name, limit);
}

/** Those whose rows the actor may see. */
const visibleSources = (context: GraphqlContext): SearchedSource[] =>
  sources.flatMap((source) => {
    const reads = entityReads(source.type);
    return maySee(context, reads) ? [{ ...source, limit: reads.limit?.(context) }] : [];
  });
