/** The types of all hits together: how many, by what, and what may have been meant. */
import { builder } from '../graphql/builder.ts';
import { PageInfo } from '../graphql/connections.ts';
import { enumName } from '../graphql/enumerations.ts';
import { pageSize, readSize } from '../graphql/page.ts';
import { BY_TYPE, type FacetCount } from './facets.read.ts';
import { MOST_CANDIDATES, MOST_PIECES } from './hits-sql.ts';
import { countsBy } from './open-search.ts';
import { SearchEdge } from './search-edge.ts';
import type { Found } from './search-values.ts';
import { facets } from './search-where.ts';
import { type Suggestion, suggest } from './suggestions.read.ts';

const DEFAULT_SUGGESTIONS = 3;
const MOST_SUGGESTIONS = 5;

const SearchFacetValue = builder.objectRef<FacetCount>('SearchFacetValue').implement({
  description: 'How many hits have one value.',
  fields: (t) => ({
    value: t.exposeString('value', { description: 'The value, as `where` takes it.' }),
    label: t.string({ description: 'Its name for people.', resolve: ({ label, value }) => label ?? value }),
    count: t.int({ description: 'How many hits have it.', resolve: ({ total }) => total }),
  }),
});

const BY_TYPE_DESCRIPTION = 'What was found.';

const SearchFacets = builder.objectRef<Found>('SearchFacets').implement({
  description:
    'How many hits each value has, the most first: of all hits under the same query and `where`. A facet leaves its own part of `where` out, so that it shows what other choices would bring. A hit with several values counts for each of them.',
  fields: (t) =>
    Object.fromEntries(
      [{ name: BY_TYPE, description: BY_TYPE_DESCRIPTION, enumeration: {} }, ...facets].map((facet) => [
        facet.name,
        t.field({
          type: [SearchFacetValue],
          description: facet.description,
          args: { first: t.arg.int({ description: 'The values with the most hits: 1 to 100, 20 unless given.' }) },
          complexity: (given) => ({ field: 10, multiplier: pageSize(given) }),
          resolve: async (found, given, { reads }) => {
            const counts = await countsBy(found, reads.query, facet.name, readSize(given).limit);
            return facet.enumeration === undefined
              ? counts
              : counts.map((count) => ({ ...count, value: enumName(count.value) }));
          },
        }),
      ]),
    ),
});

const SearchSuggestion = builder.objectRef<Suggestion>('SearchSuggestion').implement({
  description: 'A query near to the one asked that finds more.',
  fields: (t) => ({
    query: t.exposeString('query', { description: 'The query, its words replaced by similar ones that are there.' }),
    totalCount: t.exposeInt('totalCount', { description: 'How many hits it has under the same `where`.' }),
  }),
});

export const SearchConnection = builder.objectRef<Found>('SearchConnection').implement({
  description: 'What a search found, the best first.',
  fields: (t) => ({
    totalCount: t.int({
      description: 'How many rows were found; with `isComplete` false at least so many.',
      resolve: async (found) => (await found.hits()).hits.length,
    }),
    isComplete: t.boolean({
      description: `Whether every row with these words was looked at. Of very common words it is the newest ${MOST_CANDIDATES} rows of each type and ${MOST_PIECES} moments: they are what is ranked, counted and paged through.`,
      resolve: async (found) => !(await found.hits()).isCut,
    }),
    pageInfo: t.field({ type: PageInfo, description: 'Where this page stands.', resolve: (found) => found.page() }),
    edges: t.field({
      type: [SearchEdge],
      description: 'What was found, the best first.',
      resolve: async (found) => (await found.page()).hits,
    }),
    facets: t.field({
      type: SearchFacets,
      description: 'How many hits there are of each kind.',
      resolve: (found) => found,
    }),
    suggestions: t.field({
      type: [SearchSuggestion],
      description: 'What may have been meant, where little or nothing was found. Each finds more.',
      args: {
        first: t.arg.int({
          description: `At most so many: 1 to ${MOST_SUGGESTIONS}, ${DEFAULT_SUGGESTIONS} unless given.`,
        }),
      },
      complexity: { field: 20 },
      resolve: async ({ search, text, hits }, { first }, { reads }) => {
        const { limit } = readSize({ first: first ?? DEFAULT_SUGGESTIONS });
        const found = (await hits()).hits.length;
        return suggest(reads.query, search, text, found, Math.min(limit, MOST_SUGGESTIONS));
      },
    }),
  }),
});
