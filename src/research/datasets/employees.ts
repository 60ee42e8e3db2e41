/** People of the team. Most come along with a queue that names them; a tidy table adds their addresses and departments. */
import { defineDataset } from '../../ingest/dataset.ts';
import { enumeration, id, text } from '../../ingest/fields/index.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { employeeKey } from '../people.ts';
import { recordsIn, textNamed, withValues } from '../record.ts';
import { KEY_LENGTH, NAME_LENGTH } from '../research-fields.ts';
import { tidyFiles, WRITTEN_BY_DATABASE } from '../tidy.ts';
import { DEPARTMENT_NAMES, DEPARTMENTS } from '../vocabulary.ts';

/** The longest address that mail knows. */
const EMAIL_LENGTH = 320;

export default defineDataset({
  name: 'employees',
  title: 'Employees',
  description: 'People who search, select and research.',
  table: 'employees',
  key: ['employee_id'],
  files: [tidyFiles('employees')],
  rulesVersion: 1,
  split: (value) => recordsIn(value, 'employees').map(withKey),
  fields: {
    employee_id: id({ max: KEY_LENGTH, description: 'The name as a slug, where the file gives no key.' }),
    name: text({ max: NAME_LENGTH, from: ['employee_name', 'full_name', 'employee'], required: true }),
    email: text({ max: EMAIL_LENGTH, from: ['e_mail'] }),
    department: enumeration(DEPARTMENTS, { map: DEPARTMENT_NAMES }),
  },
  rest: 'metadata',
  ignore: WRITTEN_BY_DATABASE,
});

function withKey(record: JsonObject): JsonObject {
  if (textNamed(record, 'employee_id') !== undefined) return record;
  const name = textNamed(record, 'name', 'employee_name', 'full_name', 'employee');
  const key = name === undefined ? null : employeeKey(name);
  return key === null ? record : withValues(record, { employee_id: key });
}
