/** Where a row's values came from, as a field of every imported type. */
import { loadByKey } from '../graphql/batches.ts';
import { builder } from '../graphql/builder.ts';
import { entityReads, entityRef, keyColumn, type RowRef } from '../graphql/entities.ts';
import type { Row } from '../graphql/entity.ts';
import { askedColumns, ITSELF } from '../graphql/selection.ts';
import { jsonOf, numberOf, textOf } from '../graphql/values.ts';

/** The import's type is declared by the pipeline's own files; it is named here, not imported. */
const IMPORT = 'Import';

const Origin = builder.objectRef<Row>('Origin').implement({
  description: 'Where a row’s values came from.',
  fields: (t) => ({
    importId: t.id({
      nullable: true,
      description:
        'The import that last wrote the row; of one that was deleted and made anew by hand, whose file speaks of it; null for a row made by hand of which no file spoke.',
      resolve: (row) => textOf(row, 'origin_import_id'),
    }),
    line: t.int({
      nullable: true,
      description: 'The line of the file on which the record begins.',
      resolve: (row) => numberOf(row, 'origin_line'),
    }),
    raw: t.field({
      type: 'JSON',
      nullable: true,
      description: 'The original text of values that were read with loss, by column.',
      resolve: (row) => jsonOf(row, 'origin_raw'),
    }),
    path: t.string({
      nullable: true,
      description: 'The file, relative to the folder that was imported.',
      resolve: async (row, _given, context) => {
        const key = textOf(row, 'origin_import_id');
        const reads = entityReads(IMPORT);
        const found = key === null ? null : await loadByKey(context, reads, key, [keyColumn(reads), 'path']);
        return found === null ? null : textOf(found, 'path');
      },
    }),
    import: t.field({
      type: entityRef(IMPORT),
      nullable: true,
      description: 'The import that last wrote the row.',
      resolve: (row, _given, context, info) => {
        const key = textOf(row, 'origin_import_id');
        const reads = entityReads(IMPORT);
        return key === null ? null : loadByKey(context, reads, key, askedColumns(reads, info, [ITSELF]));
      },
    }),
  }),
});

/** Adds `origin` to a type; its declaration names the columns under `needs`. */
export function addOrigin(ref: RowRef): void {
  builder.objectField(ref, 'origin', (t) =>
    t.field({
      type: Origin,
      description: 'Where the row’s values came from.',
      resolve: (row) => row,
    }),
  );
}
