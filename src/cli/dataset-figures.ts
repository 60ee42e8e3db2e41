/** What is known of each dataset, as the command line tells it. */
import { identifier } from '../database/copy.ts';
import { type Query, readSession } from '../database/session.ts';
import type { Ingest } from '../ingest/run.ts';
import type { Actor } from '../kernel/actor.ts';

export interface DatasetFigures {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly table: string;
  readonly key: readonly string[];
  /** Patterns, the most trusted first. */
  readonly files: readonly string[];
  /** Rows of the table: two datasets of one table show the same. */
  readonly rows: number;
  readonly openRejects: number;
  /** ISO 8601, UTC; null where nothing was taken in yet. */
  readonly lastImport: string | null;
}

/** All datasets by name. */
export async function datasetFigures({ database, datasets }: Ingest, actor: Actor): Promise<DatasetFigures[]> {
  const declared = [...datasets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return readSession(database.read, actor, async (query) => {
    const rows = await countRows(query, [...new Set(declared.map(({ table }) => table))]);
    const { rejects, imports } = await countImports(query);
    return declared.map(({ name, title, description, table, key, files }) => ({
      name,
      title,
      description,
      table,
      key,
      files: files.map(({ pattern }) => pattern),
      rows: rows.get(table) ?? 0,
      openRejects: rejects.get(name) ?? 0,
      lastImport: imports.get(name)?.toISOString() ?? null,
    }));
  });
}

async function countRows(query: Query, tables: readonly string[]): Promise<Map<string, number>> {
  const counted = await Promise.all(
    tables.map((table) =>
      query<{ rows: number }>('rows of a table', `SELECT count(*)::float8 AS rows FROM ${identifier(table)}`),
    ),
  );
  return new Map(tables.map((table, index) => [table, counted[index]?.[0]?.rows ?? 0]));
}

async function countImports(query: Query): Promise<{ rejects: Map<string, number>; imports: Map<string, Date> }> {
  const rejects = await query<{ dataset: string; open: number }>(
    'open rejects by dataset',
    "SELECT dataset, count(*)::float8 AS open FROM rejects WHERE status = 'open' GROUP BY dataset",
  );
  const imports = await query<{ dataset: string; finished_at: Date }>(
    'last import by dataset',
    "SELECT dataset, max(finished_at) AS finished_at FROM imports WHERE status IN ('imported', 'unchanged') GROUP BY dataset",
  );
  return {
    rejects: new Map(rejects.map(({ dataset, open }) => [dataset, open])),
    imports: new Map(imports.map(({ dataset, finished_at }) => [dataset, finished_at])),
  };
}
