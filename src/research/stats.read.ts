import type { Query } from '../database/session.ts';

export interface KeyCount {
  readonly key: string;
  readonly count: number;
}

/** How many rows of a table have each value of its column `status`; every value of the list is answered, in its order. */
export async function countByStatus(
  query: Query,
  table: 'researches' | 'videos' | 'search_queue',
  statuses: readonly string[],
): Promise<KeyCount[]> {
  const rows = await query<{ status: string; count: bigint }>(
    `${table} by status`,
    `SELECT status, count(*) FROM ${table} GROUP BY status`,
  );
  const counts = new Map(rows.map(({ status, count }) => [status, Number(count)]));
  return statuses.map((key) => ({ key, count: counts.get(key) ?? 0 }));
}

export interface DepartmentCount {
  readonly key: string;
  readonly total: number;
  readonly active: number;
  readonly completed: number;
}

/** How many researches each department has; every department of the list is answered, in its order. */
export async function countByDepartment(query: Query, departments: readonly string[]): Promise<DepartmentCount[]> {
  const rows = await query<{ department: string; total: bigint; active: bigint; completed: bigint }>(
    'researches by department',
    `SELECT department,
            count(*) AS total,
            count(*) FILTER (WHERE status = 'active') AS active,
            count(*) FILTER (WHERE status = 'completed') AS completed
       FROM researches
      GROUP BY department`,
  );
  const found = new Map(rows.map((row) => [row.department, row]));
  return departments.map((key) => {
    const row = found.get(key);
    return {
      key,
      total: Number(row?.total ?? 0),
      active: Number(row?.active ?? 0),
      completed: Number(row?.completed ?? 0),
    };
  });
}

/** How many researches were begun in the seven days before now. */
export async function countRecentResearches(query: Query): Promise<number> {
  const [row] = await query<{ count: bigint }>(
    'researches of a week',
    `SELECT count(*) FROM researches WHERE created_date >= now() - interval '7 days'`,
  );
  return Number(row?.count ?? 0);
}
