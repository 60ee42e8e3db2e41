import type { Static } from 'typebox';
import { loadByKey } from '../graphql/batches.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { entityReads } from '../graphql/entities.ts';
import { DEFAULT_ROWS } from '../graphql/page.ts';
import { textOf } from '../graphql/values.ts';
import { AppError } from '../kernel/errors.ts';
import { instantOf } from '../rest/given-values.ts';
import { linkTo, questionOf } from '../rest/page.ts';
import { restRoute } from '../rest/route.ts';
import { BY_TYPE } from './facets.read.ts';
import { countsBy, openSearch } from './open-search.ts';
import { decodeHit } from './search-cursor.ts';
import { SEARCH_ANSWER, SEARCH_QUERY, tableOf, typeOf } from './search-schemas.ts';
import { type Found, type FoundEdge, loadHeadline, loadMoments } from './search-values.ts';
import { facets, type SearchWhereShape } from './search-where.ts';
import { suggest } from './suggestions.read.ts';

type SearchQuery = Static<typeof SEARCH_QUERY>;

const MOST_COUNTED = 20;
const MOST_SUGGESTIONS = 3;

export default restRoute({
  method: 'GET',
  path: '/search',
  operationId: 'search',
  tag: 'Search',
  summary: 'Searches titles, transcripts, reports and analyses, in any language',
  description: 'What lies outside the scopes of whoever asks is neither found nor counted.',
  query: SEARCH_QUERY,
  answers: {
    200: {
      description: 'What was found, the best first.',
      content: { 'application/json': SEARCH_ANSWER },
      headers: { link: { description: 'The first page, and the next one where there is one.' } },
    },
  },
  price: ({ query }) => 20 + 6 * (query.limit ?? DEFAULT_ROWS) + (query.facets === false ? 0 : 10 * MOST_COUNTED),
  answer: async (context, { query, url }) => {
    const { q, limit = DEFAULT_ROWS, cursor } = query;
    if (cursor !== undefined) requireCursor(cursor);
    const found = openSearch(context, { query: q, where: whereOf(query), first: limit, after: cursor });
    const { hits: all, isCut } = await found.hits();
    const page = await found.page();
    const next = page.hasNextPage ? (page.edges.at(-1)?.cursor() ?? null) : null;
    const data = await Promise.all(page.hits.map((hit) => hitOf(context, hit)));
    const counted = query.facets === false ? undefined : await facetsOf(context, found);
    const near = await suggest(context.reads.query, found.search, q, all.length, MOST_SUGGESTIONS);
    const body = {
      data,
      page: { limit, next_cursor: next, total: all.length },
      is_complete: !isCut,
      facets: counted,
      suggestions: near.map(({ query: instead, totalCount }) => ({ query: instead, total: totalCount })),
    };
    const question = questionOf(url);
    const links = [
      linkTo(question, 'first', {}),
      ...(next === null ? [] : [linkTo(question, 'next', { cursor: next })]),
    ];
    return { body: JSON.stringify(body), headers: { link: links.join(', ') } };
  },
});

/** @throws AppError BAD_USER_INPUT for what is no cursor of a search */
function requireCursor(cursor: string): void {
  try {
    decodeHit(cursor);
  } catch (cause) {
    throw new AppError('BAD_USER_INPUT', '`cursor` is not a cursor of a search', { path: 'cursor', cause });
  }
}

function whereOf(query: SearchQuery): SearchWhereShape {
  const chosen = facets.flatMap(({ name }): [string, unknown][] => {
    const values: unknown = Reflect.get(query, name);
    return values === undefined ? [] : [[name, values]];
  });
  const types: unknown = Reflect.get(query, BY_TYPE);
  return {
    ...Object.fromEntries(chosen),
    ...(Array.isArray(types) && { type: types.map((table) => typeOf(String(table)) ?? '') }),
    ...(query.from !== undefined && { from: instantOf(query.from, 'from') }),
    ...(query.before !== undefined && { before: instantOf(query.before, 'before') }),
  };
}

/** What is shown of a hit; of all hits of a page the same is fetched together. */
async function hitOf(context: GraphqlContext, edge: FoundEdge) {
  const { type, key, rank } = edge.hit;
  const [title, headline, moments] = await Promise.all([
    titleOf(context, type, key),
    loadHeadline(context, edge),
    loadMoments(context, edge, 1),
  ]);
  return { type: tableOf(type), key, title, rank, headline, start_seconds: moments[0]?.startSeconds ?? null };
}

async function titleOf(context: GraphqlContext, type: string, key: string): Promise<string | null> {
  const reads = entityReads(type);
  const column = reads.fields['title']?.column;
  if (column === undefined) return null;
  const row = await loadByKey(context, reads, key, [column, reads.fields[reads.key]?.column ?? column]);
  return row === null ? null : textOf(row, column);
}

async function facetsOf(context: GraphqlContext, found: Found) {
  const counted = await Promise.all(
    [BY_TYPE, ...facets.map(({ name }) => name)].map(async (name) => {
      const counts = await countsBy(found, context.reads.query, name, MOST_COUNTED);
      return [
        name,
        counts.map(({ value, label, total }) => {
          const shown = name === BY_TYPE ? tableOf(value) : value;
          return { value: shown, label: label ?? shown, count: total };
        }),
      ] as const;
    }),
  );
  return Object.fromEntries(counted);
}
