/**
 * How a dataset is written: copy this file, take the underscore off its name, and it is found. Nothing else needs editing.
 * It is compiled and run by the tests, never registered: its table is the one of employees.
 *
 * Beside it go a table (prisma/schema and a migration) if none fits, and a folder of files and what must come of them under
 * test/fixtures/datasets/.
 */
import { type Brought, defineDataset, type MappedRecord } from '../../ingest/dataset.ts';
import { enumeration, id, text } from '../../ingest/fields/index.ts';
import { recordsIn } from '../record.ts';
import { tidyFiles, WRITTEN_BY_DATABASE } from '../tidy.ts';
import { DEPARTMENTS } from '../vocabulary.ts';

export default defineDataset({
  // What commands and the API call it. One name, one dataset: a second one stops the start.
  name: 'example',
  title: 'Example',
  description: 'Guests who take part in a research.',
  table: 'employees',
  // The business key. A record without it is rejected; the row's number in the database is nobody's business.
  key: ['employee_id'],
  // Where records are found, the most trusted place first: where two files say one thing, the earlier pattern's stands.
  files: [
    { pattern: '**/*Guest_List*.json', records: '$.guests[*]' },
    // Also a tidy table whose headers are the columns' names.
    tidyFiles('guests'),
  ],
  // Raise it when a change below gives other rows for the same bytes: all files are then read again.
  rulesVersion: 1,
  // A file that a pattern matches and that is none of ours. The reason is shown to whoever imports.
  skip: (file) => (/draft/i.test(file.stem) ? 'a draft' : undefined),
  // One thing read may hold several records. Left out, each thing read is one.
  split: (value) => recordsIn(value, 'guests'),
  fields: {
    // A column, and the names under which files know it besides its own. The limits mirror the table's CHECKs.
    employee_id: id({ pattern: /^GUEST-\d{3,}$/, max: 200, from: ['Guest No'] }),
    name: text({ max: 500, from: ['contact.full_name'], required: true }),
    department: enumeration(DEPARTMENTS, { map: { Film: 'VID' } }),
    // No column, but worth a name of its own in the JSON column below.
    'metadata.invited_by': text({ from: ['Invited By'] }),
  },
  // What no field claims is kept here: nothing that a file says is dropped.
  rest: 'metadata',
  ignore: WRITTEN_BY_DATABASE,
  brings,
});

/** Rows of other tables that a record brings along, and its mentions of rows that may not be there yet. */
function brings({ fields }: MappedRecord): Brought {
  const host = fields['metadata.invited_by'];
  if (typeof host !== 'string') return {};
  return {
    derived: [{ table: 'employees', fields: { employee_id: host.toLowerCase().replaceAll(' ', '-'), name: host } }],
  };
}
