/**
 * References find their rows. A mention is kept for ever; each time a row arrives, or a mention, the mentions that this
 * may concern are looked at again, and foreign keys and link rows follow from them. The outcome depends on the mentions
 * and the rows alone, not on the order in which they came.
 */
import type pg from 'pg';
import { identifier } from '../database/copy.ts';
import { openTouched, TOUCHED } from './mentions.ts';
import type { End, Relation } from './relations.ts';
import { settleColumn, settleLinks } from './settle.ts';

/** Rows that came or changed, of one table. */
export interface Arrivals {
  readonly table: string;
  /** A staging table with the key's column, and how a business key is written of its alias `s`. */
  readonly stage: string;
  readonly key: string;
  /** Whether the table has names that mentions may use. */
  readonly named: boolean;
  /** Names, in lower case, that rows had before and lost: two that shared one may be told apart now. */
  readonly formerNames: readonly string[];
}

/**
 * Resolves the mentions of the imports, those that `arrivals` may concern, and those already in {@link TOUCHED}. The
 * caller holds the merge locks of the relations. Returns how many link rows were added, by the import that mentions them.
 */
export async function resolveReferences(
  client: pg.ClientBase,
  relations: readonly Relation[],
  arrivals: readonly Arrivals[],
  importIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const links = new Map<string, number>();
  const concerned = concernedMentions(client, relations, arrivals, importIds);
  const { rows } = await client.query<{ found: boolean; open: boolean }>(
    `SELECT EXISTS (${concerned}) AS found, to_regclass('pg_temp.${TOUCHED}') IS NOT NULL AS open`,
  );
  const [look] = rows;
  if (look === undefined || !(look.found || look.open)) return links;
  await openTouched(client);
  await client.query(
    `INSERT INTO ${TOUCHED} (relation, id, owner_key, before, applied)
     SELECT r.relation, r.id, r.owner_key, r.resolved_key, r.applied
       FROM (${concerned}) c
       JOIN "references" r ON r.id = c.id`,
  );
  const touched = await client.query<{ relation: string; by_name: boolean | null }>(
    `SELECT t.relation, bool_or(r.target_by = 'name') AS by_name
       FROM ${TOUCHED} t
       LEFT JOIN "references" r ON r.id = t.id
      GROUP BY t.relation`,
  );
  const found = new Map(touched.rows.map(({ relation, by_name }) => [relation, by_name === true]));
  for (const relation of relations) {
    const byName = found.get(relation.name);
    if (byName === undefined) continue;
    await find(client, relation, byName);
    if (relation.kind === 'column') await settleColumn(client, relation);
    else
      for (const { importId, count } of await settleLinks(client, relation))
        links.set(importId, (links.get(importId) ?? 0) + count);
  }
  return links;
}

/** Ids of the mentions to look at again, as a query. */
function concernedMentions(
  client: pg.ClientBase,
  relations: readonly Relation[],
  arrivals: readonly Arrivals[],
  importIds: readonly string[],
): string {
  const ids = importIds.map((id) => `${client.escapeLiteral(id)}::uuid`);
  const queries = ids.length === 0 ? [] : [`r.import_id IN (${ids.join(', ')})`];
  const among = (names: readonly string[]): string =>
    `r.relation IN (${names.map((name) => client.escapeLiteral(name)).join(', ')})`;
  for (const { table, stage, key, named, formerNames } of arrivals) {
    const arrived = `(SELECT ${key} FROM ${stage} s)`;
    const owned = relations.filter(({ owner }) => owner.table === table).map(({ name }) => name);
    const aimed = relations.filter(({ target }) => target.table === table);
    if (owned.length > 0) queries.push(`${among(owned)} AND r.resolved_key IS NULL AND r.owner_key IN ${arrived}`);
    const [first] = aimed;
    if (first === undefined) continue;
    const toTable = among(aimed.map(({ name }) => name));
    queries.push(`${toTable} AND r.target_by = 'key' AND r.resolved_key IS NULL AND r.target IN ${arrived}`);
    if (!named) continue;
    queries.push(`${toTable} AND r.target_by = 'name' AND r.resolved_key IN ${arrived}`);
    queries.push(
      `${toTable} AND r.target_by = 'name' AND r.target IN (
         SELECT lower(g.name) FROM ${identifier(table)} g WHERE g.${identifier(first.target.key)} IN ${arrived})`,
    );
    if (formerNames.length > 0)
      queries.push(
        `${toTable} AND r.target_by = 'name'
         AND r.target IN (${formerNames.map((name) => client.escapeLiteral(name)).join(', ')})`,
      );
  }
  return queries.map((condition) => `SELECT r.id FROM "references" r WHERE ${condition}`).join('\nUNION\n');
}

/** Finds the rows that the touched mentions of a relation lead to. */
async function find(client: pg.ClientBase, { name, owner, target }: Relation, byName: boolean): Promise<void> {
  const key = `g.${identifier(target.key)}`;
  await client.query(
    `UPDATE ${TOUCHED} m
        SET after = CASE r.target_by
              WHEN 'key' THEN (SELECT ${key} FROM ${identifier(target.table)} g WHERE ${key} = r.target)
              ${byName ? `ELSE (${onlyNamed(target)})` : ''} END
       FROM "references" r
      WHERE m.relation = $1 AND r.id = m.id
        AND EXISTS (SELECT FROM ${identifier(owner.table)} o WHERE o.${identifier(owner.key)} = r.owner_key)`,
    [name],
  );
  await client.query(
    `UPDATE "references" r
        SET resolved_key = m.after, resolved_at = CASE WHEN m.after IS NOT NULL THEN now() END
       FROM ${TOUCHED} m
      WHERE m.relation = $1 AND r.id = m.id AND r.resolved_key IS DISTINCT FROM m.after`,
    [name],
  );
}

/** A name leads to a row only while one row alone has it: a guess between two would be a wrong row. */
function onlyNamed({ table, key }: End): string {
  return `SELECT min(n.${identifier(key)}) FROM ${identifier(table)} n WHERE lower(n.name) = r.target HAVING count(*) = 1`;
}

/** Names that staged rows are about to lose, in lower case, of those that mentions use. */
export async function namesToLose(
  client: pg.ClientBase,
  relations: readonly Relation[],
  { table, stage, key }: { readonly table: string; readonly stage: string; readonly key: string },
): Promise<string[]> {
  const aimed = relations.filter(({ target }) => target.table === table).map(({ name }) => name);
  if (aimed.length === 0) return [];
  const { rows } = await client.query<{ name: string }>(
    `SELECT DISTINCT lower(t.name) AS name
       FROM ${stage} s
       JOIN ${identifier(table)} t ON t.${identifier(key)} = s.${identifier(key)} AND t.name IS DISTINCT FROM s.name
      WHERE s.name IS NOT NULL
        AND EXISTS (SELECT FROM "references" r
                     WHERE r.relation = ANY ($1) AND r.target_by = 'name' AND r.target = lower(t.name))
      ORDER BY name`,
    [aimed],
  );
  return rows.map(({ name }) => name);
}
