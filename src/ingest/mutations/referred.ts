/** Rows that given values refer to must be there: files may name what comes later, a person is told of the slip. */
import type { Query } from '../../database/session.ts';
import type { Relation } from '../relations.ts';
import { columnRelations } from '../relations.ts';
import type { Checked } from './check.ts';
import type { Faults } from './faults.ts';
import type { Mutable } from './mutable.ts';

/** Adds a fault for each value that names no row; one statement for all of them. */
export async function requireReferred(
  query: Query,
  mutable: Mutable,
  relations: readonly Relation[],
  records: readonly { readonly checked: Checked; readonly path: string }[],
  faults: Faults,
): Promise<void> {
  const asked = columnRelations(relations, mutable.table).flatMap(({ column, target }) => {
    const keys = new Set(records.map(({ checked }) => checked.values[column]).filter((key) => typeof key === 'string'));
    return keys.size === 0 ? [] : [{ column, target, keys: [...keys].sort() }];
  });
  if (asked.length === 0) return;
  const missing = await query<{ column: string; key: string }>(
    'rows referred to',
    asked
      .map(
        ({ column, target }, index) =>
          `SELECT '${column}' AS column, k.key FROM unnest($${index + 1}::text[]) AS k(key)
            WHERE NOT EXISTS (SELECT FROM ${target.table} g WHERE g.${target.key} = k.key)`,
      )
      .join(' UNION ALL '),
    asked.map(({ keys }) => keys),
  );
  const found = new Set(missing.map(({ column, key }) => `${column} ${key}`));
  if (found.size === 0) return;
  for (const { checked, path } of records)
    for (const { name, column, target } of mutable.fields) {
      const key = checked.values[column];
      if (typeof key === 'string' && found.has(`${column} ${key}`))
        faults.add(`${path}.${name}`, 'CONSTRAINT', `There is no row ${key} in ${target ?? ''}`);
    }
}
