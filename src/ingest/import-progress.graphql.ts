import { builder } from '../graphql/builder.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import { entityRef } from '../graphql/entities.ts';
import type { Row } from '../graphql/entity.ts';
import { textOf } from '../graphql/values.ts';
import { AppError } from '../kernel/errors.ts';
import { isQueued } from './import-later.ts';
import { importerSlot } from './importer-slot.ts';
import { imports } from './imports.read.ts';
import { ownDatasets } from './own-datasets.ts';

const notFound = (): AppError => new AppError('NOT_FOUND', 'There is no import with this id', { path: 'importId' });

/** Whether the actor may see imports of the row's dataset. */
function isOwn(context: GraphqlContext, row: Row): boolean {
  return ownDatasets(context)?.includes(textOf(row, 'dataset') ?? '') ?? true;
}

builder.subscriptionType({
  description: 'What is told as it happens, as server-sent events.',
  fields: (t) => ({
    importProgress: t.field({
      type: entityRef(imports.type),
      description:
        'The import now and whenever it gets on, until it has ended; the last event says how. Such as `subscription ($import: ID!) { importProgress(importId: $import) { status read rejected } }`.',
      args: { importId: t.arg.id({ required: true, description: 'The key of the import.' }) },
      subscribe: async (_root, { importId }, context) => {
        const { progress } = importerSlot.get(context);
        // Asked for once more than needed: an id that nobody knows must be told apart from one that waits its turn.
        const isExpected = (): Promise<boolean> => isQueued(context.database.read, importId);
        const [found] = await context.database.read
          .query<Row>('SELECT dataset FROM imports WHERE import_id::text = $1', [importId])
          .then(({ rows }) => rows);
        if (found === undefined ? !(await isExpected()) : !isOwn(context, found)) throw notFound();
        return progress.follow(importId, isExpected);
      },
      // Of an import that waited its turn the dataset is known only now.
      resolve: (row, _given, context) => {
        if (isOwn(context, row)) return row;
        throw notFound();
      },
    }),
  }),
});
