import { loadByKey } from '../graphql/batches.ts';
import { builder } from '../graphql/builder.ts';
import { entityRef } from '../graphql/entities.ts';
import { askedColumns, ITSELF } from '../graphql/selection.ts';
import type { Dataset as Declared } from './dataset.ts';
import { loadLastImport, loadOpenRejects, loadRowCount } from './datasets.read.ts';
import type { Field } from './fields/field.ts';
import { importerSlot } from './importer-slot.ts';
import { imports } from './imports.read.ts';
import { ownDatasets } from './own-datasets.ts';

interface NamedField {
  readonly name: string;
  readonly field: Field;
  readonly required: boolean;
}

const DatasetField = builder.objectRef<NamedField>('DatasetField').implement({
  description: 'One field of a dataset’s records.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The column that it goes to.' }),
    type: t.string({ description: 'What it may hold.', resolve: ({ field }) => field.type }),
    required: t.exposeBoolean('required', { description: 'Whether a record without it is rejected.' }),
    description: t.string({ nullable: true, description: 'What it means.', resolve: ({ field }) => field.description }),
    from: t.stringList({
      description: 'Further names that files use for it.',
      resolve: ({ field }) => [...(field.from ?? [])],
    }),
  }),
});

const Dataset = builder.objectRef<Declared>('Dataset').implement({
  description:
    'A declared kind of record: where it is found, how its fields are read and checked, its table and its key.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name in commands, settings and this API.' }),
    title: t.exposeString('title', { description: 'Its name for people.' }),
    description: t.exposeString('description', { description: 'What its records are.' }),
    table: t.exposeString('table', { description: 'The table that its records go to.' }),
    key: t.stringList({ description: 'The columns of the business key.', resolve: ({ key }) => [...key] }),
    patterns: t.stringList({
      description: 'The paths that it takes, in order of authority.',
      resolve: ({ files }) => files.map(({ pattern }) => pattern),
    }),
    fields: t.field({
      type: [DatasetField],
      description: 'What a record holds.',
      resolve: ({ fields, key }) =>
        Object.entries(fields).map(([name, field]) => ({
          name,
          field,
          required: field.required === true || key.includes(name),
        })),
    }),
    rows: t.int({
      description: 'How many rows its table has, from whichever dataset.',
      resolve: ({ table }, _given, context) => loadRowCount(context, table),
    }),
    openRejects: t.int({
      description: 'How many of its records wait to be fixed or dropped.',
      resolve: ({ name }, _given, context) => loadOpenRejects(context, name),
    }),
    lastImport: t.field({
      type: entityRef(imports.type),
      nullable: true,
      description: 'The import into it that began last.',
      resolve: async ({ name }, _given, context, info) => {
        const importId = await loadLastImport(context, name);
        return importId === null ? null : loadByKey(context, imports, importId, askedColumns(imports, info, [ITSELF]));
      },
    }),
  }),
});

builder.queryFields((t) => ({
  datasets: t.field({
    type: [Dataset],
    description:
      'Every dataset of the contexts that you may see, by name. Such as `{ datasets { name rows openRejects lastImport { finishedAt } } }`.',
    complexity: { field: 1, multiplier: 20 },
    resolve: (_root, _given, context) => {
      const own = ownDatasets(context);
      const { datasets } = importerSlot.get(context).ingest;
      const shown = [...datasets.values()].filter(({ name }) => own?.includes(name) ?? true);
      return shown.sort((a, b) => (a.name < b.name ? -1 : 1));
    },
  }),
  dataset: t.field({
    type: Dataset,
    nullable: true,
    description:
      'One dataset by its name; null when there is none. Such as `{ dataset(name: "videos") { patterns fields { name type required } } }`.',
    args: { name: t.arg.string({ required: true, description: 'Its name.' }) },
    resolve: (_root, { name }, context) =>
      (ownDatasets(context)?.includes(name) ?? true) ? importerSlot.get(context).ingest.datasets.get(name) : null,
  }),
}));
