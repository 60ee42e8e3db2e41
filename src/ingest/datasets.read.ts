/** What the database knows of each dataset: how many rows, what waits to be fixed, what came last. */
import { loaderFamily } from '../graphql/batches.ts';
import type { GraphqlContext } from '../graphql/context.ts';

const counts = loaderFamily<number>();
const openRejects = loaderFamily<number>();
const lastImports = loaderFamily<string | null>();

/** How many rows the table has. `table` comes from a dataset's declaration, never from a client. */
export function loadRowCount(context: GraphqlContext, table: string): Promise<number> {
  return counts(context, 'rows', () => async (tables) => {
    const text = tables.map((name) => `SELECT '${name}' AS name, count(*) AS total FROM ${name}`).join(' UNION ALL ');
    const found = await context.reads.query<{ name: string; total: bigint }>('datasets rows', text);
    const totals = new Map(found.map(({ name, total }) => [name, Number(total)]));
    return tables.map((name) => totals.get(name) ?? 0);
  }).load(table);
}

/** How many rejects of the dataset are open. */
export function loadOpenRejects(context: GraphqlContext, dataset: string): Promise<number> {
  return openRejects(context, 'open', () => async (names) => {
    const found = await context.reads.query<{ dataset: string; total: bigint }>(
      'datasets open rejects',
      `SELECT dataset, count(*) AS total
         FROM rejects
        WHERE status = 'open' AND dataset = ANY($1::text[])
        GROUP BY dataset
        ORDER BY dataset`,
      [names],
    );
    const totals = new Map(found.map(({ dataset: name, total }) => [name, Number(total)]));
    return names.map((name) => totals.get(name) ?? 0);
  }).load(dataset);
}

/** The key of the import into the dataset that began last, however it went. */
export function loadLastImport(context: GraphqlContext, dataset: string): Promise<string | null> {
  return lastImports(context, 'last', () => async (names) => {
    const found = await context.reads.query<{ dataset: string; import_id: string }>(
      'datasets last import',
      `SELECT asked.dataset, last.import_id
         FROM unnest($1::text[]) AS asked (dataset)
        CROSS JOIN LATERAL (
              SELECT import_id FROM imports
               WHERE imports.dataset = asked.dataset
               ORDER BY started_at DESC, import_id DESC
               LIMIT 1) AS last
        ORDER BY asked.dataset`,
      [names],
    );
    const last = new Map(found.map((row) => [row.dataset, row.import_id]));
    return names.map((name) => last.get(name) ?? null);
  }).load(dataset);
}
