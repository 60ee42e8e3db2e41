import { builder } from '../graphql/builder.ts';
import { entityRef } from '../graphql/entities.ts';
import type { Row } from '../graphql/entity.ts';
import { AppError } from '../kernel/errors.ts';
import { importerSlot } from './importer-slot.ts';
import { imports } from './imports.read.ts';

builder.subscriptionType({
  description: 'What is told as it happens, as server-sent events.',
  fields: (t) => ({
    importProgress: t.field({
      type: entityRef(imports.type),
      description: 'The import now and whenever it gets on, until it has ended; the last event says how.',
      args: { importId: t.arg.id({ required: true, description: 'The key of the import.' }) },
      subscribe: async (_root, { importId }, context) => {
        const { progress, background } = importerSlot.get(context);
        // Asked for once more than needed: an id that nobody knows must be told apart from one that waits its turn.
        const isExpected = (): boolean => background.has(importId);
        const [found] = await context.database.read
          .query<Row>('SELECT FROM imports WHERE import_id::text = $1', [importId])
          .then(({ rows }) => rows);
        if (found === undefined && !isExpected()) {
          throw new AppError('NOT_FOUND', 'There is no import with this id', { path: 'importId' });
        }
        return progress.follow(importId, isExpected);
      },
      resolve: (row) => row,
    }),
  }),
});
