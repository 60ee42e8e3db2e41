/** Rows that are kept for a while. */
import type { Query } from './session.ts';

export interface OldRows {
  readonly table: string;
  /** SQL over a row of the table; `$1` is the number of days that rows are kept. */
  readonly isOld: string;
}

/** Deletes them; returns how many of each table that were. */
export async function forgetOld(
  query: Query,
  tables: readonly OldRows[],
  days: number,
): Promise<Readonly<Record<string, number>>> {
  const removed: Record<string, number> = {};
  for (const { table, isOld } of tables) {
    const [found] = await query<{ removed: number }>(
      `forget ${table}`,
      `WITH gone AS (DELETE FROM ${table} WHERE ${isOld} RETURNING 1)
       SELECT count(*)::float8 AS removed FROM gone`,
      [days],
    );
    removed[table] = found?.removed ?? 0;
  }
  return removed;
}
