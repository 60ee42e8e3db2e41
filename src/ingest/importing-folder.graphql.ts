/** The mutation that imports a folder. */
import { resolveImportPath } from '../access/import-roots.ts';
import { builder } from '../graphql/builder.ts';
import { arrayConnection, connectionOf, connectionTypes, pageArguments } from '../graphql/connections.ts';
import { entityRef } from '../graphql/entities.ts';
import type { Row } from '../graphql/entity.ts';
import { pageSize } from '../graphql/page.ts';
import { askedColumns } from '../graphql/selection.ts';
import { IMPORT_LANE } from '../graphql/turn.ts';
import { textOf } from '../graphql/values.ts';
import { importerSlot } from './importer-slot.ts';
import { requireSense } from './importing.ts';
import { type FolderImports, type FolderTotals, importFolderInJob, importWholeFolder } from './importing-folder.ts';
import { imports } from './imports.read.ts';

const ImportFolderInput = builder.inputType('ImportFolderInput', {
  description: 'A folder to import.',
  fields: (t) => ({
    path: t.string({ required: true, description: 'A folder inside the import roots; paths are kept relative to it.' }),
    dataset: t.string({ description: 'Only files of this dataset.' }),
    dryRun: t.boolean({
      required: true,
      defaultValue: false,
      description: 'Find out what would happen, write nothing.',
    }),
    wait: t.boolean({
      required: true,
      defaultValue: true,
      description:
        'False answers with imports of status RUNNING as soon as a job has them: importProgress follows each, cancelJob ends all.',
    }),
  }),
});

const COUNTS = [
  ['files', 'Files imported, unchanged or failed.'],
  ['read', 'Records read.'],
  ['inserted', 'Records that became new rows.'],
  ['updated', 'Records that changed a row.'],
  ['unchanged', 'Records that said what was known.'],
  ['rejected', 'Records that did not pass.'],
  ['derived', 'Rows that records brought along for other tables.'],
] as const;

const ImportTotals = builder.objectRef<FolderTotals>('ImportTotals').implement({
  description: 'The counts of several imports together.',
  fields: (t) => Object.fromEntries(COUNTS.map(([name, description]) => [name, t.exposeInt(name, { description })])),
});

const SkippedFile = builder.objectRef<Row>('SkippedFile');
SkippedFile.implement({
  description: 'A file that no import read.',
  fields: (t) => ({
    path: t.string({ description: 'The file, relative to the folder.', resolve: (row) => textOf(row, 'path') ?? '' }),
    reason: t.string({ description: 'Why.', resolve: (row) => textOf(row, 'reason') ?? '' }),
  }),
});

const ImportFolderResult = builder.objectRef<FolderImports>('ImportFolderResult').implement({
  description: 'What became of a folder’s files.',
  fields: (t) => ({
    totals: t.field({ type: ImportTotals, description: 'The counts together.', resolve: ({ totals }) => totals }),
    imports: t.field({
      type: connectionOf(imports.type, entityRef(imports.type)).connection,
      description: 'One import per file that a dataset takes, in the order of their paths.',
      args: pageArguments(),
      complexity: (given) => ({ field: 1, multiplier: pageSize(given) }),
      resolve: (result, given, context, info) => {
        const columns = askedColumns(imports, info, [['edges', 'node'], ['nodes']]);
        return result.imports(context, given, columns);
      },
    }),
    skipped: t.field({
      type: connectionTypes('SkippedFile', SkippedFile).connection,
      description: 'Files that no dataset takes, with the reasons.',
      args: pageArguments(),
      complexity: (given) => ({ field: 1, multiplier: pageSize(given) }),
      resolve: ({ skipped }, given) => arrayConnection(skipped, given),
    }),
  }),
});

builder.mutationField('importFolder', (t) =>
  t.field({
    type: ImportFolderResult,
    needs: { role: 'importer' },
    // Files that were taken in are unchanged the second time.
    extensions: { repeatable: true, ...IMPORT_LANE },
    description:
      'Imports every file of a folder that a dataset takes. One that fails does not keep the others. Such as `mutation { importFolder(input: { path: ".", dryRun: true }) { totals { files read inserted rejected } } }`.',
    args: {
      input: t.arg({ type: ImportFolderInput, required: true, description: 'The folder, and what to do with it.' }),
    },
    resolve: async (_root, { input }, context, info) => {
      const { dryRun, wait } = input;
      requireSense({ dryRun, wait });
      const importer = importerSlot.get(context);
      const root = await resolveImportPath(importer.importRoots, input.path, 'folder');
      const dataset = input.dataset ?? undefined;
      if (!wait) return importFolderInJob(context, importer, root, dataset, info);
      return importWholeFolder(context, importer, root, { dataset, dryRun });
    },
  }),
);
