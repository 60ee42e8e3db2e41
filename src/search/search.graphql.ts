import { builder } from '../graphql/builder.ts';
import { compileRoot } from '../graphql/documents/plan.ts';
import { pageSize } from '../graphql/page.ts';
import { compiledSearch } from './compiled-search.ts';
import { openSearch } from './open-search.ts';
import { questionShape } from './question.ts';
import { SearchConnection } from './search-found.ts';
import { SearchWhere } from './search-where.ts';

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
    resolve: (_root, given, context) => openSearch(context, given),
  }),
);

compileRoot('search', compiledSearch, { query: questionShape });
