/** Links made and undone by hand. A link that a person undid stays undone: files that mention it do not bring it back. */
import { identifier } from '../database/copy.ts';
import type { Query } from '../database/session.ts';
import type { JsonObject } from '../kernel/json.ts';

export interface EditedLink {
  /** A table of links. */
  readonly table: string;
  /** The two columns of its key. */
  readonly columns: readonly [string, string];
  readonly keys: readonly [string, string];
}

/**
 * Makes the link, or gives the one that there is these values; absent ones are kept. Of a link that a file brought,
 * `edited_values` keeps what the file said of each value that changes. Returns whether anything was written.
 */
export async function makeLink(
  query: Query,
  { table, columns, keys }: EditedLink,
  values: JsonObject,
): Promise<boolean> {
  const [own, other] = columns.map(identifier);
  const given = Object.keys(values).sort();
  const names = given.map(identifier);
  const pairs = given.map((column, at) => `('${column}', to_jsonb(t.${names[at]}), to_jsonb(excluded.${names[at]}))`);
  const onConflict =
    given.length === 0
      ? 'DO NOTHING'
      : `DO UPDATE SET ${names.map((name) => `${name} = excluded.${name}`).join(', ')},
            edited_values = CASE WHEN t.origin_import_id IS NULL THEN t.edited_values ELSE (
              SELECT jsonb_object_agg(c.name, c.before) FROM (VALUES ${pairs.join(', ')}) AS c(name, before, after)
               WHERE c.before IS DISTINCT FROM c.after
            ) || coalesce(t.edited_values, '{}') END
          WHERE ${names.map((name) => `t.${name} IS DISTINCT FROM excluded.${name}`).join(' OR ')}`;
  const rows = await query(
    `link of ${table}`,
    `INSERT INTO ${table} AS t (${[own, other, ...names].join(', ')})
     SELECT $1, $2${names.map((name) => `, p.${name}`).join('')} FROM jsonb_populate_record(NULL::${table}, $3::jsonb) p
     ON CONFLICT (${own}, ${other}) ${onConflict}
     RETURNING t.${own}`,
    [...keys, JSON.stringify(values)],
  );
  await query('tombstone of a link lifted', `DELETE FROM tombstones WHERE table_name = $1 AND record_id = ${LINK_ID}`, [
    table,
    ...flat(columns, keys),
  ]);
  return rows.length > 0;
}

/** Undoes the link and remembers that a person did. Returns whether there was one. */
export async function undoLink(query: Query, actor: string, { table, columns, keys }: EditedLink): Promise<boolean> {
  const [own, other] = columns.map(identifier);
  const gone = await query(
    `link of ${table} undone`,
    `DELETE FROM ${table} WHERE ${own} = $1 AND ${other} = $2 RETURNING 1`,
    keys,
  );
  if (gone.length === 0) return false;
  await query(
    'tombstone of a link',
    `INSERT INTO tombstones (table_name, record_id, deleted_by) VALUES ($1, ${LINK_ID}, $6)
     ON CONFLICT (table_name, record_id) DO UPDATE SET deleted_by = excluded.deleted_by, deleted_at = now()`,
    [table, ...flat(columns, keys), actor],
  );
  return true;
}

/** A composite key as the change log and the imports write it, of $2 to $5. */
const LINK_ID = 'json_build_object($2::text, $3::text, $4::text, $5::text)::text';

const flat = ([own, other]: readonly [string, string], [ownKey, otherKey]: readonly [string, string]): string[] => [
  own,
  ownKey,
  other,
  otherKey,
];
