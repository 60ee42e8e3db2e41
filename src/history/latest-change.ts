import { loaderFamily } from '../graphql/batches.ts';
import type { GraphqlContext } from '../graphql/context.ts';
import type { Row } from '../graphql/entity.ts';
import { keyOf } from '../graphql/values.ts';

const latestByRecord = loaderFamily<Row | null>();

/** The latest change of a row, by its table and business key as the change log writes it; null when it has none. */
export function latestChange(
  context: GraphqlContext,
  table: string,
  record: string,
  columns: readonly string[],
): Promise<Row | null> {
  const text = `SELECT c.* FROM unnest($2::text[]) AS k(record)
    CROSS JOIN LATERAL (
      SELECT ${[...new Set([...columns, 'record_id'])].sort().join(', ')} FROM change_log
       WHERE table_name = $1 AND record_id = k.record
       ORDER BY id DESC
       LIMIT 1
    ) c`;
  return latestByRecord(context, `${table} ${text}`, () => async (records) => {
    const rows = await context.reads.query<Row>('latest changes', text, [table, records]);
    const found = new Map(rows.map((row) => [keyOf(row, 'record_id'), row]));
    return records.map((one) => found.get(one) ?? null);
  }).load(record);
}
