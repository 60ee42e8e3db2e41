/** Searches that wait for someone to make them. */
import { defineDataset } from '../../ingest/dataset.ts';
import { enumeration, id, integer, reference, text, timestamp } from '../../ingest/fields/index.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { employeeKey, employeesNamed } from '../people.ts';
import { recordsIn, textNamed, withValues } from '../record.ts';
import { KEY_LENGTH, PATH_LENGTH } from '../research-fields.ts';
import { tidyFiles, WRITTEN_BY_DATABASE } from '../tidy.ts';
import { DEPARTMENT_NAMES, DEPARTMENTS, SEARCH_STATUS_NAMES, SEARCH_STATUSES } from '../vocabulary.ts';

const QUERY_LENGTH = 10_000;
const EMPLOYEE = ['Employee'];

export default defineDataset({
  name: 'search_queue',
  title: 'Search queue',
  description: 'Searches by department, with who makes them and when.',
  table: 'search_queue',
  key: ['search_id'],
  files: [{ pattern: '**/*Search_Queue_Master*.{csv,json,jsonl,xlsx}' }, tidyFiles('search_queue')],
  rulesVersion: 1,
  split: (value) => recordsIn(value, 'search_queue').map(withAssignee),
  fields: {
    search_id: id({ max: KEY_LENGTH }),
    department: enumeration(DEPARTMENTS, { map: DEPARTMENT_NAMES, required: true }),
    status: enumeration(SEARCH_STATUSES, { map: SEARCH_STATUS_NAMES }),
    priority: integer({ min: 1, max: 5 }),
    created_date: timestamp({ from: ['Date_Assigned', 'Assigned_Date'] }),
    assigned_to: reference('employees', { max: KEY_LENGTH }),
    query: text({ max: QUERY_LENGTH, from: ['Search_Query'], required: true }),
    results_path: text({ max: PATH_LENGTH }),
    completed_date: timestamp({ from: ['Date_Completed'] }),
  },
  rest: 'metadata',
  ignore: WRITTEN_BY_DATABASE,
  brings: ({ source }) => ({ derived: employeesNamed(source, EMPLOYEE) }),
});

/** The queue names people; the table holds their keys. */
function withAssignee(record: JsonObject): JsonObject {
  const name = textNamed(record, ...EMPLOYEE);
  if (name === undefined || textNamed(record, 'assigned_to') !== undefined) return record;
  return withValues(record, { assigned_to: employeeKey(name) ?? undefined });
}
