/** What changed last in the tables of this context, one entry per row. */
import type { Query } from '../database/session.ts';

export interface RecentChange {
  readonly table: string;
  readonly key: string;
  readonly title: string | null;
  readonly operation: 'insert' | 'update' | 'delete';
  readonly changed_by: string | null;
  readonly changed_at: Date;
}

interface RecentTable {
  readonly table: string;
  readonly key: string;
  /** SQL of what people call a row `t`. */
  readonly title: string;
  /** Indexed: when a row came to be. */
  readonly created: string;
}

const TABLES: readonly RecentTable[] = [
  { table: 'researches', key: 'research_id', title: 't.title', created: 'created_date' },
  { table: 'videos', key: 'video_id', title: 't.title', created: 'created_date' },
  { table: 'reports', key: 'report_id', title: 't.title', created: 'created_date' },
  { table: 'analysis_results', key: 'analysis_id', title: `t.results ->> 'title'`, created: 'created_at' },
  { table: 'search_queue', key: 'search_id', title: 't.query', created: 'created_date' },
  { table: 'channels', key: 'channel_id', title: 't.name', created: 'created_at' },
  { table: 'influencers', key: 'influencer_id', title: 't.name', created: 'created_at' },
  { table: 'employees', key: 'employee_id', title: 't.name', created: 'created_at' },
];

/** The tables whose changes are told. */
export const RECENT_TABLES: readonly string[] = TABLES.map(({ table }) => table);

/**
 * Of the change log so many of the newest entries are looked at: a night's transcripts write a hundred thousand segments,
 * none of which is told. What such a flood hides is still found among the newest rows of its own table.
 */
const MOST_READ = 20_000;

/** The latest change of each of the `limit` rows that changed last, the newest first. */
export function recentChanges(query: Query, tables: readonly string[], limit: number): Promise<RecentChange[]> {
  const own = TABLES.filter(({ table }) => tables.includes(table));
  if (own.length === 0) return Promise.resolve([]);
  const created = own.map(
    (one) =>
      // Files may date a row later than today: it has come all the same, and nothing of it is the latest for that.
      `(SELECT '${one.table}', t.${one.key}, 'insert', NULL, t.${one.created}, NULL::bigint
          FROM ${one.table} t WHERE t.${one.created} <= now() ORDER BY t.${one.created} DESC, t.${one.key} LIMIT $2)`,
  );
  const titles = own.map(
    (one) => `WHEN '${one.table}' THEN (SELECT ${one.title} FROM ${one.table} t WHERE t.${one.key} = last.key)`,
  );
  return query<RecentChange & { readonly [column: string]: unknown }>(
    'recent changes',
    `WITH logged AS (
       SELECT c.table_name, c.record_id, c.operation, c.changed_by, c.changed_at, c.id
         FROM (SELECT * FROM change_log WHERE owner_id IS NULL ORDER BY changed_at DESC LIMIT ${MOST_READ}) c
        WHERE c.table_name = ANY($1::text[])
     ), told (table_name, key, operation, changed_by, changed_at, logged) AS (
       SELECT * FROM logged
        UNION ALL
       ${created.join('\n UNION ALL\n ')}
     ), last AS (
       SELECT DISTINCT ON (table_name, key) * FROM told
        ORDER BY table_name, key, logged DESC NULLS LAST
     )
     SELECT last.table_name AS "table", last.key, CASE last.table_name ${titles.join(' ')} END AS title,
            last.operation, last.changed_by, last.changed_at
       FROM (SELECT * FROM last ORDER BY changed_at DESC, table_name, key LIMIT $2) last
      ORDER BY last.changed_at DESC, last.table_name, last.key`,
    [own.map(({ table }) => table), limit],
  );
}
