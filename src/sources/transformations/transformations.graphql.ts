import { builder } from '../../graphql/builder.ts';
import { defineEntity } from '../../graphql/define-entity.ts';
import { type AskedPreview, previewTransformation } from './preview.ts';
import { transformations } from './transformations.read.ts';
import type { Tried, TriedRecord } from './try-steps.ts';

defineEntity(transformations);

const TransformedRecord = builder.objectRef<TriedRecord>('TransformedRecord').implement({
  description: 'One record before and after.',
  fields: (t) => ({
    line: t.exposeInt('line', { description: 'The line on which it begins; of given records its place.' }),
    before: t.expose('before', { type: 'JSON', nullable: true, description: 'As the file says it.' }),
    after: t.expose('after', { type: 'JSON', nullable: true, description: 'As it is mapped; null where it is not.' }),
    isKept: t.exposeBoolean('isKept', { description: 'False where it is left out, or does not pass.' }),
    fault: t.exposeString('fault', { nullable: true, description: 'Why it does not pass.' }),
  }),
});

const TransformationPreview = builder.objectRef<Tried>('TransformationPreview').implement({
  description: 'What steps make of a sample.',
  fields: (t) => ({
    records: t.field({
      type: [TransformedRecord],
      description: 'In the order of the sample.',
      resolve: ({ records }) => [...records],
    }),
    kept: t.exposeInt('kept', { description: 'Records that go on.' }),
    dropped: t.exposeInt('dropped', { description: 'Records that a filter leaves out.' }),
    failed: t.exposeInt('failed', { description: 'Records that would become rejects.' }),
  }),
});

const PreviewInput = builder.inputType('PreviewTransformationInput', {
  description: 'What to try, and on what: records, an item, or a file.',
  fields: (t) => ({
    steps: t.field({ type: 'JSON', description: 'The steps; the active ones of the source unless given.' }),
    sourceId: t.id({ description: 'The source whose transformations are tried.' }),
    records: t.field({ type: ['JSON'], description: 'Records as a file has them.' }),
    itemId: t.id({ description: 'An item of a source, fetched from its place.' }),
    path: t.string({ description: 'A file inside the import roots.' }),
    root: t.string({ description: 'A folder inside the import roots that `path` begins at.' }),
    file: t.field({ type: 'File', description: 'A file, by a multipart request.' }),
    dataset: t.string({ description: 'The dataset as whose file it is read; by default its name decides.' }),
    first: t.int({ description: 'At most so many records: 1 to 100, 20 unless given.' }),
  }),
});

builder.mutationField('previewTransformation', (t) =>
  t.field({
    type: TransformationPreview,
    needs: { role: 'importer', scope: transformations.scope },
    description:
      'Shows what steps make of a sample; writes nothing. Such as `mutation { previewTransformation(input: { steps: [{ kind: "rename", names: { Titel: "title" } }], records: [{ Titel: "Tides" }] }) { records { before after fault } } }`.',
    args: { input: t.arg({ type: PreviewInput, required: true, description: 'What to try, and on what.' }) },
    resolve: (_root, { input }, context) => {
      const asked: AskedPreview = input;
      return previewTransformation(context, asked);
    },
  }),
);
