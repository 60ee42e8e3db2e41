/** What the database says of sources and their syncs, of all owners: names of private ones are not told. */
import type pg from 'pg';
import { readOnce } from '../../database/read-once.ts';
import { HOUSEKEEPER } from '../../kernel/actor.ts';

export interface SourceFigures {
  readonly sources: readonly {
    readonly source: string;
    /** Empty of a private one. */
    readonly name: string;
    readonly connector: string;
    readonly connected: boolean;
    /** Seconds since its last sync ended; null before the first. */
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
  SELECT d.source_id::text AS source, CASE WHEN d.is_shared THEN d.name ELSE '' END AS name, d.source_type AS connector,
         d.connection_status = 'connected' AS connected, extract(epoch FROM now() - d.last_sync_at)::float8 AS lag,
         d.total_items_synced::float8 AS items,
         coalesce((SELECT jsonb_object_agg(f.code, f.items)
                     FROM (SELECT coalesce(i.error ->> 'code', 'INTERNAL') AS code, count(*) AS items
                             FROM sync_items i
                            WHERE i.source_id = d.source_id AND i.sync_status IN ('failed', 'conflict')
                            GROUP BY 1) AS f), '{}') AS failed
    FROM data_sources d
   WHERE d.is_active
   ORDER BY d.source_id
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
