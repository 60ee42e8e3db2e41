/** What the database says of sources and their syncs, of all owners: the private ones of a connector are told of together. */
import type pg from 'pg';
import { readOnce } from '../../database/read-once.ts';
import { HOUSEKEEPER } from '../../kernel/actor.ts';

export interface SourceFigures {
  readonly sources: readonly {
    /** Its id; `private` of the private ones of a connector together. */
    readonly source: string;
    /** Empty of private ones. */
    readonly name: string;
    readonly connector: string;
    /** Of several, whether all are. */
    readonly connected: boolean;
    /** Seconds since its last sync ended, of several the longest; null before the first. */
    readonly lag: number | null;
    readonly items: number;
    /** By the code of their errors. */
    readonly failed: Readonly<Record<string, number>>;
  }[];
  /** Of the last day, by connector. */
  readonly syncs: readonly {
    readonly connector: string;
    /** How many ended as what. */
    readonly ended: Readonly<Record<string, number>>;
    readonly items: Readonly<Record<string, number>>;
    readonly bytes: number;
    readonly seconds: number;
  }[];
}

const SOURCES = `
  WITH figures AS (
    SELECT d.source_id, d.is_shared, d.source_type,
           CASE WHEN d.is_shared THEN d.source_id::text ELSE 'private' END AS source,
           CASE WHEN d.is_shared THEN d.name ELSE '' END AS name,
           d.connection_status = 'connected' AS connected, extract(epoch FROM now() - d.last_sync_at)::float8 AS lag,
           d.total_items_synced::float8 AS items
      FROM data_sources d
     WHERE d.is_active),
  failed AS (
    SELECT f.source, f.name, f.source_type, coalesce(i.error ->> 'code', 'INTERNAL') AS code, count(*) AS items
      FROM figures f
      JOIN sync_items i ON i.source_id = f.source_id AND i.sync_status IN ('failed', 'conflict')
     GROUP BY 1, 2, 3, 4)
  SELECT f.source, f.name, f.source_type AS connector, bool_and(f.connected) AS connected, max(f.lag) AS lag,
         sum(f.items) AS items,
         coalesce((SELECT jsonb_object_agg(e.code, e.items)
                     FROM failed e
                    WHERE (e.source, e.name, e.source_type) = (f.source, f.name, f.source_type)), '{}') AS failed
    FROM figures f
   GROUP BY f.source, f.name, f.source_type
   ORDER BY f.source, f.source_type
   LIMIT 1000`;

const SYNCS = `
  SELECT connector, jsonb_object_agg(status, syncs) AS ended, sum(bytes)::float8 AS bytes, sum(seconds)::float8 AS seconds,
         jsonb_build_object('created', sum(created), 'updated', sum(updated), 'deleted', sum(deleted),
                            'skipped', sum(skipped), 'failed', sum(failed)) AS items
    FROM (SELECT d.source_type AS connector, j.status, count(*) AS syncs, sum(j.items_created) AS created,
                 sum(j.items_updated) AS updated, sum(j.items_deleted) AS deleted, sum(j.items_skipped) AS skipped,
                 sum(j.items_failed) AS failed, sum(j.bytes_processed) AS bytes,
                 coalesce(sum(extract(epoch FROM j.completed_at - j.started_at)), 0) AS seconds
            FROM sync_jobs j
            JOIN data_sources d ON d.source_id = j.source_id
           WHERE j.created_at > now() - interval '1 day' AND j.status NOT IN ('queued', 'running')
           GROUP BY 1, 2) AS one
   GROUP BY connector
   ORDER BY connector`;

/** Reads them; fails as its statements do. */
export async function readSourceFigures(pool: pg.Pool): Promise<SourceFigures> {
  const ask = <Row extends pg.QueryResultRow>(label: string, text: string): Promise<Row[]> =>
    readOnce<Row>(pool, HOUSEKEEPER, { label, text, values: [] });
  const sources = await ask<SourceFigures['sources'][number]>('metrics sources', SOURCES);
  if (sources.length === 0) return { sources, syncs: [] };
  return { sources, syncs: await ask<SourceFigures['syncs'][number]>('metrics syncs', SYNCS) };
}
