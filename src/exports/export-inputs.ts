/** What a mutation may say of an export. */
import { builder } from '../graphql/builder.ts';
import { enumRef } from '../graphql/enum-refs.ts';
import { EXPORT_FORMAT } from './exports.read.ts';

export const ExportOptionsInput = builder.inputType('ExportOptionsInput', {
  description: 'How a file is written.',
  fields: (t) => ({
    bom: t.boolean({ description: 'CSV: a mark that tells spreadsheets it is UTF-8.' }),
    delimiter: t.string({ description: 'CSV: what separates cells: a comma, a semicolon, a tab or a bar.' }),
    escapeFormulas: t.boolean({
      description:
        'CSV and Excel: texts that a spreadsheet would run become plain text. Imported again they are as they were.',
    }),
  }),
});

export const StartExportInput = builder.inputType('StartExportInput', {
  description: 'An export: a source of your choice, or one that was saved.',
  fields: (t) => ({
    saved: t.string({ description: 'The name of a saved export; what is given beside it stands in place of its own.' }),
    source: t.string({ description: 'A dataset such as videos, a list of the API such as imports, or a query.' }),
    format: t.field({ type: enumRef(EXPORT_FORMAT), description: 'CSV unless given; of a saved export its own.' }),
    where: t.field({
      type: 'JSON',
      description: 'Only rows like this: what the list of the same type takes as `where`.',
    }),
    orderBy: t.field({ type: 'JSON', description: 'In this order, as the list takes it; by key unless given.' }),
    fields: t.stringList({ description: 'Only these columns; those that import again unless given.' }),
    first: t.int({ description: 'Only so many rows.' }),
    options: t.field({ type: ExportOptionsInput, description: 'How the file is written.' }),
  }),
});

export const SaveExportInput = builder.inputType('SaveExportInput', {
  description: 'An export under a name.',
  fields: (t) => ({
    name: t.string({
      required: true,
      description: 'Lower-case letters, digits, `_` and `-`. One that exists is replaced.',
    }),
    description: t.string({ description: 'What it is for.' }),
    isShared: t.boolean({
      description:
        'Whether everybody sees what it asks for and runs it. Yours alone unless given; saved again it stays as it was unless given.',
    }),
    source: t.string({
      required: true,
      description: 'A dataset such as videos, a list of the API such as imports, or a query.',
    }),
    format: t.field({ type: enumRef(EXPORT_FORMAT), required: true, description: 'What it is written as.' }),
    where: t.field({
      type: 'JSON',
      description: 'Only rows like this: what the list of the same type takes as `where`.',
    }),
    orderBy: t.field({ type: 'JSON', description: 'In this order, as the list takes it; by key unless given.' }),
    fields: t.stringList({ description: 'Only these columns; those that import again unless given.' }),
    first: t.int({ description: 'Only so many rows.' }),
    options: t.field({ type: ExportOptionsInput, description: 'How the file is written.' }),
  }),
});
