/** Rows that a person deleted stay deleted: the records that would bring them back become rejects. */
import { identifier } from '../database/copy.ts';
import type { Repeat } from './duplicates.ts';
import { type MergeTarget, recordId, sameKey } from './target.ts';

export type Buried = Omit<Repeat, 'first_line'> & {
  readonly deleted_by: string;
  readonly deleted_at: Date;
};

/** Takes the records of deleted rows out of the staging table and returns them, in order. */
export async function takeBuried({ client, stage, table, key }: MergeTarget): Promise<Buried[]> {
  const { rows } = await client.query<Buried>(
    `DELETE FROM ${stage} s
      USING tombstones b
      WHERE b.table_name = $1
        AND b.record_id = ${recordId(key, 's')}
        AND NOT EXISTS (SELECT FROM ${identifier(table)} t WHERE ${sameKey(key, 't', 's')})
     RETURNING s.ordinal, s.line, s.span_offset, s.span_length, s.raw_text, b.record_id AS key, b.deleted_by, b.deleted_at`,
    [table],
  );
  return rows.sort((a, b) => a.ordinal - b.ordinal);
}
