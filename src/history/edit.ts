/** Edits by hand. What the file said is kept beside the edit, so that the edit stays until the file says something else. */
import type { Query } from '../database/session.ts';
import { createParams } from '../graphql/params.ts';

export interface Edit {
  readonly table: string;
  readonly keyColumn: string;
  readonly key: string;
  /** The new values by column, each with its SQL type. */
  readonly changes: readonly { readonly column: string; readonly value: unknown; readonly type: string }[];
}

/**
 * Sets columns of one row. Of a row that a file brought, `edited_values` keeps what the file last said of each column that
 * changes (an entry that stands already is older and stays). A row that has the values already is not written.
 * Returns whether the row was changed; false also when there is none.
 */
export async function editRow(query: Query, { table, keyColumn, key, changes }: Edit): Promise<boolean> {
  if (changes.length === 0) return false;
  const params = createParams(key);
  const parts = changes.map(({ column, value, type }) => ({ column, to: params.add(value, type) }));
  const pairs = parts.map(({ column, to }) => `('${column}', to_jsonb(t.${column}), to_jsonb(${to}))`);
  const rows = await query(
    `edit of ${table}`,
    `UPDATE ${table} t
        SET ${parts.map(({ column, to }) => `${column} = ${to}`).join(', ')},
            edited_values = CASE WHEN t.origin_import_id IS NULL THEN t.edited_values ELSE (
              SELECT jsonb_object_agg(c.name, c.before) FROM (VALUES ${pairs.join(', ')}) AS c(name, before, after)
               WHERE c.before IS DISTINCT FROM c.after
            ) || coalesce(t.edited_values, '{}') END
      WHERE t.${keyColumn} = $1
        AND (${parts.map(({ column, to }) => `t.${column} IS DISTINCT FROM ${to}`).join(' OR ')})
     RETURNING t.${keyColumn}`,
    params.values,
  );
  return rows.length > 0;
}

/** Deletes one row and remembers that a person did: a file does not bring it back. Returns whether there was one. */
export async function deleteRow(
  query: Query,
  actor: string,
  { table, keyColumn, key }: Omit<Edit, 'changes'>,
): Promise<boolean> {
  const rows = await query(
    `deletion from ${table}`,
    `WITH gone AS (DELETE FROM ${table} t WHERE t.${keyColumn} = $1 RETURNING t.${keyColumn} AS key)
     INSERT INTO tombstones (table_name, record_id, deleted_by)
     SELECT $2, gone.key, $3 FROM gone
     ON CONFLICT (table_name, record_id) DO UPDATE SET deleted_by = excluded.deleted_by, deleted_at = now()
     RETURNING record_id`,
    [key, table, actor],
  );
  return rows.length > 0;
}
