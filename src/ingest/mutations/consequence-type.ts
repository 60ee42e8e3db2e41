/** The GraphQL type of what a deletion does to other rows. */
import { builder } from '../../graphql/builder.ts';
import type { Consequence } from './consequences.ts';

const ConsequenceEffect = builder.enumType('ConsequenceEffect', {
  description: 'What happens to rows that depend on a deleted one.',
  values: {
    DELETED: { value: 'deleted', description: 'They go with it.' },
    CLEARED: {
      value: 'cleared',
      description: 'They stay without the value that named it, or with the one that another file gives.',
    },
    WAITS: { value: 'waits', description: 'Mentions in files: kept, and waiting for the row to come back.' },
  } as const,
});

export const ConsequenceType = builder.objectRef<Consequence>('Consequence').implement({
  description: 'What a deletion does to rows of one table.',
  fields: (t) => ({
    table: t.exposeString('table', { description: 'The table of the rows concerned.' }),
    column: t.exposeString('column', {
      nullable: true,
      description: 'The column that names the deleted row; null where links as a whole are mentioned.',
    }),
    effect: t.field({ type: ConsequenceEffect, description: 'What happens to them.', resolve: ({ effect }) => effect }),
    count: t.exposeInt('count', { description: 'How many there are.' }),
  }),
});

/** The argument of every deletion. */
export const dryRun = builder.args((t) => ({
  dryRun: t.boolean({ required: true, defaultValue: false, description: 'Only say what would happen; write nothing.' }),
}));
