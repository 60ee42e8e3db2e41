/** Tables emptied between tests. */
import type pg from 'pg';

/**
 * Deletes all rows, and lets ids begin at 1 again. Triggers stay silent and foreign keys unchecked, so name the tables that
 * refer to these as well. TRUNCATE would make the files of each table and index anew: half a minute of a whole run.
 */
export async function clearTables(pool: pg.Pool, tables: readonly string[]): Promise<void> {
  const deletes = tables.map((table) => `DELETE FROM "${table}"`);
  const restarts = tables.map(
    (table) => `SELECT setval(s, 1, false) FROM pg_get_serial_sequence('"${table}"', 'id') s WHERE s IS NOT NULL`,
  );
  const statements = [
    'BEGIN',
    'SET LOCAL session_replication_role = replica',
    ...deletes,
    restarts.join(' UNION ALL '),
    'COMMIT',
  ];
  await pool.query(statements.join(';\n'));
}
