import { builder } from '../graphql/builder.ts';
import { entityRef } from '../graphql/entities.ts';
import { enumRef } from '../graphql/enum-refs.ts';
import { mutate } from '../graphql/mutate.ts';
import { MAY_CHANGE, rowNow } from '../sources/changing-sources.graphql.ts';
import { WRITE_BACK_CONTENT, WRITE_BACK_TIMING, writeBacks } from '../sources/write-back/write-backs.read.ts';
import { addWriteBack } from '../sources/write-back/write-backs.write.ts';
import { ExportOptionsInput } from './export-inputs.ts';
import { EXPORT_FORMAT } from './exports.read.ts';
import { newWriteBack } from './new-write-back.ts';

const WriteBackExportInput = builder.inputType('WriteBackExportInput', {
  description: 'Which rows and columns an export has.',
  fields: (t) => ({
    where: t.field({ type: 'JSON', description: 'Only rows like this: what the list takes as `where`.' }),
    orderBy: t.field({ type: 'JSON', description: 'In this order, as the list takes it; by key unless given.' }),
    fields: t.stringList({ description: 'Only these columns; those that import again unless given.' }),
    options: t.field({ type: ExportOptionsInput, description: 'How the file is written.' }),
  }),
});

const CreateWriteBackInput = builder.inputType('CreateWriteBackInput', {
  description: 'A new write-back.',
  fields: (t) => ({
    sourceId: t.id({ required: true, description: 'The source that is written to.' }),
    name: t.string({ required: true, description: 'What people call it.' }),
    content: t.field({
      type: enumRef(WRITE_BACK_CONTENT),
      required: true,
      description: 'EXPORT: the dataset’s rows as one file. ROWS: edits by hand, into the files that they came from.',
    }),
    dataset: t.string({ required: true, description: 'Whose rows, such as videos.' }),
    format: t.field({ type: enumRef(EXPORT_FORMAT), description: 'Of an export; CSV unless given.' }),
    export: t.field({ type: WriteBackExportInput, description: 'Of an export: which rows and columns.' }),
    path: t.string({
      description: 'From the source’s root, such as exports/videos.csv; of edited rows the one file to write.',
    }),
    timing: t.field({ type: enumRef(WRITE_BACK_TIMING), description: 'MANUAL unless given.' }),
    intervalSeconds: t.int({ description: 'Of INTERVAL: how often, in seconds, 60 at least.' }),
  }),
});

builder.mutationField('createWriteBack', (t) =>
  t.field({
    type: entityRef(writeBacks.type),
    needs: MAY_CHANGE,
    extensions: { repeatable: true },
    description:
      'Keeps a file of your source up to date with a dataset. Such as `mutation ($source: ID!) { createWriteBack(input: { sourceId: $source, name: "videos", content: EXPORT, dataset: "videos", path: "exports/videos.csv", timing: AFTER_EDITS }) { writeBackId } }`.',
    args: { input: t.arg({ type: CreateWriteBackInput, required: true, description: 'The write-back.' }) },
    resolve: async (_root, { input }, context, info) => {
      const wanted = await newWriteBack(context, input);
      const made = await mutate(context, ({ query }) => addWriteBack(query, context.actor, wanted), info);
      return rowNow(context, writeBacks, made, info);
    },
  }),
);
