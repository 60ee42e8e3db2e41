/** What is told of many sources at once, each by one statement. */
import { loaderFamily } from '../graphql/batches.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import type { Row } from '../graphql/entity.ts';
import { keyOf } from '../graphql/values.ts';

export interface Count {
  readonly key: string;
  readonly count: number;
}

const counts = loaderFamily<readonly Count[]>();

/** How many of a source's items have each status, or each error; none of those that no item has. */
const COUNTED = {
  status: `SELECT source_id, sync_status AS key, count(*)::float8 AS count
             FROM sync_items
            WHERE source_id = ANY($1::uuid[])
            GROUP BY source_id, sync_status
            ORDER BY source_id, sync_status`,
  error: `SELECT source_id, coalesce(error ->> 'code', 'INTERNAL') AS key, count(*)::float8 AS count
            FROM sync_items
           WHERE source_id = ANY($1::uuid[]) AND sync_status IN ('failed', 'conflict')
           GROUP BY source_id, 2
           ORDER BY source_id, 2`,
} as const;

export function loadItemCounts(
  context: GraphqlContext,
  by: keyof typeof COUNTED,
  sourceId: string,
): Promise<readonly Count[]> {
  return counts(context, `items by ${by}`, () => async (keys) => {
    const rows = await context.reads.query<Count & { readonly source_id: string }>(
      `source items by ${by}`,
      COUNTED[by],
      [keys],
    );
    return keys.map((key) =>
      rows.filter((row) => row.source_id === key).map(({ key: of, count }) => ({ key: of, count })),
    );
  }).load(sourceId);
}

const latest = loaderFamily<Row | null>();

/** The latest sync of a source, with the columns named; null before the first. */
export function loadLatestJob(
  context: GraphqlContext,
  sourceId: string,
  columns: readonly string[],
): Promise<Row | null> {
  const wanted = [...new Set(['source_id', ...columns])].map((column) => `j.${column}`).join(', ');
  const text = `SELECT j.*
       FROM unnest($1::uuid[]) AS s(source_id)
      CROSS JOIN LATERAL (
            SELECT ${wanted}
              FROM sync_jobs j
             WHERE j.source_id = s.source_id
             ORDER BY j.created_at DESC, j.sync_job_id
             LIMIT 1) AS j`;
  return latest(context, text, () => async (keys) => {
    const rows = await context.reads.query<Row>('source latest sync', text, [keys]);
    const found = new Map(rows.map((row) => [keyOf(row, 'source_id'), row]));
    return keys.map((key) => found.get(key) ?? null);
  }).load(sourceId);
}

const nextRuns = loaderFamily<Date | null>();

/** When one of its own schedules is due next, or one that is of all sources of its owner; null where none is. */
export function loadNextRun(context: GraphqlContext, sourceId: string): Promise<Date | null> {
  return nextRuns(context, 'next run', () => async (keys) => {
    const rows = await context.reads.query<{ source_id: string; next: Date | null }>(
      'source next run',
      `SELECT d.source_id, least(
                (SELECT min(s.next_run_at) FROM scheduled_syncs s WHERE s.source_id = d.source_id AND s.is_active),
                (SELECT min(s.next_run_at) FROM scheduled_syncs s
                  WHERE s.source_id IS NULL AND s.job_kind = 'sync' AND s.is_active AND (s.owner_id = d.owner_id OR d.is_shared))) AS next
         FROM data_sources d
        WHERE d.source_id = ANY($1::uuid[]) AND d.is_active`,
      [keys],
    );
    const found = new Map(rows.map(({ source_id, next }) => [source_id, next]));
    return keys.map((key) => found.get(key) ?? null);
  }).load(sourceId);
}
