/** What follows from resolved mentions: foreign keys and link rows. */
import type pg from 'pg';
import { identifier } from '../database/copy.ts';
import { MENTION_AUTHORITY, TOUCHED } from './mentions.ts';
import type { ColumnRelation, LinkRelation } from './relations.ts';

/** Of the mentions of one owner the one that stands. */
const BEST = 'r.authority, r.modified_at DESC, r.path, r.dataset, r.record_id, r.resolved_key';

/**
 * The foreign key of each owner concerned becomes the best mention's row. A key that the row's own file gave directly has
 * no applied mention and stays; so does one that a person set.
 */
export async function settleColumn(client: pg.ClientBase, relation: ColumnRelation): Promise<void> {
  const table = identifier(relation.owner.table);
  const key = identifier(relation.owner.key);
  const column = identifier(relation.column);
  await client.query(
    `WITH owners AS (
       SELECT owner_key, bool_or(applied) AS applied FROM ${TOUCHED} WHERE relation = $1 GROUP BY owner_key
     ), wanted AS (
       SELECT o.owner_key, best.id, best.resolved_key,
              o.applied OR EXISTS (
                SELECT FROM "references" r WHERE r.relation = $1 AND r.owner_key = o.owner_key
                   AND (r.applied OR r.authority < ${MENTION_AUTHORITY.record})) AS owned
         FROM owners o
         LEFT JOIN LATERAL (
              SELECT r.id, r.resolved_key FROM "references" r
               WHERE r.relation = $1 AND r.owner_key = o.owner_key AND r.resolved_key IS NOT NULL
               ORDER BY ${BEST}
               LIMIT 1) best ON true
     ), settled AS (
       UPDATE ${table} t
          SET ${column} = w.resolved_key
         FROM wanted w
        WHERE t.${key} = w.owner_key
          AND t.${column} IS DISTINCT FROM w.resolved_key
          AND (t.${column} IS NULL OR w.owned)
          AND NOT coalesce(t.edited_values ? '${relation.column}', false)
       RETURNING t.${key} AS owner_key
     )
     UPDATE "references" r
        SET applied = (r.id IS NOT DISTINCT FROM w.id)
       FROM wanted w
      WHERE r.relation = $1 AND r.owner_key = w.owner_key
        AND (w.owned OR w.owner_key IN (SELECT owner_key FROM settled))
        AND r.applied <> (r.id IS NOT DISTINCT FROM w.id)`,
    [relation.name],
  );
}

/**
 * Each pair that a mention leads to is a link row; a link row that came from mentions and has none left goes. One that a
 * person deleted stays deleted. Returns how many rows were added, by the import that mentions them.
 */
export async function settleLinks(
  client: pg.ClientBase,
  relation: LinkRelation,
): Promise<readonly { readonly importId: string; readonly count: number }[]> {
  const table = identifier(relation.name);
  const [owner, target] = relation.columns.map(identifier);
  const attributes = relation.attributes.map(identifier);
  const names = `'${relation.columns[0]}', w.owner_key, '${relation.columns[1]}'`;
  const wanted = `
    SELECT DISTINCT ON (r.owner_key, r.resolved_key) r.owner_key, r.resolved_key, r.import_id, r.line, r.attributes
      FROM "references" r
     WHERE r.relation = $1 AND r.resolved_key IS NOT NULL
       AND (r.owner_key, r.resolved_key) IN (SELECT owner_key, after FROM ${TOUCHED} WHERE relation = $1)
     ORDER BY r.owner_key, r.resolved_key, (r.attributes IS NULL), ${BEST}`;
  await client.query(
    `DELETE FROM ${table} t
      USING ${TOUCHED} m
      WHERE m.relation = $1 AND t.${owner} = m.owner_key AND t.${target} = m.before
        AND m.before IS DISTINCT FROM m.after
        AND t.origin_import_id IS NOT NULL
        AND NOT EXISTS (SELECT FROM "references" r
                         WHERE r.relation = $1 AND r.owner_key = t.${owner} AND r.resolved_key = t.${target})`,
    [relation.name],
  );
  if (relation.attributes.length > 0) {
    const said = relation.attributes.map((column) => linkValue(column));
    await client.query(
      `UPDATE ${table} t
          SET ${said.map(({ name, value }) => `${name} = ${value}`).join(', ')},
              origin_import_id = w.import_id, origin_line = w.line,
              edited_values = nullif(t.edited_values - array_remove(ARRAY[${said.map(({ ended }) => ended).join(', ')}]::text[], NULL), '{}')
         FROM (${wanted}) w
        CROSS JOIN LATERAL jsonb_populate_record(NULL::${table}, w.attributes) p
        WHERE t.${owner} = w.owner_key AND t.${target} = w.resolved_key AND t.origin_import_id IS NOT NULL
          AND (${said.map(({ differs }) => differs).join(' OR ')})`,
      [relation.name],
    );
  }
  const { rows } = await client.query<{ importId: string; count: number }>(
    `WITH added AS (
     INSERT INTO ${table} (${[owner, target, ...attributes].join(', ')}, origin_import_id, origin_line)
     SELECT w.owner_key, w.resolved_key ${attributes.map((column) => `, p.${column}`).join('')}, w.import_id, w.line
       FROM (${wanted}) w
       ${attributes.length === 0 ? '' : `CROSS JOIN LATERAL jsonb_populate_record(NULL::${table}, coalesce(w.attributes, '{}')) p`}
      WHERE NOT EXISTS (SELECT FROM ${table} t WHERE t.${owner} = w.owner_key AND t.${target} = w.resolved_key)
        AND NOT EXISTS (SELECT FROM tombstones b WHERE b.table_name = $1
                           AND b.record_id = json_build_object(${names}, w.resolved_key)::text)
      ORDER BY w.owner_key, w.resolved_key
     ON CONFLICT (${owner}, ${target}) DO NOTHING
     RETURNING origin_import_id
     ) SELECT origin_import_id AS "importId", count(*)::integer AS count FROM added GROUP BY origin_import_id`,
    [relation.name],
  );
  return rows;
}

/** What a link says of one column: a value that a person edited stays until a file brings another than it brought before. */
function linkValue(column: string) {
  const name = identifier(column);
  const kept = `coalesce(t.edited_values -> '${column}' = to_jsonb(p.${name}), false)`;
  return {
    name,
    value: `CASE WHEN p.${name} IS NULL OR ${kept} THEN t.${name} ELSE p.${name} END`,
    ended: `CASE WHEN p.${name} IS NOT NULL AND t.edited_values ? '${column}' AND NOT ${kept} THEN '${column}' END`,
    differs: `p.${name} IS NOT NULL AND NOT ${kept} AND (p.${name} IS DISTINCT FROM t.${name} OR t.edited_values ? '${column}')`,
  };
}
