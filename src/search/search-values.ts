/** What the types of the search resolve from, and the batches behind their fields. */
import { loaderFamily } from '../graphql/batches.ts';
import type { Page } from '../graphql/connections.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { headlines } from './headlines.read.ts';
import { findHits, type Hit, type Hits, type Search } from './hits.read.ts';
import type { SearchFilters } from './hits-sql.ts';
import { asHtml, isMarked } from './marks.ts';
import { type Moment, moments } from './moments.read.ts';
import type { Question } from './question.ts';
import { loadSearchSources } from './sources.ts';

export const sources = await loadSearchSources();
const sourceOf = new Map(sources.map((source) => [source.type, source]));

/** A hit of a question; the question says which line of the row to show. */
export interface FoundEdge {
  readonly hit: Hit;
  readonly question: Question;
}

export interface Found {
  readonly text: string;
  readonly search: Search;
  /** The hits under these filters, found once however many fields ask: under the search's own unless given. */
  readonly hits: (filters?: SearchFilters) => Promise<Hits>;
  readonly page: () => Promise<Page & { readonly hits: readonly FoundEdge[] }>;
}

/** One search per set of filters: facets leave their own out, and mostly there is none. */
export function hitsOnce({ reads }: GraphqlContext, search: Search): Found['hits'] {
  const known = new Map<string, Promise<Hits>>();
  return (filters = search.filters) => {
    const name = JSON.stringify([filters.types, [...filters.facets], filters.from, filters.before]);
    const hits = known.get(name) ?? findHits(reads.query, { ...search, filters });
    known.set(name, hits);
    return hits;
  };
}

const lines = loaderFamily<string | null>();
const momentsOf = loaderFamily<readonly Moment[]>();

/** What the type's pieces are; undefined where it has none. */
export const piecesOf = (type: string) => sourceOf.get(type)?.pieces;

/** The moments of a hit, at most `limit`; none where its type has no pieces. One statement for a page. */
export async function loadMoments(
  context: GraphqlContext,
  { hit, question }: FoundEdge,
  limit: number,
): Promise<readonly Moment[]> {
  const pieces = piecesOf(hit.type);
  if (pieces === undefined) return [];
  const ask = () => (keys: readonly string[]) => moments(context.reads.query, pieces, question, limit, keys);
  return momentsOf(context, JSON.stringify([hit.type, question, limit]), ask).load(hit.key);
}

/** A line of HTML around what was found: of the row's own text, or of its best moment where only that has the words. */
export async function loadHeadline(context: GraphqlContext, edge: FoundEdge): Promise<string | null> {
  const source = sourceOf.get(edge.hit.type);
  if (source === undefined) return null;
  const ask = () => (keys: readonly string[]) => headlines(context.reads.query, source, edge.question, keys);
  const line = await lines(context, JSON.stringify([edge.hit.type, edge.question]), ask).load(edge.hit.key);
  if (line !== null && isMarked(line)) return asHtml(line);
  const [moment] = await loadMoments(context, edge, 1);
  const best = moment !== undefined && isMarked(moment.line) ? moment.line : line;
  return best === null ? null : asHtml(best);
}
