/** The change log as the tables' whole story: replayed from empty it must give what they hold. */
import type pg from 'pg';
import { ROW_TABLES } from './import-folder.ts';

/** What says when and whence, and what follows from other columns: the log leaves it out. */
const LEFT_OUT = `ARRAY['id', 'version', 'search_english', 'search_simple', 'created_at', 'updated_at', 'origin_import_id', 'origin_line', 'origin_raw', 'edited_values']`;

/** Rows in which the replayed log and the tables differ: none, or the log has missed something. */
export async function replayedChanges(pool: pg.Pool): Promise<string[]> {
  const { rows: changes } = await pool.query(
    'SELECT table_name, record_id, operation, old_values, new_values FROM change_log ORDER BY id',
  );
  const replayed = new Map<string, Record<string, unknown>>();
  const faults: string[] = [];
  for (const { table_name, record_id, operation, old_values, new_values } of changes) {
    const key = `${table_name} ${record_id}`;
    const held = replayed.get(key);
    if ((operation === 'insert') !== (held === undefined)) faults.push(`${operation} of ${key} out of turn`);
    for (const [column, value] of Object.entries(old_values ?? {}))
      if (JSON.stringify(held?.[column]) !== JSON.stringify(value))
        faults.push(`${key}.${column} was not ${JSON.stringify(value)}`);
    if (operation === 'delete') replayed.delete(key);
    else replayed.set(key, { ...held, ...new_values });
  }
  for (const table of ROW_TABLES) {
    const { rows } = await pool.query(`SELECT to_jsonb(t) - ${LEFT_OUT} AS row FROM ${table} t`);
    const held = rows.map(({ row }) => JSON.stringify(sorted(row))).sort();
    const told = [...replayed]
      .filter(([key]) => key.startsWith(`${table} `))
      .map(([, row]) => JSON.stringify(sorted(row)))
      .sort();
    if (JSON.stringify(held) !== JSON.stringify(told))
      faults.push(`${table}: ${held.join()} but the log gives ${told.join()}`);
  }
  return faults;
}

function sorted(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
}
