import type { Link } from '../files/links.ts';
import { loadByKey } from '../graphql/batches.ts';
import { builder } from '../graphql/builder.ts';
import { defineEntity } from '../graphql/define-entity.ts';
import { faultType, keptFault } from '../graphql/kept-fault.ts';
import { mutate } from '../graphql/mutate.ts';
import { askedColumns, ITSELF } from '../graphql/selection.ts';
import { countOf } from '../graphql/values.ts';
import { AppError } from '../kernel/errors.ts';
import { uuidv7 } from '../kernel/uuid.ts';
import { readAsked } from './asked.ts';
import { StartExportInput } from './export-inputs.ts';
import { exporterSlot } from './exporter.ts';
import { exports } from './exports.read.ts';
import { linkOf } from './links.ts';
import { enqueueExport, requirePossible } from './start.ts';

const Export = defineEntity(exports);

const ExportFault = faultType('ExportFault', 'Why an export failed. Nothing of it is kept.');

const ExportLink = builder.objectRef<Link>('ExportLink').implement({
  description: 'Where the file is fetched, by whoever asked for this address and nobody else.',
  fields: (t) => ({
    url: t.exposeString('path', { description: 'The address.' }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'When the address ends; asked again, there is another.',
      resolve: ({ expiresAt }) => expiresAt,
    }),
  }),
});

builder.objectFields(Export, (t) => ({
  rows: t.float({
    nullable: true,
    description: 'How many rows it has; null before it is written.',
    resolve: (row) => countOf(row, 'rows'),
  }),
  bytes: t.float({
    nullable: true,
    description: 'The size of the file; null before it is written.',
    resolve: (row) => countOf(row, 'bytes'),
  }),
  error: t.field({
    type: ExportFault,
    nullable: true,
    description: 'Why it failed.',
    resolve: keptFault,
  }),
  link: t.field({
    type: ExportLink,
    nullable: true,
    description: 'Where the file is fetched; null where there is none yet, or no more.',
    resolve: (row, _given, context) => linkOf(context, row),
  }),
}));

builder.mutationField('startExport', (t) =>
  t.field({
    type: Export,
    needs: { role: 'viewer' },
    extensions: { repeatable: true },
    description:
      'Asks for an export, which a job writes: its progress is told by jobProgress, its file fetched by the link. Such as `mutation { startExport(input: { source: "videos", format: CSV, where: { status: { equals: "COMPLETED" } } }) { exportId jobId status } }`.',
    args: { input: t.arg({ type: StartExportInput, required: true, description: 'What is exported, and how.' }) },
    resolve: async (_root, { input }, context, info) => {
      const exporter = exporterSlot.get(context);
      const { request, name } = await readAsked(context.reads.query, exporter, input);
      await requirePossible(context, exporter, request);
      const exportId = await mutate(
        context,
        ({ query }) => enqueueExport(query, context, uuidv7(), request, name),
        info,
      );
      const row = await loadByKey(context, exports, exportId, askedColumns(exports, info, [ITSELF]));
      if (row !== null) return row;
      throw new AppError('INTERNAL', `The export ${exportId} has no line`);
    },
  }),
);
