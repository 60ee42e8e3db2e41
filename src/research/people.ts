/** People whom a file names become employees, inserted if absent: the key of one is the name as a slug. */
import type { DerivedRow } from '../ingest/dataset.ts';
import type { JsonObject } from '../kernel/json.ts';
import { textNamed } from './record.ts';
import { slug } from './slug.ts';

/** What the employees table takes, in characters: a longer text is no name. */
const LONGEST_KEY = 200;

/** The employee's key for a name, or null where the text has no letter or digit, or is far too long for a name. */
export function employeeKey(name: string): string | null {
  const key = slug(name);
  return key === '' || key.length > LONGEST_KEY ? null : key;
}

/** The employees named in these columns, each once. */
export function employeesNamed(record: JsonObject, columns: readonly string[]): DerivedRow[] {
  const rows = new Map<string, DerivedRow>();
  for (const column of columns) {
    const name = textNamed(record, column);
    const key = name === undefined ? null : employeeKey(name);
    if (name === undefined || key === null || rows.has(key)) continue;
    rows.set(key, { table: 'employees', fields: { employee_id: key, name } });
  }
  return [...rows.values()];
}
