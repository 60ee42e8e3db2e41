import type { Link } from '../files/links.ts';
import { loadByKey } from '../graphql/batches.ts';
import { builder } from '../graphql/builder.ts';
import { defineEntity } from '../graphql/define-entity.ts';
import type { Row } from '../graphql/entity.ts';
import { mutate } from '../graphql/mutate.ts';
import { askedColumns, ITSELF } from '../graphql/selection.ts';
import { bigintOf, jsonOf } from '../graphql/values.ts';
import { AppError } from '../kernel/errors.ts';
import { isJsonObject } from '../kernel/json.ts';
import { uuidv7 } from '../kernel/uuid.ts';
import { readAsked } from './asked.ts';
import { StartExportInput } from './export-inputs.ts';
import { exporterSlot } from './exporter.ts';
import { exports } from './exports.read.ts';
import { linkOf } from './links.ts';
import { enqueueExport, requirePossible } from './start.ts';

const Export = defineEntity(exports);

interface Fault {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
}

const ExportFault = builder.objectRef<Fault>('ExportFault').implement({
  description: 'Why an export failed. Nothing of it is kept.',
  fields: (t) => ({
    code: t.exposeString('code', { description: 'What happened, of a closed list.' }),
    message: t.exposeString('message', { description: 'What happened, as a sentence.' }),
    hint: t.exposeString('hint', { nullable: true, description: 'What to do next.' }),
  }),
});

const ExportLink = builder.objectRef<Link>('ExportLink').implement({
  description: 'Where the file is fetched, by whoever asked for it and nobody else.',
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
    resolve: (row) => count(row, 'rows'),
  }),
  bytes: t.float({
    nullable: true,
    description: 'The size of the file; null before it is written.',
    resolve: (row) => count(row, 'bytes'),
  }),
  error: t.field({
    type: ExportFault,
    nullable: true,
    description: 'Why it failed.',
    resolve: (row) => readFault(jsonOf(row, 'error')),
  }),
  link: t.field({
    type: ExportLink,
    nullable: true,
    description: 'Where the file is fetched; null where there is none, and for anybody but who asked for it.',
    resolve: (row, _given, context) => linkOf(context, row),
  }),
}));

/** No file has 2^53 bytes. */
function count(row: Row, column: string): number | null {
  const value = bigintOf(row, column);
  return value === null ? null : Number(value);
}

function readFault(value: unknown): Fault | null {
  if (!isJsonObject(value)) return null;
  const { code, message, hint } = value;
  return { code: String(code), message: String(message), hint: typeof hint === 'string' ? hint : null };
}

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
