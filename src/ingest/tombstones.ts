/**
 * Rows that a person deleted stay deleted: the records that would bring them back become rejects. What a file says of such a row
 * is kept all the same: when somebody makes the row anew, it was said before.
 */
import { identifier } from '../database/copy.ts';
import { keepStatement, SHARED } from './authority.ts';
import type { Repeat } from './duplicates.ts';
import type { Speakers } from './speakers.ts';
import { findableParts } from './stated-parts.ts';
import { type MergeTarget, recordId, type Statement, sameKey } from './target.ts';

export type Buried = Omit<Repeat, 'first_line'> & {
  readonly deleted_by: string;
  readonly deleted_at: Date;
};

/** Whose words of deleted rows are kept, and who can speak of them. */
export interface Spoken {
  readonly statement: Statement;
  readonly speakers: Speakers;
}

/** Takes the records of deleted rows out of the staging table and returns them, in order. With `spoken` their words are kept. */
export async function takeBuried(target: MergeTarget, spoken?: Spoken): Promise<Buried[]> {
  const { client, stage, table, key } = target;
  // Of most tables nobody ever deleted a row: then the staged ones need not be looked at.
  const { rows: looks } = await client.query<{ found: boolean }>(
    'SELECT EXISTS (SELECT FROM tombstones WHERE table_name = $1) AS found',
    [table],
  );
  if (looks[0]?.found !== true) return [];
  const buried = `b.table_name = ${client.escapeLiteral(table)}
        AND b.record_id = ${recordId(key, 's')}
        AND NOT EXISTS (SELECT FROM ${identifier(table)} t WHERE ${sameKey(key, 't', 's')})`;
  if (spoken !== undefined) await keepWords(target, spoken, buried);
  const { rows } = await client.query<Buried>(
    `DELETE FROM ${stage} s
      USING tombstones b
      WHERE ${buried}
     RETURNING s.ordinal, s.line, s.span_offset, s.span_length, s.raw_text, b.record_id AS key, b.deleted_by, b.deleted_at`,
  );
  return rows.sort((a, b) => a.ordinal - b.ordinal);
}

async function keepWords(target: MergeTarget, { statement, speakers }: Spoken, buried: string): Promise<void> {
  const { client, stage } = target;
  await client.query(`DROP TABLE IF EXISTS ${SHARED}`);
  const { rowCount } = await client.query(
    `CREATE TEMPORARY TABLE ${SHARED} ON COMMIT DROP AS
     SELECT s.ordinal, b.record_id FROM ${stage} s, tombstones b WHERE ${buried}`,
  );
  if (rowCount !== 0) {
    await client.query(`ANALYZE ${SHARED}`);
    await findableParts(client, speakers, rowCount);
    await keepStatement(target, statement, speakers);
  }
  await client.query(`DROP TABLE ${SHARED}`);
}
