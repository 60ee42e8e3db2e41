/**
 * Edits by hand, any number of rows at once. What the file said is kept beside the edit, so that the edit stays until the
 * file says something else; what is deleted is remembered, so that no file brings it back.
 */
import { identifier } from '../database/copy.ts';
import type { Query } from '../database/session.ts';
import type { JsonObject } from '../kernel/json.ts';

/** Rows of one table, by one key column. */
export interface EditedTable {
  readonly table: string;
  readonly keyColumn: string;
}

/** A row as it stands while it is locked. */
export interface LockedRow {
  readonly version: number;
  /** Its number in its table: a row that is made anew under the same key has another, and begins at version 1 again. */
  readonly id: string;
}

/** Locks the rows of these keys against other edits, always in the order of their keys, and says at which version each is. */
export async function lockRows(
  query: Query,
  { table, keyColumn }: EditedTable,
  keys: readonly string[],
): Promise<Map<string, LockedRow>> {
  const rows = await query<{ key: string; version: number; id: string }>(
    `rows of ${table} locked`,
    `SELECT t.${keyColumn} AS key, t.version, t.id::text AS id FROM ${table} t WHERE t.${keyColumn} = ANY($1::text[]) ORDER BY t.${keyColumn} FOR NO KEY UPDATE`,
    [keys],
  );
  return new Map(rows.map(({ key, version, id }) => [key, { version, id }]));
}

/** The same for many keys, or for each key its own. */
type Values =
  | { readonly keys: readonly string[]; readonly values: JsonObject }
  | { readonly records: readonly JsonObject[] };

/**
 * SQL: the `edited_values` of a row `t` whose columns are edited: of each that changes what the file last said; an entry that stands
 * already is older and stays. Of a row that a person made that is what files had said of it before, where `said` is SQL that tells it.
 * `pairs`: the columns' names, and their values before and after.
 */
export function wordsKept(pairs: readonly string[], said = 'NULL::jsonb'): string {
  const changed = `(VALUES ${pairs.join(', ')}) AS c(name, before, after)`;
  return `CASE WHEN t.origin_import_id IS NULL THEN nullif(coalesce((
              SELECT jsonb_object_agg(c.name, w.said -> c.name) FROM ${changed}, (SELECT ${said} AS said) w
               WHERE c.before IS DISTINCT FROM c.after AND w.said ? c.name
            ), '{}') || coalesce(t.edited_values, '{}'), '{}') ELSE (
              SELECT jsonb_object_agg(c.name, c.before) FROM ${changed}
               WHERE c.before IS DISTINCT FROM c.after
            ) || coalesce(t.edited_values, '{}') END`;
}

/**
 * Sets columns of rows: to the same `values` for all `keys`, or to each record's own, which names its key among them.
 * A column that a record does not have is kept. `said`, SQL over the row `t`: see {@link wordsKept}. A row that has the values
 * already is not written. Returns the keys of the rows that were.
 */
export async function editRows(
  query: Query,
  { table, keyColumn }: EditedTable,
  given: Values,
  said?: string,
): Promise<string[]> {
  const same = 'keys' in given;
  const columns = columnsOf(same ? [given.values] : given.records).filter((column) => column !== keyColumn);
  if (columns.length === 0) return [];
  const each = same
    ? `SELECT k.key, v.value FROM unnest($2::text[]) AS k(key), (SELECT $1::jsonb) AS v(value)`
    : `SELECT v.value ->> '${keyColumn}' AS key, v.value FROM jsonb_array_elements($1::jsonb) AS v(value)`;
  const parts = columns.map((column) => {
    const name = identifier(column);
    return { column, name, to: `CASE WHEN s.value ? '${column}' THEN s.${name} ELSE t.${name} END` };
  });
  const pairs = parts.map(({ column, name, to }) => `('${column}', to_jsonb(t.${name}), to_jsonb(${to}))`);
  const rows = await query<{ key: string }>(
    `edit of ${table}`,
    `UPDATE ${table} t
        SET ${parts.map(({ name, to }) => `${name} = ${to}`).join(', ')},
            edited_values = ${wordsKept(pairs, said)}
       FROM (SELECT e.key, e.value, ${parts.map(({ name }) => `p.${name}`).join(', ')}
               FROM (${each}) e, jsonb_populate_record(NULL::${table}, e.value) p) s
      WHERE t.${keyColumn} = s.key
        AND (${parts.map(({ column, name }) => `s.value ? '${column}' AND t.${name} IS DISTINCT FROM s.${name}`).join(' OR ')})
     RETURNING t.${keyColumn} AS key`,
    same ? [JSON.stringify(given.values), given.keys] : [JSON.stringify(given.records)],
  );
  return rows.map(({ key }) => key);
}

/** What stands in new rows beside what is given of them. */
export interface Completed {
  /** SQL over `v.value`, the given record: the whole one. */
  readonly record: string;
  /** Columns that it may add. */
  readonly columns: readonly string[];
}

/**
 * Inserts records as rows; the table's defaults (`defaults`: SQL by column) stand for what a record leaves out. Whoever
 * makes by hand what was deleted by hand wants it back, from files too: its tombstone goes. Returns the keys of the rows that have
 * an origin.
 */
export async function insertRows(
  query: Query,
  { table, keyColumn }: EditedTable,
  records: readonly JsonObject[],
  defaults: ReadonlyMap<string, string>,
  completed: Completed = { record: 'v.value', columns: [] },
): Promise<string[]> {
  if (records.length === 0) return [];
  const columns = [...new Set([...columnsOf(records), ...completed.columns])].sort();
  const values = columns.map((column) => {
    const fallback = defaults.get(column);
    return fallback === undefined ? `p.${identifier(column)}` : `coalesce(p.${identifier(column)}, ${fallback})`;
  });
  const rows = await query<{ key: string; spoken: boolean }>(
    `insertion into ${table}`,
    `INSERT INTO ${table} (${columns.map(identifier).join(', ')})
     SELECT ${values.join(', ')}
       FROM jsonb_array_elements($1::jsonb) AS v(value)
      CROSS JOIN LATERAL jsonb_populate_record(NULL::${table}, ${completed.record}) p
      ORDER BY p.${keyColumn}
     RETURNING ${keyColumn} AS key, origin_import_id IS NOT NULL AS spoken`,
    [JSON.stringify(records)],
  );
  await query('tombstones lifted', 'DELETE FROM tombstones WHERE table_name = $1 AND record_id = ANY($2)', [
    table,
    records.map((record) => record[keyColumn]),
  ]);
  return rows.filter(({ spoken }) => spoken).map(({ key }) => key);
}

/** Deletes rows and remembers that a person did. Returns the keys of those that there were. */
export async function deleteRows(
  query: Query,
  actor: string,
  { table, keyColumn }: EditedTable,
  keys: readonly string[],
): Promise<string[]> {
  const rows = await query<{ record_id: string }>(
    `deletion from ${table}`,
    `WITH gone AS (DELETE FROM ${table} t WHERE t.${keyColumn} = ANY($1::text[]) RETURNING t.${keyColumn} AS key)
     INSERT INTO tombstones (table_name, record_id, deleted_by)
     SELECT $2, gone.key, $3 FROM gone ORDER BY gone.key
     ON CONFLICT (table_name, record_id) DO UPDATE SET deleted_by = excluded.deleted_by, deleted_at = now()
     RETURNING record_id`,
    [keys, table, actor],
  );
  return rows.map(({ record_id }) => record_id);
}

/** The columns that any of the records gives, in one order, so that equal questions are equal SQL. */
function columnsOf(records: readonly JsonObject[]): string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record)))].sort();
}
