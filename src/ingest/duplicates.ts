/** One key twice in one file: identical repeats are unchanged, differing ones are rejects; the first stands. */
import type pg from 'pg';
import { identifier } from '../database/copy.ts';

export interface Repeat {
  readonly ordinal: number;
  readonly line: number;
  readonly span_offset: bigint | null;
  readonly span_length: number | null;
  readonly raw_text: string | null;
  readonly identical: boolean;
  readonly key: string;
  readonly first_line: number;
}

/** What a repeat may differ in and still be the same: where it stands, and how its values were written. */
const PLACE = "ARRAY['ordinal', 'line', 'span_offset', 'span_length', 'raw_text', 'origin_raw']";

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
       SELECT ordinal, first_value(ordinal) OVER same_key AS first_ordinal
         FROM ${stage}
       WINDOW same_key AS (PARTITION BY ${columns} ORDER BY ordinal)
     ), repeats AS (
       SELECT r.ordinal,
              to_jsonb(s) - ${PLACE} = to_jsonb(f) - ${PLACE} AS identical,
              f.line AS first_line
         FROM ranked r
         JOIN ${stage} s ON s.ordinal = r.ordinal
         JOIN ${stage} f ON f.ordinal = r.first_ordinal
        WHERE r.ordinal <> r.first_ordinal
     )
     DELETE FROM ${stage} s
      USING repeats
      WHERE s.ordinal = repeats.ordinal
     RETURNING s.ordinal, s.line, s.span_offset, s.span_length, s.raw_text, repeats.identical, repeats.first_line,
               concat_ws(', ', ${key.map((column) => `s.${identifier(column)}`).join(', ')}) AS key`,
  );
  return repeats.rows.sort((a, b) => a.ordinal - b.ordinal);
}
