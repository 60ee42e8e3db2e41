/** What the database says of itself at little cost: its own estimates and a few index lookups, never a count over a big table. */
import type pg from 'pg';
import { type Query, statementsSeen } from '../../database/session.ts';
import { withPatience } from '../patience.ts';
import { readSourceFigures, type SourceFigures } from './source-figures.ts';

export interface TableFigures {
  readonly name: string;
  /** PostgreSQL's estimate. */
  readonly rows: number;
  /** With indexes; of a partitioned table all its partitions. */
  readonly bytes: number;
}

export interface DatabaseFigures {
  readonly tables: readonly TableFigures[];
  readonly datasets: readonly {
    readonly dataset: string;
    /** At most {@link MOST_COUNTED}. */
    readonly openRejects: number;
    readonly running: number;
    /** Unix seconds at which the last import ended that brought what the file says; null if none of the last 100 did. */
    readonly lastGood: number | null;
  }[];
  readonly jobs: readonly {
    readonly kind: string;
    readonly queued: number;
    readonly running: number;
    /** Seconds that the oldest one has waited which may begin; 0 where none does. */
    readonly waited: number;
  }[];
  readonly sources?: SourceFigures;
}

/** Counting stops here: a flood of rejects must not make each scrape slow. */
export const MOST_COUNTED = 100_000;

/** A statistic that a crash has emptied is made up for by what the last ANALYZE saw. */
const TABLES = `
  SELECT coalesce(root.relname, part.relname)::text AS name,
         sum(coalesce(nullif(pg_stat_get_live_tuples(part.oid), 0), greatest(part.reltuples, 0)))::float8 AS rows,
         sum(pg_total_relation_size(part.oid))::float8 AS bytes
    FROM pg_class AS part
    LEFT JOIN pg_inherits AS inherited ON inherited.inhrelid = part.oid
    LEFT JOIN pg_class AS root ON root.oid = inherited.inhparent
   WHERE part.relnamespace = 'public'::regnamespace AND part.relkind = 'r' AND part.relpersistence = 'p'
   GROUP BY 1
   ORDER BY 1`;

/** The names are found by jumping from one to the next in the index: there may be a million imports of eleven datasets. */
const DATASETS = `
  WITH RECURSIVE known (dataset) AS (
    SELECT min(dataset) FROM imports
     UNION ALL
    SELECT (SELECT min(dataset) FROM imports WHERE imports.dataset > known.dataset)
      FROM known
     WHERE known.dataset IS NOT NULL
  )
  SELECT known.dataset,
         (SELECT count(*)
            FROM (SELECT FROM rejects
                   WHERE rejects.dataset = known.dataset AND rejects.status = 'open'
                   LIMIT ${MOST_COUNTED}) AS open)::float8 AS "openRejects",
         last.running::float8 AS running,
         last.good AS "lastGood"
    FROM known
   CROSS JOIN LATERAL (
         SELECT count(*) FILTER (WHERE status = 'running') AS running,
                extract(epoch FROM max(finished_at) FILTER (WHERE status IN ('imported', 'unchanged')))::float8 AS good
           FROM (SELECT status, finished_at
                   FROM imports
                  WHERE imports.dataset = known.dataset
                  ORDER BY started_at DESC, import_id
                  LIMIT 100) AS latest) AS last
   WHERE known.dataset IS NOT NULL
   ORDER BY known.dataset`;

/** By the index of open jobs, which are few. */
const JOBS = `
  SELECT kind,
         count(*) FILTER (WHERE status = 'queued')::float8 AS queued,
         count(*) FILTER (WHERE status = 'running')::float8 AS running,
         coalesce(extract(epoch FROM now() - min(not_before) FILTER (WHERE status = 'queued' AND not_before <= now())), 0)::float8
           AS waited
    FROM jobs
   WHERE status IN ('queued', 'running')
   GROUP BY kind
   ORDER BY kind`;

/** How large each table is, by name; fails as its statement does. */
export const readTableFigures = (query: Query): Promise<TableFigures[]> =>
  query<TableFigures & pg.QueryResultRow>('tables and their sizes', TABLES);

/** Reads the figures; fails as its statements do. */
export async function readFigures(pool: pg.Pool): Promise<DatabaseFigures> {
  const ask = <Row extends pg.QueryResultRow>(label: string, text: string): Promise<Row[]> =>
    statementsSeen.observe({ label }, () => pool.query<Row>({ name: label, text })).then(({ rows }) => rows);
  const tables = await ask<DatabaseFigures['tables'][number]>('metrics tables', TABLES);
  const datasets = await ask<DatabaseFigures['datasets'][number]>('metrics datasets', DATASETS);
  const jobs = await ask<DatabaseFigures['jobs'][number]>('metrics jobs', JOBS);
  return { tables, datasets, jobs, sources: await readSourceFigures(pool) };
}

/**
 * The figures, read again when they are older than `ageMs`; null while the database does not answer within `patienceMs`.
 * However many ask at once, one reads.
 */
export function keptFigures(
  read: () => Promise<DatabaseFigures>,
  { ageMs, patienceMs }: { readonly ageMs: number; readonly patienceMs: number },
): () => Promise<DatabaseFigures | null> {
  let kept: { readonly figures: DatabaseFigures; readonly at: number } | undefined;
  let reading: Promise<DatabaseFigures> | undefined;
  const readAnew = async (): Promise<DatabaseFigures> => {
    try {
      const figures = await read();
      kept = { figures, at: performance.now() };
      return figures;
    } finally {
      reading = undefined;
    }
  };
  return async () => {
    if (kept !== undefined && performance.now() - kept.at < ageMs) return kept.figures;
    reading ??= readAnew();
    // Who asked is told by null; why the database does not answer is in the log of whoever needed it.
    return withPatience(reading, patienceMs).catch(() => null);
  };
}
