/** What narrows a search in the API: built from the facets that the sources declare. */
import { builder } from '../graphql/builder.ts';
import { enumRef } from '../graphql/enum-refs.ts';
import { enumeration } from '../graphql/enumerations.ts';
import type { SearchFacet } from '../graphql/search-source.ts';
import { AppError } from '../kernel/errors.ts';
import type { SearchFilters } from './hits-sql.ts';
import { sources } from './search-values.ts';

/** Names in `where` that are no facets. */
const RESERVED = new Set(['type', 'from', 'before']);

/** Each declared facet once, in the order of the sources. */
export const facets: readonly SearchFacet[] = uniqueFacets();

function uniqueFacets(): SearchFacet[] {
  const byName = new Map<string, SearchFacet>();
  for (const { type, facets: own = [] } of sources) {
    for (const { facet } of own) {
      const known = byName.get(facet.name) ?? facet;
      if (known !== facet || RESERVED.has(facet.name)) {
        throw new AppError('DECLARATION_INVALID', `The search facet ${facet.name} of ${type} is declared twice`);
      }
      byName.set(facet.name, facet);
    }
  }
  return [...byName.values()];
}

/** The type names as an enum. */
export const SEARCH_TYPE = enumeration(
  'SearchType',
  'A type that a search can find.',
  sources.map(({ type }) => type),
);
/** As many as there are rows on a page; a longer list is no choice that a person made. */
const MOST_VALUES = 100;

export interface SearchWhereShape {
  type?: readonly string[] | null;
  from?: Date | null;
  before?: Date | null;
  [facet: string]: unknown;
}

export const SearchWhere = builder.inputRef<SearchWhereShape>('SearchWhere').implement({
  description:
    'What narrows a search. Of a list any value will do; an empty list finds nothing. A type without the facet asked for is not found.',
  fields: (t) => ({
    type: t.field({ type: [enumRef(SEARCH_TYPE)], description: 'Only these types.' }),
    from: t.field({ type: 'DateTime', description: 'Only what came to be then or later.' }),
    before: t.field({ type: 'DateTime', description: 'Only what came to be before then.' }),
    ...Object.fromEntries(
      facets.map(({ name, description, enumeration: list }) => [
        name,
        list === undefined
          ? t.stringList({ description: `Only these: ${description}` })
          : t.field({ type: [enumRef(list)], description: `Only these: ${description}` }),
      ]),
    ),
  }),
});

/** @throws AppError BAD_USER_INPUT for lists that are too long */
export function readFilters(where: SearchWhereShape | null | undefined): SearchFilters {
  const chosen = facets.flatMap(({ name }): [string, readonly string[]][] => {
    const values = textsOf(name, where?.[name]);
    return values === undefined ? [] : [[name, values]];
  });
  return {
    types: textsOf('type', where?.type),
    facets: new Map(chosen),
    from: where?.from ?? undefined,
    before: where?.before ?? undefined,
  };
}

function textsOf(name: string, values: unknown): string[] | undefined {
  if (!Array.isArray(values)) return undefined;
  if (values.length > MOST_VALUES) {
    throw new AppError('BAD_USER_INPUT', `\`${name}\` has at most ${MOST_VALUES} values`, { path: `where.${name}` });
  }
  return values.filter((value) => typeof value === 'string');
}
