/** The mutations that import. */
import { builder } from '../graphql/builder.ts';
import { entityRef } from '../graphql/entities.ts';
import type { Row } from '../graphql/entity.ts';
import { askedColumns, ITSELF } from '../graphql/selection.ts';
import { IMPORT_LANE } from '../graphql/turn.ts';
import { TAKES_ANY_TEXT } from '../graphql/unfit-records.ts';
import { type AskedFile, askedFile } from './asked-file.ts';
import { importUnderKey } from './import-under-key.ts';
import { importerSlot } from './importer-slot.ts';
import { importOne, importOneLater, requireSense, rowOf, startedImport } from './importing.ts';
import { imports } from './imports.read.ts';
import { recordsPath } from './ingest-body.ts';
import { datasetNamed } from './match.ts';
import { importRecords } from './run.ts';
import { jobsOfPathAreIn } from './sent-before.ts';

const ImportFileInput = builder.inputType('ImportFileInput', {
  description: 'A file to import: either a path inside the import roots, or an upload.',
  fields: (t) => ({
    path: t.string({ description: 'A path inside the import roots; a relative one is tried under each in order.' }),
    file: t.field({ type: 'File', description: 'The file itself, by a multipart request.' }),
    dataset: t.string({ description: 'The dataset that it goes into; by default its name decides.' }),
    root: t.string({
      description: 'A folder inside the import roots: the path is read from there and kept relative to it.',
    }),
    dryRun: t.boolean({
      required: true,
      defaultValue: false,
      description: 'Find out what would happen, write nothing.',
    }),
    wait: t.boolean({
      required: true,
      defaultValue: true,
      description:
        'False answers with status RUNNING as soon as a job has the file: importProgress follows it, cancelJob ends it.',
    }),
  }),
});

builder.mutationField('importFile', (t) =>
  t.field({
    type: entityRef(imports.type),
    needs: { role: 'importer' },
    extensions: { repeatable: true, ...IMPORT_LANE },
    description:
      'Imports one file. A file that cannot be read is answered with status FAILED and its error. Such as `mutation { importFile(input: { path: "RESEARCHES_Master_List.csv" }) { status read inserted rejected } }`.',
    args: { input: t.arg({ type: ImportFileInput, required: true, description: 'The file, and what to do with it.' }) },
    resolve: async (_root, { input }, context, info) => {
      const { dryRun, wait } = input;
      const dataset = input.dataset ?? undefined;
      requireSense({ dryRun, wait });
      const columns = askedColumns(imports, info, [ITSELF]);
      const asking = async (run: (asked: AskedFile) => Promise<Row>): Promise<Row> => {
        const asked = await askedFile(input, importerSlot.get(context).importRoots);
        try {
          return await run(asked);
        } finally {
          await asked.release();
        }
      };
      if (!wait) return asking((asked) => importOneLater(context, asked, dataset, columns, info));
      const now = (importId?: string): Promise<Row> =>
        asking((asked) => importOne(context, asked, { dataset, dryRun }, columns, importId));
      // A dry run writes nothing, however often it is sent.
      return dryRun ? now() : importUnderKey(context, { info, columns }, now);
    },
  }),
);

builder.mutationField('importRecords', (t) =>
  t.field({
    type: entityRef(imports.type),
    needs: { role: 'importer' },
    extensions: { repeatable: true, ...IMPORT_LANE },
    description:
      'Imports records that a script sends, as one import; the line of a reject is its place among them. Such as `mutation { importRecords(dataset: "employees", records: [{ employee_id: "EMP-001", name: "Ann" }]) { status inserted } }`.',
    args: {
      dataset: t.arg.string({ required: true, description: 'The dataset that they go into.' }),
      records: t.arg({
        type: ['JSON'],
        required: true,
        extensions: TAKES_ANY_TEXT,
        description:
          'The records: objects whose names are columns, or names that the dataset’s files use. What is no object is a reject.',
      }),
    },
    resolve: async (_root, { dataset, records }, context, info) => {
      const { ingest } = importerSlot.get(context);
      const declared = datasetNamed(ingest, dataset);
      const columns = askedColumns(imports, info, [ITSELF]);
      return importUnderKey(context, { info, columns }, async (importId) => {
        const match = { dataset: declared, pattern: { pattern: '**' }, authority: 0 };
        const started = startedImport(context, '', match, importId);
        const { actor } = context;
        await jobsOfPathAreIn(context, recordsPath(declared.name));
        const result = await importRecords(ingest, { dataset, records, actor, importId });
        return rowOf(context, started, result, columns);
      });
    },
  }),
);
