/** One key twice in one file: identical repeats are unchanged, differing ones are rejects; the first stands. */
import type pg from 'pg';
import { identifier } from '../database/copy.ts';

export interface Repeat {
  readonly position: number;
  readonly line: number;
  readonly span_offset: bigint | null;
  readonly span_length: number | null;
  readonly raw_text: string | null;
  readonly identical: boolean;
  readonly key: string;
  readonly first_line: number;
}

/** What a repeat may differ in and still be the same: where it stands, and how its values were written. */
const PLACE = "ARRAY['position', 'line', 'span_offset', 'span_length', 'raw_text', 'origin_raw']";

/** Takes the repeats out of the staging table and returns them, in order. */
export async function takeRepeats(client: pg.ClientBase, stage: string, key: readonly string[]): Promise<Repeat[]> {
  const columns = key.map(identifier).join(', ');
  // Nearly every file has none: this costs one hash of the keys, and the windows below only run where it finds some.
  const { rows } = await client.query<{ found: boolean }>(
    `SELECT EXISTS (SELECT FROM ${stage} GROUP BY ${columns} HAVING count(*) > 1) AS found`,
  );
  if (rows[0]?.found !== true) return [];
  const repeats = await client.query<Repeat>(
    `WITH ranked AS (
       SELECT position, first_value(position) OVER same_key AS first_position
         FROM ${stage}
       WINDOW same_key AS (PARTITION BY ${columns} ORDER BY position)
     ), repeats AS (
       SELECT r.position,
              to_jsonb(s) - ${PLACE} = to_jsonb(f) - ${PLACE} AS identical,
              f.line AS first_line
         FROM ranked r
         JOIN ${stage} s ON s.position = r.position
         JOIN ${stage} f ON f.position = r.first_position
        WHERE r.position <> r.first_position
     )
     DELETE FROM ${stage} s
      USING repeats
      WHERE s.position = repeats.position
     RETURNING s.position, s.line, s.span_offset, s.span_length, s.raw_text, repeats.identical, repeats.first_line,
               concat_ws(', ', ${key.map((column) => `s.${identifier(column)}`).join(', ')}) AS key`,
  );
  return repeats.rows.sort((a, b) => a.position - b.position);
}
