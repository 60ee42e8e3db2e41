/** Mentions: the references of a file's records, brought into the table `references`. Resolving them is another step. */
import type pg from 'pg';
import type { OnMerged } from './merge.ts';
import type { Statement } from './target.ts';

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

/**
 * Ranks of mentions of one foreign key, the lower standing: below 100 the row's own column, from here the row's own
 * record, from there another record. The file's authority is added to each.
 */
export const MENTION_AUTHORITY = { record: 100, other: 200 } as const;

/** The mentions of an import that are looked at again: see references.ts. */
export const TOUCHED = 'touched_mentions';

const SAME = ['relation', 'owner_key', 'target_by', 'target', 'record_id']
  .map((column) => `r.${column} = s.${column}`)
  .join(' AND ');

export interface MentionCounts {
  readonly inserted: number;
  readonly updated: number;
}

/** Makes the table of touched mentions, empty: only imports that touch any pay for it. */
export async function openTouched(client: pg.ClientBase): Promise<void> {
  await client.query(
    `CREATE TEMPORARY TABLE IF NOT EXISTS ${TOUCHED} (
       relation text, id bigint, owner_key text, before text, applied boolean, after text
     ) ON COMMIT DROP`,
  );
}

/**
 * Makes the kept mentions of the staged records equal to what they say now. Of a relation that a record no longer
 * mentions at all the mentions stay: absence is no delete. Withdrawn ones are left in {@link TOUCHED}.
 */
export async function mergeMentions(
  client: pg.ClientBase,
  statement: Statement,
  onMerged?: OnMerged,
): Promise<MentionCounts> {
  const { dataset, path, importId, modifiedAt } = statement;
  const { rows } = await client.query<{ found: boolean }>(`SELECT EXISTS (SELECT FROM ${MENTIONS}) AS found`);
  if (rows[0]?.found !== true) return { inserted: 0, updated: 0 };
  await openTouched(client);
  await client.query(
    `UPDATE ${MENTIONS}
        SET target = CASE target_by WHEN 'name' THEN lower(target) ELSE target END,
            authority = CASE WHEN authority < ${MENTION_AUTHORITY.record} THEN authority ELSE authority + $1 END
      WHERE target_by = 'name' OR authority >= ${MENTION_AUTHORITY.record}`,
    [statement.authority],
  );
  await client.query(`ANALYZE ${MENTIONS}`);
  // A column's mention is not withdrawn because the record names its target in another way too.
  await client.query(
    `WITH withdrawn AS (
       DELETE FROM "references" r
        USING (SELECT DISTINCT relation, record_id, authority < ${MENTION_AUTHORITY.record} AS by_column FROM ${MENTIONS}) m
        WHERE r.dataset = $1 AND r.path = $2 AND r.relation = m.relation AND r.record_id = m.record_id
          AND (r.authority < ${MENTION_AUTHORITY.record}) = m.by_column
          AND NOT EXISTS (SELECT FROM ${MENTIONS} s WHERE ${SAME})
       RETURNING r.relation, r.owner_key, r.resolved_key, r.applied
     )
     INSERT INTO ${TOUCHED} (relation, owner_key, before, applied) SELECT * FROM withdrawn`,
    [dataset, path],
  );
  // A record may mention one row twice: the first mention stands.
  const once = `SELECT DISTINCT ON (s.relation, s.owner_key, s.target_by, s.target, s.record_id) s.*
                  FROM ${MENTIONS} s
                 ORDER BY s.relation, s.owner_key, s.target_by, s.target, s.record_id, s.authority, s.ordinal`;
  const updated = await client.query<{ ordinal: number; told: boolean }>(
    `UPDATE "references" r
        SET attributes = coalesce(s.attributes, r.attributes), authority = s.authority, modified_at = $3,
            import_id = $4, line = s.line
       FROM (${once}) s
      WHERE r.dataset = $1 AND r.path = $2 AND ${SAME}
        AND (s.attributes IS NOT NULL AND s.attributes IS DISTINCT FROM r.attributes
             OR s.authority <> r.authority OR r.modified_at <> $3)
     RETURNING s.ordinal, old.attributes IS DISTINCT FROM new.attributes AS told`,
    [dataset, path, modifiedAt, importId],
  );
  const insert = `
     INSERT INTO "references" (relation, owner_key, target_by, target, attributes, record_id, authority,
                               dataset, path, modified_at, import_id, line)
     SELECT s.relation, s.owner_key, s.target_by, s.target, s.attributes, s.record_id, s.authority, $1, $2, $3, $4, s.line
       FROM (${once}) s
      WHERE NOT EXISTS (SELECT FROM "references" r WHERE r.dataset = $1 AND r.path = $2 AND ${SAME})
      ORDER BY s.relation, s.owner_key, s.target_by, s.target
     ON CONFLICT DO NOTHING`;
  const told = `
     WITH done AS (${insert} RETURNING relation, owner_key, target_by, target, record_id)
     SELECT s.ordinal FROM done r JOIN (${once}) s ON ${SAME}`;
  const inserted = await client.query<{ ordinal: number }>(onMerged === undefined ? insert : told, [
    dataset,
    path,
    modifiedAt,
    importId,
  ]);
  // A file that was only touched tells nothing new of its links.
  const changed = updated.rows.filter((row) => row.told);
  onMerged?.(
    'updated',
    changed.map(({ ordinal }) => ordinal),
  );
  onMerged?.(
    'inserted',
    inserted.rows.map(({ ordinal }) => ordinal),
  );
  return { inserted: inserted.rowCount ?? 0, updated: changed.length };
}
