/** What a row or a record says, as statements keep it: one JSON object, with an entry for each column that has a value. */
import { identifier } from '../database/copy.ts';
import type { Columns } from './table.ts';

/**
 * SQL: the object of these columns of `alias`, without those that are NULL or a JSON null; what is null within a JSON value stays.
 * `instead` has the SQL of values that other columns than the row's own give, NULL for none.
 */
export function saidIn(
  alias: string,
  columns: readonly string[],
  types: Columns,
  instead: ReadonlyMap<string, string> = new Map(),
): string {
  const entries = columns.map((column) => `'${column}': ${instead.get(column) ?? ownValue(alias, column, types)}`);
  return entries.length === 0 ? "'{}'::jsonb" : `json_object(${entries.join(', ')} ABSENT ON NULL RETURNING jsonb)`;
}

function ownValue(alias: string, column: string, types: Columns): string {
  const value = `${alias}.${identifier(column)}`;
  return types.get(column)?.type === 'jsonb' ? `nullif(${value}, 'null')` : value;
}
