import type { GraphQLResolveInfo } from 'graphql';
import { loadByKey, loaderFamily } from '../graphql/batches.ts';
import { builder } from '../graphql/builder.ts';
import { once, type Page, PageInfo } from '../graphql/connections.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { entityReads, entityRef } from '../graphql/entities.ts';
import type { Row } from '../graphql/entity.ts';
import { asType } from '../graphql/node.ts';
import { pageSize, readPage } from '../graphql/page.ts';
import { askedColumns, ITSELF } from '../graphql/selection.ts';
import { AppError } from '../kernel/errors.ts';
import { readQuestion } from './question.ts';
import { bestPieces, countHits, findHits, type Hit, headlines } from './search.read.ts';
import { decodeHit, encodeHit } from './search-cursor.ts';
import { loadSearchSources } from './sources.ts';

const sources = await loadSearchSources();
const sourceOf = new Map(sources.map((source) => [source.type, source]));

/** A hit of a query; what was wanted says which line of the row to show. */
interface SearchEdge {
  readonly hit: Hit;
  readonly text: string;
}

interface SearchConnection {
  readonly page: () => Promise<Page & { readonly hits: readonly SearchEdge[] }>;
  readonly count: () => Promise<number>;
}

const LONGEST_QUERY = 1_000;

const lines = loaderFamily<string | null>();
const pieces = loaderFamily<string | null>();

function headline(context: GraphqlContext, { hit, text }: SearchEdge): Promise<string | null> | null {
  const source = sourceOf.get(hit.type);
  if (source === undefined) return null;
  const ask = () => (keys: readonly string[]) => headlines(context.reads.query, source, text, keys);
  return lines(context, `${hit.type} ${text}`, ask).load(hit.key);
}

async function segment(context: GraphqlContext, { hit, text }: SearchEdge, info: GraphQLResolveInfo) {
  const found = sourceOf.get(hit.type)?.pieces;
  if (found === undefined) return null;
  const ask = () => (keys: readonly string[]) => bestPieces(context.reads.query, found, text, keys);
  const key = await pieces(context, `${hit.type} ${text}`, ask).load(hit.key);
  const reads = entityReads(found.type);
  return key === null ? null : loadByKey(context, reads, key, askedColumns(reads, info, [ITSELF]));
}

async function found(context: GraphqlContext, { hit }: SearchEdge, info: GraphQLResolveInfo): Promise<Row> {
  const reads = entityReads(hit.type);
  const row = await loadByKey(context, reads, hit.key, askedColumns(reads, info, [ITSELF]));
  if (row !== null) return asType(row, hit.type);
  throw new AppError('INTERNAL', `The search found a ${hit.type} that its own snapshot does not have`);
}

const SearchResult = builder.unionType('SearchResult', {
  description: 'What a search can find.',
  types: () => sources.map(({ type }) => entityRef(type)),
});

const SearchEdge = builder.objectRef<SearchEdge>('SearchEdge').implement({
  description: 'Something found, and where in it.',
  fields: (t) => ({
    cursor: t.string({ description: 'The place in the list, for `after`.', resolve: ({ hit }) => encodeHit(hit) }),
    rank: t.float({ description: 'How well it fits; higher is better.', resolve: ({ hit }) => hit.rank }),
    headline: t.string({
      nullable: true,
      description: 'A line around what was found, as HTML: escaped, with the words found in <mark>.',
      resolve: (edge, _given, context) => headline(context, edge),
    }),
    segment: t.field({
      type: entityRef('VideoSegment'),
      nullable: true,
      description: 'Of a video, the moment that fits best; null where no single moment does.',
      resolve: (edge, _given, context, info) => segment(context, edge, info),
    }),
    node: t.field({
      type: SearchResult,
      description: 'What was found.',
      resolve: (edge, _given, context, info) => found(context, edge, info),
    }),
  }),
});

const SearchConnection = builder.objectRef<SearchConnection>('SearchConnection').implement({
  description: 'What a search found, the best first.',
  fields: (t) => ({
    totalCount: t.int({ description: 'How many rows were found.', resolve: (search) => search.count() }),
    pageInfo: t.field({ type: PageInfo, description: 'Where this page stands.', resolve: (search) => search.page() }),
    edges: t.field({
      type: [SearchEdge],
      description: 'What was found, the best first.',
      resolve: async (search) => (await search.page()).hits,
    }),
  }),
});

builder.queryField('search', (t) =>
  t.field({
    type: SearchConnection,
    description: 'Searches titles, transcripts, reports and analyses, in any language.',
    args: {
      query: t.arg.string({ required: true, description: 'Words; "a phrase" in quotes; or; -without.' }),
      first: t.arg.int({ description: 'The best hits: 1 to 100, 20 unless given.' }),
      after: t.arg.string({ description: 'Only what comes after this cursor.' }),
    },
    complexity: (given) => ({ field: 1, multiplier: pageSize(given) }),
    resolve: (_root, { query: text, first, after }, { reads }): SearchConnection => {
      if (text.length > LONGEST_QUERY) {
        throw new AppError('BAD_USER_INPUT', `\`query\` has at most ${LONGEST_QUERY} characters`, { path: 'query' });
      }
      const { limit } = readPage({ first }, []);
      const place = after == null ? undefined : decodeHit(after);
      const question = readQuestion(text);
      return {
        count: once(() => countHits(reads.query, sources, question)),
        page: once(async () => {
          const hits = await findHits(reads.query, sources, question, limit, place);
          const kept = hits.slice(0, limit).map((hit) => ({ hit, text: question.wanted }));
          return {
            hits: kept,
            edges: kept.map(({ hit }) => ({ row: {}, cursor: () => encodeHit(hit) })),
            hasNextPage: hits.length > limit,
            hasPreviousPage: place !== undefined,
          };
        }),
      };
    },
  }),
);
