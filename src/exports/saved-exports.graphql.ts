import { builder } from '../graphql/builder.ts';
import { enumRef } from '../graphql/enum-refs.ts';
import { mutate } from '../graphql/mutate.ts';
import { isJsonObject } from '../kernel/json.ts';
import { readAsked } from './asked.ts';
import { SaveExportInput } from './export-inputs.ts';
import { exporterSlot } from './exporter.ts';
import { EXPORT_FORMAT } from './exports.read.ts';
import { deleteSaved, findSaved, listSaved, mayRun, type SavedExport, saveExport } from './saved.ts';
import { requirePossible } from './start.ts';

const SavedExportType = builder.objectRef<SavedExport>('SavedExport').implement({
  description:
    'An export that has a name: one that comes with Cairn, one that you saved, or one that somebody shares with everybody.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name, also that of its file.' }),
    description: t.exposeString('description', { description: 'What it is for.' }),
    source: t.exposeString('source', { description: 'The dataset, list or query whose rows it has.' }),
    format: t.field({
      type: enumRef(EXPORT_FORMAT),
      description: 'What it is written as.',
      resolve: ({ format }) => format,
    }),
    request: t.field({
      type: 'JSON',
      description: 'Which rows and columns: where, orderBy, fields, first, options.',
      resolve: ({ where, orderBy, fields, first, options }) => {
        const request: unknown = JSON.parse(JSON.stringify({ where, orderBy, fields, first, options }));
        return isJsonObject(request) ? request : {};
      },
    }),
    owner: t.exposeString('owner', {
      nullable: true,
      description: 'Who saved it, such as user:anna@example.org; null of what comes with Cairn.',
    }),
    isShared: t.exposeBoolean('isShared', {
      description: 'Whether everybody sees and runs it, each with their own rights; else it is whose it is alone.',
    }),
    updatedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was saved last.',
      resolve: ({ updatedAt }) => updatedAt,
    }),
  }),
});

builder.queryField('savedExports', (t) =>
  t.field({
    type: [SavedExportType],
    needs: { role: 'viewer' },
    description:
      'Exports that have a name, and that you may run: of one name your own, then what somebody shares, then what comes with Cairn. Such as `{ savedExports { name source format description } }`.',
    resolve: async (_root, _given, context) => listSaved(context, await exporterSlot.get(context).catalogue()),
  }),
);

const needs = { role: 'editor' } as const;

builder.mutationFields((t) => ({
  saveExport: t.field({
    type: SavedExportType,
    needs,
    description:
      'Gives an export a name: yours alone, also before admins, or with `isShared` for everybody to run. Such as `mutation { saveExport(input: { name: "active", source: "researches", format: JSON, where: { status: { equals: "ACTIVE" } } }) { name } }`.',
    args: { input: t.arg({ type: SaveExportInput, required: true, description: 'The export.' }) },
    resolve: async (_root, { input }, context) => {
      const { name, description, isShared, ...asked } = input;
      const exporter = exporterSlot.get(context);
      const { request } = await readAsked(context.reads.query, exporter, asked);
      await requirePossible(context, exporter, request);
      const catalogue = await exporter.catalogue();
      return mutate(context, ({ query }) =>
        saveExport(query, catalogue, context.actor, { ...request, name, isShared, description: description ?? '' }),
      );
    },
  }),
  deleteSavedExport: t.field({
    type: SavedExportType,
    nullable: true,
    needs,
    description:
      'Forgets what you saved under a name, or, as an administrator, what somebody else shares under it; answers what you may run under the name then: nothing, what somebody shares, or what comes with Cairn. Such as `mutation { deleteSavedExport(name: "active") { name } }`.',
    args: { name: t.arg.string({ required: true, description: 'The name.' }) },
    resolve: async (_root, { name }, context) => {
      await mutate(context, ({ query }) => deleteSaved(query, context.actor, name));
      const catalogue = await exporterSlot.get(context).catalogue();
      const left = await findSaved(context.reads.query, catalogue, name);
      return left !== undefined && mayRun(context, catalogue, left) ? left : null;
    },
  }),
}));
