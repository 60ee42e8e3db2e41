/** Mentions: the references of a file's records, brought into the table `references`. Resolving them is another step. */
import type pg from 'pg';
import { identifier } from '../database/copy.ts';
import type { ColumnRelation } from './relations.ts';
import { type MergeTarget, recordId, type Statement } from './target.ts';

export const MENTIONS = 'stage_mentions';
export const MENTION_COLUMNS = [
  'relation',
  'owner_key',
  'target_by',
  'target',
  'attributes',
  'record_id',
  'authority',
] as const;

/** Ranks of mentions of one foreign key, the lower standing: its own column, its own record, another record. */
export const MENTION_AUTHORITY = { column: 0, record: 100, other: 200 } as const;

const SAME = ['relation', 'owner_key', 'target_by', 'target', 'record_id']
  .map((column) => `r.${column} = s.${column}`)
  .join(' AND ');

/**
 * A foreign key whose target is not there becomes a mention that waits, and the staged column empty: the row stands, the
 * reference is kept. One whose target is there needs no mention: the row says it.
 */
export async function stageMissingTargets(
  { client, stage, key }: MergeTarget,
  relations: readonly ColumnRelation[],
  statement: Statement,
): Promise<void> {
  for (const relation of relations) {
    const column = `s.${identifier(relation.column)}`;
    const missing = `${column} IS NOT NULL AND NOT EXISTS (
        SELECT FROM ${identifier(relation.target.table)} g WHERE g.${identifier(relation.target.key)} = ${column})`;
    await client.query(
      `INSERT INTO ${MENTIONS} (ordinal, line, relation, owner_key, target_by, target, record_id, authority)
       SELECT s.ordinal, s.line, $1, ${recordId(key, 's')}, 'key', ${column}, ${recordId(key, 's')}, ${MENTION_AUTHORITY.column}
         FROM ${stage} s
        WHERE ${missing}`,
      [relation.name],
    );
    // The column speaks for itself now: what its file said before and waited for, or what others filled in, ends.
    await client.query(
      `DELETE FROM "references" r
        USING ${stage} s
        WHERE r.relation = $1 AND r.dataset = $2 AND r.path = $3 AND r.authority = ${MENTION_AUTHORITY.column}
          AND r.record_id = ${recordId(key, 's')}
          AND ${column} IS NOT NULL AND NOT (${missing})`,
      [relation.name, statement.dataset, statement.path],
    );
    await client.query(
      `UPDATE "references" r
          SET applied = false
         FROM ${stage} s
        WHERE r.relation = $1 AND r.applied AND r.owner_key = ${recordId(key, 's')}
          AND ${column} IS NOT NULL AND NOT (${missing})`,
      [relation.name],
    );
    await client.query(`UPDATE ${stage} s SET ${identifier(relation.column)} = NULL WHERE ${missing}`);
  }
}

export interface MentionCounts {
  readonly inserted: number;
  readonly updated: number;
}

/**
 * Makes the kept mentions of the staged records equal to what they say now. Of a relation that a record no longer
 * mentions at all the mentions stay: absence is no delete. Fills `withdrawn_mentions` for the step that resolves.
 */
export async function mergeMentions(client: pg.ClientBase, statement: Statement): Promise<MentionCounts> {
  const { dataset, path, importId, modifiedAt } = statement;
  await client.query(`UPDATE ${MENTIONS} SET target = lower(target) WHERE target_by = 'name'`);
  await client.query(`ANALYZE ${MENTIONS}`);
  await client.query('DROP TABLE IF EXISTS withdrawn_mentions');
  await client.query(
    'CREATE TEMPORARY TABLE withdrawn_mentions (relation text, owner_key text, resolved_key text, applied boolean) ON COMMIT DROP',
  );
  await client.query(
    `WITH withdrawn AS (
       DELETE FROM "references" r
        USING (SELECT DISTINCT relation, record_id FROM ${MENTIONS}) m
        WHERE r.dataset = $1 AND r.path = $2 AND r.relation = m.relation AND r.record_id = m.record_id
          AND NOT EXISTS (SELECT FROM ${MENTIONS} s WHERE ${SAME})
       RETURNING r.relation, r.owner_key, r.resolved_key, r.applied
     )
     INSERT INTO withdrawn_mentions SELECT * FROM withdrawn`,
    [dataset, path],
  );
  // A record may mention one row twice: the first mention stands.
  const once = `SELECT DISTINCT ON (s.relation, s.owner_key, s.target_by, s.target, s.record_id) s.*
                  FROM ${MENTIONS} s
                 ORDER BY s.relation, s.owner_key, s.target_by, s.target, s.record_id, s.ordinal`;
  const updated = await client.query<{ told: boolean }>(
    `UPDATE "references" r
        SET attributes = coalesce(s.attributes, r.attributes), authority = s.authority, modified_at = $3,
            import_id = $4, line = s.line
       FROM (${once}) s
      WHERE r.dataset = $1 AND r.path = $2 AND ${SAME}
        AND (s.attributes IS NOT NULL AND s.attributes IS DISTINCT FROM r.attributes
             OR s.authority <> r.authority OR r.modified_at <> $3)
     RETURNING old.attributes IS DISTINCT FROM new.attributes AS told`,
    [dataset, path, modifiedAt, importId],
  );
  const inserted = await client.query(
    `INSERT INTO "references" (relation, owner_key, target_by, target, attributes, record_id, authority,
                               dataset, path, modified_at, import_id, line)
     SELECT s.relation, s.owner_key, s.target_by, s.target, s.attributes, s.record_id, s.authority, $1, $2, $3, $4, s.line
       FROM (${once}) s
      WHERE NOT EXISTS (SELECT FROM "references" r WHERE r.dataset = $1 AND r.path = $2 AND ${SAME})
      ORDER BY s.relation, s.owner_key, s.target_by, s.target
     ON CONFLICT DO NOTHING`,
    [dataset, path, modifiedAt, importId],
  );
  // A file that was only touched tells nothing new of its links.
  return { inserted: inserted.rowCount ?? 0, updated: updated.rows.filter(({ told }) => told).length };
}
