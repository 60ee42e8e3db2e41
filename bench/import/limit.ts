/**
 * The least that an import could possibly be: the file's bytes by COPY into an unlogged table, and one INSERT … ON CONFLICT
 * into the same table with the same indexes, keys, constraints and audit trigger. No record is checked, none rejected, and
 * no row says where it came from.
 */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';

const STAGING = `
  DROP TABLE IF EXISTS staging;
  CREATE UNLOGGED TABLE staging (
    video_id text, source_url text, title text, duration integer, channel_id text, status text, phase integer,
    created_date timestamptz(3), completed_date timestamptz(3), language text, views text)`;

const COLUMNS = [
  'source_url',
  'title',
  'duration',
  'channel_id',
  'status',
  'phase',
  'created_date',
  'completed_date',
  'metadata',
];

const MERGE = `
  INSERT INTO videos AS v (video_id, ${COLUMNS.join(', ')})
  SELECT video_id, source_url, title, duration, channel_id, status, phase, created_date, completed_date,
         jsonb_build_object('language', language, 'views', views, 'youtube_id', right(source_url, 11))
    FROM staging
   ORDER BY video_id
  ON CONFLICT (video_id) DO UPDATE
     SET ${COLUMNS.map((column) => `${column} = excluded.${column}`).join(', ')}`;

/** Takes `file` in; returns how many rows were written. */
export async function copyAndMerge(pool: pg.Pool, file: string): Promise<number> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query("SELECT set_config('cairn.actor', 'limit', true)");
    await client.query(STAGING);
    const copying = client.query(copyFrom('COPY staging FROM STDIN (FORMAT csv, HEADER)'));
    await pipeline(createReadStream(file, { highWaterMark: 1 << 18 }), copying);
    const { rowCount } = await client.query(MERGE);
    await client.query('DROP TABLE staging');
    await client.query('COMMIT');
    return rowCount ?? 0;
  } catch (thrown) {
    await client.query('ROLLBACK');
    throw thrown;
  } finally {
    client.release();
  }
}
