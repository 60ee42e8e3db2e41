/** How many hits each value of a facet has. */
import type { Query } from '../database/session.ts';
import { createParams } from '../graphql/params.ts';
import type { Hit, Search } from './hits.read.ts';
import type { SearchFilters } from './hits-sql.ts';

export interface FacetCount {
  readonly value: string;
  readonly label: string | null;
  readonly total: number;
}

export const BY_TYPE = 'type';

/** The filters without the facet's own: whoever chose one value sees what the others would bring. */
export function withoutOwn(filters: SearchFilters, name: string): SearchFilters {
  if (name === BY_TYPE) return { ...filters, types: undefined };
  return { ...filters, facets: new Map([...filters.facets].filter(([facet]) => facet !== name)) };
}

/** The types of the hits, those with the most hits first. */
export function countTypes(hits: readonly Hit[]): FacetCount[] {
  return [...Map.groupBy(hits, ({ type }) => type)]
    .map(([value, own]) => ({ value, label: null, total: own.length }))
    .toSorted((a, b) => b.total - a.total || (a.value < b.value ? -1 : 1));
}

/**
 * The facet's values, those with the most hits first. A hit with several values counts for each; one with none for none.
 */
export async function countFacet(
  query: Query,
  { sources }: Search,
  hits: readonly Hit[],
  name: string,
  limit: number,
): Promise<FacetCount[]> {
  const params = createParams();
  const keysOf = Map.groupBy(hits, ({ type }) => type);
  const having = sources.flatMap((source) => {
    const own = source.facets?.find(({ facet }) => facet.name === name);
    const keys = keysOf.get(source.type)?.map(({ key }) => key);
    return own === undefined || keys === undefined ? [] : [{ ...source, ...own, keys }];
  });
  const [first] = having;
  if (first === undefined) return [];
  const values = having.map(
    ({ table, key, keyType = 'text', values: declared, keys }) =>
      `SELECT f.value
         FROM unnest(${params.add(keys, 'text[]')}::${keyType}[]) AS h(key)
         JOIN ${table} t ON t.${key} = h.key
        CROSS JOIN LATERAL (SELECT DISTINCT d.value FROM (${declared}) d WHERE d.value IS NOT NULL) f`,
  );
  const { label } = first.facet;
  const rows = await query<{ value: string; label: string | null; total: bigint }>(
    `search by ${name}`,
    `SELECT value, ${label === undefined ? 'NULL' : `(${label})`} AS label, total
       FROM (SELECT value, count(*) AS total FROM (${values.join(' UNION ALL ')}) one
              GROUP BY value ORDER BY total DESC, value LIMIT ${params.add(limit, 'integer')}) counted
      ORDER BY total DESC, value`,
    params.values,
  );
  return rows.map(({ value, label: name, total }) => ({ value, label: name, total: Number(total) }));
}
