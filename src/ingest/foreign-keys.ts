/** Foreign keys of staged records: one whose target is not there becomes a mention that waits, and the row stands without it. */
import { identifier } from '../database/copy.ts';
import { SHARED, STANDING } from './authority.ts';
import { MENTION_AUTHORITY, MENTIONS } from './mentions.ts';
import type { ColumnRelation } from './relations.ts';
import { type MergeTarget, recordId, type Statement } from './target.ts';

/** `shared`: whether other files speak of some of the staged rows, so that {@link SHARED} exists. */
export async function stageForeignKeys(
  target: MergeTarget,
  relations: readonly ColumnRelation[],
  statement: Statement,
  shared: boolean,
): Promise<void> {
  for (const relation of relations) {
    if (shared) await settleShared(target, relation);
    await stageMissing(target, relation, statement, shared);
  }
}

/** A row of one file: a key whose target is there needs no mention, since the row says it. */
async function stageMissing(
  { client, stage, key }: MergeTarget,
  relation: ColumnRelation,
  statement: Statement,
  shared: boolean,
): Promise<void> {
  const column = `s.${identifier(relation.column)}`;
  const own = shared ? `AND NOT EXISTS (SELECT FROM ${SHARED} c WHERE c.ordinal = s.ordinal)` : '';
  const missing = `${column} IS NOT NULL ${own} AND NOT EXISTS (
      SELECT FROM ${identifier(relation.target.table)} g WHERE g.${identifier(relation.target.key)} = ${column})`;
  const staged = await client.query(
    `INSERT INTO ${MENTIONS} (ordinal, line, relation, owner_key, target_by, target, record_id, authority)
     SELECT s.ordinal, s.line, $1, ${recordId(key, 's')}, 'key', ${column}, ${recordId(key, 's')}, $2
       FROM ${stage} s
      WHERE ${missing}`,
    [relation.name, statement.authority],
  );
  if ((staged.rowCount ?? 0) > 0)
    await client.query(`UPDATE ${stage} s SET ${identifier(relation.column)} = NULL WHERE ${missing}`);
  // A column that is still filled speaks for itself: what its file said before and waited for, or what others filled in, ends.
  await client.query(
    `WITH ended AS (
       DELETE FROM "references" r
        USING ${stage} s
        WHERE r.relation = $1 AND r.dataset = $2 AND r.path = $3 AND r.authority < ${MENTION_AUTHORITY.record}
          AND r.owner_key = ${recordId(key, 's')} AND ${column} IS NOT NULL ${own}
     )
     UPDATE "references" r
        SET applied = false
       FROM ${stage} s
      WHERE r.relation = $1 AND r.applied AND r.owner_key = ${recordId(key, 's')}
        AND r.authority >= ${MENTION_AUTHORITY.record} AND ${column} IS NOT NULL ${own}`,
    [relation.name, statement.dataset, statement.path],
  );
}

/**
 * A row of several files: what each says of the key is a mention, so that the best one whose target is there stands,
 * whichever came first. The staged value becomes that one.
 */
async function settleShared(target: MergeTarget, relation: ColumnRelation): Promise<void> {
  const { client, stage, table } = target;
  await mentionSaidKeys(target, relation, SHARED);
  await client.query(
    `UPDATE ${stage} s
        SET ${identifier(relation.column)} = (
              SELECT ${saidKey(relation)}
                FROM origins o
                JOIN ${identifier(relation.target.table)} g ON g.${identifier(relation.target.key)} = ${saidKey(relation)}
               WHERE o.table_name = $1 AND o.record_id = c.record_id
               ORDER BY ${STANDING}
               LIMIT 1)
       FROM ${SHARED} c
      WHERE c.ordinal = s.ordinal`,
    [table],
  );
}

/** SQL: the key that the statement `o` gives. */
const saidKey = ({ column }: ColumnRelation): string => `o.fields ->> '${column}'`;

/**
 * What the statements of rows say of a key becomes mentions, and what they said before ends. `records` is a relation of
 * `record_id`; its parameters follow from $3 on.
 */
export async function mentionSaidKeys(
  { client, table }: Pick<MergeTarget, 'client' | 'table'>,
  relation: ColumnRelation,
  records: string,
  values: readonly unknown[] = [],
): Promise<void> {
  const said = saidKey(relation);
  const statements = `${records} c JOIN origins o ON o.table_name = $1 AND o.record_id = c.record_id`;
  await client.query(
    `DELETE FROM "references" r
      USING ${statements}
      WHERE r.relation = $2 AND r.owner_key = c.record_id AND r.dataset = o.dataset AND r.path = o.path
        AND r.authority < ${MENTION_AUTHORITY.record} AND r.target IS DISTINCT FROM ${said}`,
    [table, relation.name, ...values],
  );
  await client.query(
    `INSERT INTO "references" AS r (relation, owner_key, target_by, target, record_id, authority,
                                    dataset, path, modified_at, import_id, line)
     SELECT $2, c.record_id, 'key', ${said}, c.record_id, o.authority, o.dataset, o.path, o.modified_at, o.import_id, o.line
       FROM ${statements}
      WHERE ${said} IS NOT NULL
      ORDER BY c.record_id, o.dataset, o.path
     ON CONFLICT (relation, owner_key, target_by, target, dataset, path, record_id) DO UPDATE
        SET authority = excluded.authority, modified_at = excluded.modified_at,
            import_id = excluded.import_id, line = excluded.line
      WHERE (r.authority, r.modified_at) IS DISTINCT FROM (excluded.authority, excluded.modified_at)`,
    [table, relation.name, ...values],
  );
}
