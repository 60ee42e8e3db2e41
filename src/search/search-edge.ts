/** The types of one hit. */
import type { GraphQLResolveInfo } from 'graphql';
import { loadByKey } from '../graphql/batches.ts';
import { builder } from '../graphql/builder.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { entityReads, entityRef } from '../graphql/entities.ts';
import type { Row } from '../graphql/entity.ts';
import { asType } from '../graphql/node.ts';
import { pageSize, readSize } from '../graphql/page.ts';
import { askedColumns, ITSELF } from '../graphql/selection.ts';
import { AppError } from '../kernel/errors.ts';
import { asHtml } from './marks.ts';
import type { Moment } from './moments.read.ts';
import { encodeHit } from './search-cursor.ts';
import { type FoundEdge, loadHeadline, loadMoments, piecesOf, sources } from './search-values.ts';

const DEFAULT_MOMENTS = 3;

async function segment(context: GraphqlContext, edge: FoundEdge, info: GraphQLResolveInfo) {
  const [best] = await loadMoments(context, edge, 1);
  return best === undefined ? null : piece(context, edge.hit.type, best, info);
}

function piece(context: GraphqlContext, type: string, { key }: Moment, info: GraphQLResolveInfo) {
  const pieces = piecesOf(type);
  if (pieces === undefined) return null;
  const reads = entityReads(pieces.type);
  return loadByKey(context, reads, key, askedColumns(reads, info, [ITSELF]));
}

async function found(context: GraphqlContext, { hit }: FoundEdge, info: GraphQLResolveInfo): Promise<Row> {
  const reads = entityReads(hit.type);
  const row = await loadByKey(context, reads, hit.key, askedColumns(reads, info, [ITSELF]));
  if (row !== null) return asType(row, hit.type);
  throw new AppError('INTERNAL', `The search found a ${hit.type} that its own snapshot does not have`);
}

const SearchResult = builder.unionType('SearchResult', {
  description: 'What a search can find.',
  types: () => sources.map(({ type }) => entityRef(type)),
});

const SearchMoment = builder.objectRef<Moment>('SearchMoment').implement({
  description: 'Where in a video something is said.',
  fields: (t) => ({
    startSeconds: t.float({
      nullable: true,
      description: 'The second at which it begins, where the transcript says so.',
      resolve: (moment) => moment.startSeconds,
    }),
    speaker: t.exposeString('speaker', { nullable: true, description: 'Who speaks, where the transcript says so.' }),
    text: t.exposeString('text', { description: 'What is said.' }),
    headline: t.string({
      description: 'What is said, as HTML: escaped, with the words found in <mark>.',
      resolve: ({ line }) => asHtml(line),
    }),
    rank: t.exposeFloat('rank', { description: 'How well it fits, beside other moments; higher is better.' }),
  }),
});

export const SearchEdge = builder.objectRef<FoundEdge>('SearchEdge').implement({
  description: 'Something found, and where in it.',
  fields: (t) => ({
    cursor: t.string({ description: 'The place in the list, for `after`.', resolve: ({ hit }) => encodeHit(hit) }),
    rank: t.float({ description: 'How well it fits; higher is better.', resolve: ({ hit }) => hit.rank }),
    headline: t.string({
      nullable: true,
      description: 'A line around what was found, as HTML: escaped, with the words found in <mark>.',
      resolve: (edge, _given, context) => loadHeadline(context, edge),
    }),
    startSeconds: t.float({
      nullable: true,
      description: 'Of a video, the second at which the moment that fits best begins.',
      resolve: async (edge, _given, context) => (await loadMoments(context, edge, 1))[0]?.startSeconds,
    }),
    moments: t.field({
      type: [SearchMoment],
      description:
        'Of a video, the moments that fit best: those that say all that was asked for, then those that say some of it.',
      args: { first: t.arg.int({ description: `At most so many: 1 to 100, ${DEFAULT_MOMENTS} unless given.` }) },
      complexity: ({ first }) => ({ field: 1, multiplier: pageSize({ first: first ?? DEFAULT_MOMENTS }) }),
      resolve: async (edge, { first }, context) => {
        const { limit } = readSize({ first: first === undefined ? DEFAULT_MOMENTS : first });
        return [...(await loadMoments(context, edge, limit))];
      },
    }),
    segment: t.field({
      type: entityRef('VideoSegment'),
      nullable: true,
      description: 'Of a video, the moment that fits best, as a row; null where no moment says any of it.',
      resolve: (edge, _given, context, info) => segment(context, edge, info),
    }),
    node: t.field({
      type: SearchResult,
      description: 'What was found.',
      resolve: (edge, _given, context, info) => found(context, edge, info),
    }),
  }),
});
