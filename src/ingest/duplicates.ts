/** One key twice in one file: identical repeats are unchanged, differing ones are rejects; the first stands. */
import type pg from 'pg';
import { identifier } from '../database/copy.ts';

export interface Repeat {
  readonly ordinal: number;
  readonly line: number;
  readonly span_offset: bigint | null;
  readonly span_length: number | null;
  readonly raw_text: string | null;
  readonly key: string;
  readonly first_line: number;
}

/** What a repeat may differ in and still be the same: where it stands, and how its values were written. */
const PLACE = "ARRAY['ordinal', 'line', 'span_offset', 'span_length', 'raw_text', 'origin_raw']::text[]";

/** Repeats fetched at once: a file of nothing but repeats must not gather in memory. */
const PAGE = 1000;

/**
 * Takes the repeats of a key, and what they brought, out of the staging tables. Returns whether there were any; those that
 * differ from the first are then in {@link repeatPages}.
 */
export async function takeRepeats(
  client: pg.ClientBase,
  stage: string,
  key: readonly string[],
  brought: readonly string[],
): Promise<boolean> {
  const columns = key.map(identifier).join(', ');
  // Nearly every file has none: this costs one hash of the keys, and the windows below only run where it finds some.
  const { rows } = await client.query<{ found: boolean }>(
    `SELECT EXISTS (SELECT FROM ${stage} GROUP BY ${columns} HAVING count(*) > 1) AS found`,
  );
  if (rows[0]?.found !== true) return false;
  await client.query('DROP TABLE IF EXISTS repeats');
  await client.query(
    `CREATE TEMPORARY TABLE repeats ON COMMIT DROP AS
     WITH ranked AS (
       SELECT ordinal, first_value(ordinal) OVER same_key AS first_ordinal
         FROM ${stage}
       WINDOW same_key AS (PARTITION BY ${columns} ORDER BY ordinal)
     )
     SELECT s.ordinal, s.line, s.span_offset, s.span_length, s.raw_text,
            concat_ws(', ', ${key.map((column) => `s.${identifier(column)}`).join(', ')}) AS key,
            f.line AS first_line, r.first_ordinal,
            to_jsonb(s) - ${PLACE} = to_jsonb(f) - ${PLACE} AS identical
       FROM ranked r
       JOIN ${stage} s ON s.ordinal = r.ordinal
       JOIN ${stage} f ON f.ordinal = r.first_ordinal
      WHERE r.ordinal <> r.first_ordinal`,
  );
  await client.query('CREATE UNIQUE INDEX ON repeats (ordinal)');
  for (const staging of brought) await tellApart(client, identifier(staging));
  for (const staging of [stage, ...brought])
    await client.query(`DELETE FROM ${identifier(staging)} s USING repeats r WHERE s.ordinal = r.ordinal`);
  return true;
}

/** Repeats that bring other links or parts than their first say something else: passed over, what they bring would be lost. */
async function tellApart(client: pg.ClientBase, staging: string): Promise<void> {
  await client.query(
    `WITH brought AS (
       SELECT b.ordinal, md5(string_agg(DISTINCT b.told, E'\\n' ORDER BY b.told)) AS told
         FROM (SELECT ordinal, (to_jsonb(s) - ${PLACE})::text AS told FROM ${staging} s) b
        WHERE b.ordinal IN (SELECT ordinal FROM repeats WHERE identical UNION ALL SELECT first_ordinal FROM repeats WHERE identical)
        GROUP BY b.ordinal
     )
     UPDATE repeats r
        SET identical = false
       FROM repeats d
       LEFT JOIN brought own ON own.ordinal = d.ordinal
       LEFT JOIN brought first ON first.ordinal = d.first_ordinal
      WHERE r.ordinal = d.ordinal AND d.identical AND own.told IS DISTINCT FROM first.told`,
  );
}

/** The repeats that differ from the first record of their key, in order. */
export async function* repeatPages(client: pg.ClientBase): AsyncGenerator<readonly Repeat[]> {
  for (let after = 0; ; ) {
    const { rows } = await client.query<Repeat>(
      `SELECT ordinal, line, span_offset, span_length, raw_text, key, first_line
         FROM repeats
        WHERE NOT identical AND ordinal > $1
        ORDER BY ordinal
        LIMIT ${PAGE}`,
      [after],
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    after = last.ordinal;
  }
}

/**
 * Keeps the first of the derived rows of a key. A record may bring several of them, so its ordinal does not tell one from
 * another.
 */
export async function dropRepeats(client: pg.ClientBase, stage: string, key: readonly string[]): Promise<void> {
  await client.query(
    `DELETE FROM ${stage} s
      USING (SELECT ctid, row_number() OVER (PARTITION BY ${key.map(identifier).join(', ')} ORDER BY ordinal, ctid) AS place
               FROM ${stage}) r
      WHERE s.ctid = r.ctid AND r.place > 1`,
  );
}
