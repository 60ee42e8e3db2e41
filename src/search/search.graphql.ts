import { builder } from '../graphql/builder.ts';
import { once } from '../graphql/connections.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { compileRoot } from '../graphql/documents/plan.ts';
import { entityReads } from '../graphql/entities.ts';
import { pageSize, readSize } from '../graphql/page.ts';
import { maySee } from '../graphql/visible.ts';
import { AppError } from '../kernel/errors.ts';
import { compiledSearch } from './compiled-search.ts';
import { hitsAfter } from './hits.read.ts';
import type { SearchedSource } from './hits-sql.ts';
import { LONGEST_QUERY, questionShape, readQuestion } from './question.ts';
import { decodeHit, encodeHit } from './search-cursor.ts';
import { SearchConnection } from './search-found.ts';
import { type Found, hitsOnce, sources } from './search-values.ts';
import { readFilters, SearchWhere } from './search-where.ts';

builder.queryField('search', (t) =>
  t.field({
    type: SearchConnection,
    description:
      'Searches titles, transcripts, reports and analyses, in any language. What lies outside the scopes of whoever asks is neither found nor counted. Such as `{ search(query: "tide -pool", first: 10) { totalCount edges { headline startSeconds } } }`.',
    args: {
      query: t.arg.string({ required: true, description: 'Words; "a phrase" in quotes; or; -without.' }),
      where: t.arg({ type: SearchWhere, description: 'Only what passes this.' }),
      first: t.arg.int({ description: 'The best hits: 1 to 100, 20 unless given.' }),
      after: t.arg.string({ description: 'Only what comes after this cursor.' }),
    },
    complexity: (given) => ({ field: 1, multiplier: pageSize(given) }),
    resolve: (_root, { query: text, where, first, after }, context): Found => {
      if (text.length > LONGEST_QUERY) {
        throw new AppError('BAD_USER_INPUT', `\`query\` has at most ${LONGEST_QUERY} characters`, { path: 'query' });
      }
      const { limit } = readSize({ first });
      const place = after == null ? undefined : decodeHit(after);
      const search = {
        sources: visibleSources(context),
        question: readQuestion(text),
        filters: readFilters(where),
      };
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
    },
  }),
);

compileRoot('search', compiledSearch, { query: questionShape });

/** Those whose rows the actor may see. */
const visibleSources = (context: GraphqlContext): SearchedSource[] =>
  sources.flatMap((source) => {
    const reads = entityReads(source.type);
    return maySee(context, reads) ? [{ ...source, limit: reads.limit?.(context) }] : [];
  });
