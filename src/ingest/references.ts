/**
 * References find their rows. A mention is kept for ever; each time a row arrives, or a mention, the mentions that this
 * may concern are looked at again, and foreign keys and link rows follow from them. The outcome depends on the mentions
 * and the rows alone, not on the order in which they came.
 */
import type pg from 'pg';
import { identifier } from '../database/copy.ts';
import type { ColumnRelation, End, LinkRelation, Relation } from './relations.ts';

export interface Arrivals {
  readonly table: string;
  /** A table or subquery with the column `key`: the business keys of rows that came or changed. */
  readonly keys: string;
}

/**
 * Resolves what `arrivals` may concern, and the mentions of import `importId`. The caller holds the merge locks of the
 * relations. Returns how many link rows that this import's own records mention were added.
 */
export async function resolveReferences(
  client: pg.ClientBase,
  relations: readonly Relation[],
  arrivals: Arrivals | undefined,
  importId: string | null,
  withdrawn: boolean,
): Promise<number> {
  let links = 0;
  for (const relation of relations) {
    if (!(await collect(client, relation, arrivals, importId, withdrawn))) continue;
    if (relation.kind === 'link') links += await settleLinks(client, relation, importId);
    else await settleColumn(client, relation);
  }
  return links;
}

/** Gathers the mentions concerned, finds their rows, and leaves owners and old and new targets in `touched_mentions`. */
async function collect(
  client: pg.ClientBase,
  relation: Relation,
  arrivals: Arrivals | undefined,
  importId: string | null,
  withdrawn: boolean,
): Promise<boolean> {
  const { owner, target } = relation;
  const concerned: string[] = [];
  if (importId !== null) concerned.push(`r.import_id = ${client.escapeLiteral(importId)}::uuid`);
  if (arrivals?.table === owner.table)
    concerned.push(`r.resolved_key IS NULL AND r.owner_key IN (SELECT key FROM ${arrivals.keys})`);
  if (arrivals?.table === target.table) {
    concerned.push(`r.target_by = 'key' AND r.resolved_key IS NULL AND r.target IN (SELECT key FROM ${arrivals.keys})`);
    concerned.push(`r.resolved_key IN (SELECT key FROM ${arrivals.keys})`);
    concerned.push(
      `r.target_by = 'name' AND r.target IN (
         SELECT lower(g.name) FROM ${identifier(target.table)} g WHERE g.${identifier(target.key)} IN (SELECT key FROM ${arrivals.keys}))`,
    );
  }
  const named = await hasName(client, target);
  await client.query('DROP TABLE IF EXISTS touched_mentions');
  const found = await client.query(
    `CREATE TEMPORARY TABLE touched_mentions ON COMMIT DROP AS
     WITH concerned AS (
       ${
         concerned
           .filter((condition) => named || !condition.includes("'name'"))
           .map((condition) => `SELECT r.id FROM "references" r WHERE r.relation = '${relation.name}' AND ${condition}`)
           .join(' UNION ') || 'SELECT NULL::bigint AS id WHERE false'
       }
     )
     SELECT r.id, r.owner_key, r.resolved_key AS before, r.applied,
            CASE WHEN o.${identifier(owner.key)} IS NULL THEN NULL
                 WHEN r.target_by = 'key' THEN g.${identifier(target.key)}
                 ${named ? `ELSE (${onlyNamed(target)})` : ''} END AS after
       FROM concerned c
       JOIN "references" r ON r.id = c.id
       LEFT JOIN ${identifier(owner.table)} o ON o.${identifier(owner.key)} = r.owner_key
       LEFT JOIN ${identifier(target.table)} g ON r.target_by = 'key' AND g.${identifier(target.key)} = r.target`,
  );
  if (withdrawn) {
    await client.query(
      `INSERT INTO touched_mentions (owner_key, before, applied)
       SELECT owner_key, resolved_key, applied FROM withdrawn_mentions WHERE relation = $1`,
      [relation.name],
    );
  }
  await client.query(
    `UPDATE "references" r
        SET resolved_key = m.after, resolved_at = CASE WHEN m.after IS NOT NULL THEN now() END
       FROM touched_mentions m
      WHERE r.id = m.id AND r.resolved_key IS DISTINCT FROM m.after`,
  );
  return (found.rowCount ?? 0) > 0 || withdrawn;
}

/** A name leads to a row only while one row alone has it: a guess between two would be a wrong row. */
function onlyNamed({ table, key }: End): string {
  return `SELECT min(n.${identifier(key)}) FROM ${identifier(table)} n WHERE lower(n.name) = r.target HAVING count(*) = 1`;
}

async function hasName(client: pg.ClientBase, { table }: End): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    `SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass($1) AND attname = 'name') AS found`,
    [`public.${table}`],
  );
  return rows[0]?.found === true;
}

/** Of the mentions of one owner the one that stands. */
const BEST = 'r.authority, r.modified_at DESC, r.path, r.dataset, r.record_id, r.resolved_key';

/**
 * The foreign key of each owner concerned becomes the best mention's row. A key that the row's own file gave directly has
 * no applied mention and stays; so does one that a person set.
 */
async function settleColumn(client: pg.ClientBase, relation: ColumnRelation): Promise<void> {
  const table = identifier(relation.owner.table);
  const key = identifier(relation.owner.key);
  const column = identifier(relation.column);
  await client.query(
    `WITH owners AS (
       SELECT owner_key, bool_or(applied) AS applied FROM touched_mentions GROUP BY owner_key
     ), wanted AS (
       SELECT o.owner_key, best.id, best.resolved_key,
              o.applied OR EXISTS (
                SELECT FROM "references" r WHERE r.relation = $1 AND r.owner_key = o.owner_key
                   AND (r.applied OR r.authority < 100)) AS owned
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

/** Each pair that a mention leads to is a link row; a link row that came from mentions and has none left goes. */
async function settleLinks(client: pg.ClientBase, relation: LinkRelation, importId: string | null): Promise<number> {
  const table = identifier(relation.name);
  const [owner, target] = relation.columns.map(identifier);
  const attributes = relation.attributes.map(identifier);
  const wanted = `
    SELECT DISTINCT ON (r.owner_key, r.resolved_key) r.owner_key, r.resolved_key, r.import_id, r.line, r.attributes
      FROM "references" r
     WHERE r.relation = $1 AND r.resolved_key IS NOT NULL
       AND (r.owner_key, r.resolved_key) IN (SELECT owner_key, after FROM touched_mentions)
     ORDER BY r.owner_key, r.resolved_key, (r.attributes IS NULL), ${BEST}`;
  await client.query(
    `DELETE FROM ${table} t
      USING touched_mentions m
      WHERE t.${owner} = m.owner_key AND t.${target} = m.before
        AND m.before IS DISTINCT FROM m.after
        AND t.origin_import_id IS NOT NULL
        AND NOT EXISTS (SELECT FROM "references" r
                         WHERE r.relation = $1 AND r.owner_key = t.${owner} AND r.resolved_key = t.${target})`,
    [relation.name],
  );
  if (attributes.length > 0) {
    await client.query(
      `UPDATE ${table} t
          SET ${attributes.map((column) => `${column} = coalesce(p.${column}, t.${column})`).join(', ')},
              origin_import_id = w.import_id, origin_line = w.line
         FROM (${wanted}) w
        CROSS JOIN LATERAL jsonb_populate_record(NULL::${table}, w.attributes) p
        WHERE t.${owner} = w.owner_key AND t.${target} = w.resolved_key AND t.origin_import_id IS NOT NULL
          AND (${attributes.map((column) => `p.${column} IS NOT NULL AND p.${column} IS DISTINCT FROM t.${column}`).join(' OR ')})`,
      [relation.name],
    );
  }
  const added = await client.query<{ own: boolean }>(
    `INSERT INTO ${table} (${[owner, target, ...attributes].join(', ')}, origin_import_id, origin_line)
     SELECT w.owner_key, w.resolved_key ${attributes.map((column) => `, p.${column}`).join('')}, w.import_id, w.line
       FROM (${wanted}) w
       ${attributes.length === 0 ? '' : `CROSS JOIN LATERAL jsonb_populate_record(NULL::${table}, coalesce(w.attributes, '{}')) p`}
      WHERE NOT EXISTS (SELECT FROM ${table} t WHERE t.${owner} = w.owner_key AND t.${target} = w.resolved_key)
      ORDER BY w.owner_key, w.resolved_key
     ON CONFLICT (${owner}, ${target}) DO NOTHING
     RETURNING origin_import_id IS NOT DISTINCT FROM $2::uuid AS own`,
    [relation.name, importId],
  );
  return added.rows.filter(({ own }) => own).length;
}
