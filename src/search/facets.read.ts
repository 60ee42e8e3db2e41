/** How many hits each value of a facet has: of all hits, under every filter but the facet's own. */
import type { Query } from '../database/session.ts';
import type { Search } from './hits.read.ts';
import { hitsSql, type SearchFilters } from './hits-sql.ts';

export interface FacetCount {
  readonly value: string;
  readonly label: string | null;
  readonly total: number;
}

export const BY_TYPE = 'type';

/**
 * The facet's values with the most hits first. Its own filter is left out: whoever chose one value sees what the others
 * would bring. A hit with several values counts for each; one with none for none.
 */
export async function countFacet(query: Query, search: Search, name: string, limit: number): Promise<FacetCount[]> {
  const sql = facetSql(search, name);
  if (sql === undefined) return [];
  const rows = await query<{ value: string; label: string | null; total: bigint }>(
    `search by ${name}`,
    `${sql.text} LIMIT ${sql.params.add(limit, 'integer')}`,
    sql.params.values,
  );
  return rows.map(({ value, label, total }) => ({ value, label, total: Number(total) }));
}

function facetSql({ sources, question, filters }: Search, name: string) {
  if (question.wanted === '') return undefined;
  const others = withoutOwn(filters, name);
  if (name === BY_TYPE) {
    const hits = hitsSql(sources, question, others);
    return (
      hits && {
        ...hits,
        text: `${hits.text} SELECT type AS value, NULL AS label, count(*) AS total FROM hits GROUP BY type ORDER BY total DESC, value`,
      }
    );
  }
  const having = sources.flatMap((source) => {
    const own = source.facets?.find(({ facet }) => facet.name === name);
    return own === undefined ? [] : [{ source, ...own }];
  });
  const hits = hitsSql(
    having.map(({ source }) => source),
    question,
    others,
  );
  if (hits === undefined) return undefined;
  const values = having
    .filter(({ source }) => hits.sources.includes(source))
    .map(
      ({ source, values: declared }) =>
        `SELECT DISTINCT h.type, h.key, f.value
           FROM hits h
           JOIN ${source.table} t ON t.${source.key} = h.key
          CROSS JOIN LATERAL (${declared}) f
          WHERE h.type = '${source.type}' AND f.value IS NOT NULL`,
    );
  const label = having[0]?.facet.label;
  return {
    ...hits,
    text: `${hits.text}
      SELECT value, ${label === undefined ? 'NULL' : `(${label})`} AS label, total
        FROM (SELECT value, count(*) AS total FROM (${values.join(' UNION ALL ')}) one GROUP BY value) counted
       ORDER BY total DESC, value`,
  };
}

function withoutOwn(filters: SearchFilters, name: string): SearchFilters {
  if (name === BY_TYPE) return { ...filters, types: undefined };
  return { ...filters, facets: new Map([...filters.facets].filter(([facet]) => facet !== name)) };
}
