/**
 * What files said of rows that a person deletes, and makes anew. It outlives the rows: a value that one file alone gave comes back
 * when any file speaks of the row again, and what the person typed stays until a file says other than it said before.
 */
import type pg from 'pg';
import { identifier } from '../database/copy.ts';
import type { Query } from '../database/session.ts';
import type { JsonObject } from '../kernel/json.ts';
import { STANDING } from './authority.ts';
import { keepFirstStatements } from './first-statements.ts';
import type { Registry } from './registry.ts';
import { speakersOf } from './speakers.ts';
import { readTable } from './table.ts';
import { recordId } from './target.ts';

/** Keeps what files say of the rows of these keys, which are about to be deleted. The caller holds the locks. */
export async function keepWords(
  client: pg.ClientBase,
  registry: Registry,
  { table, keyColumn }: { readonly table: string; readonly keyColumn: string },
  keys: readonly string[],
): Promise<void> {
  const { columns: types } = await readTable(client, table);
  await keepFirstStatements({ client, table, types }, speakersOf(registry, table, { parts: new Map() }), {
    from: `${identifier(table)} t CROSS JOIN LATERAL (SELECT ${recordId([keyColumn], 't')} AS record_id) c`,
    where: `t.${identifier(keyColumn)} = ANY ($2::text[])`,
    values: [keys],
  });
}

type Described = { readonly table: string; readonly rest?: string | undefined };

/** SQL: what files said of the row of `table` whose key the SQL `key` gives, column by column the best of them; NULL for nothing. */
export function saidOf({ table, rest }: Described, key: string): string {
  const told = `(SELECT o.fields, row_number() OVER (ORDER BY ${STANDING}) AS place
                  FROM origins o WHERE o.table_name = '${table}' AND o.record_id = ${key}) o`;
  const best = (fields: string, where = 'true'): string => `
         SELECT DISTINCT ON (e.key) e.key, e.value FROM ${told}, jsonb_each(${fields}) e WHERE ${where} ORDER BY e.key, o.place`;
  const entries =
    rest === undefined
      ? ''
      : `UNION ALL
         SELECT '${rest}', jsonb_object_agg(r.key, r.value) FROM (${best(`o.fields -> '${rest}'`)}) r HAVING count(*) > 0`;
  const columns = best(rest === undefined ? 'o.fields' : `o.fields - '${rest}'`, "e.key NOT LIKE '#%'");
  return `(SELECT jsonb_object_agg(s.key, s.value) FROM ((${columns}) ${entries}) s)`;
}

/**
 * The records of new rows of the dataset's table, and with each in `edited_values` what files said of the columns that it gives, as
 * of a row that is edited: also where it gives the same, or an edit of it would end with the next file. Records of which no file
 * ever spoke are as they were.
 */
export async function withWords(
  query: Query,
  dataset: Described,
  keyColumn: string,
  records: readonly JsonObject[],
): Promise<readonly JsonObject[]> {
  const rows = await query<{ key: string; said: JsonObject }>(
    `words of files about ${dataset.table}`,
    `SELECT g.key, w.said
       FROM (SELECT v.value ->> '${keyColumn}' AS key, v.value FROM jsonb_array_elements($1::jsonb) AS v(value)) g
      CROSS JOIN LATERAL (
            SELECT jsonb_object_agg(e.key, e.value) AS said FROM jsonb_each(${saidOf(dataset, 'g.key')}) e
             WHERE g.value ? e.key AND e.key <> '${keyColumn}') w
      WHERE w.said IS NOT NULL`,
    [JSON.stringify(records)],
  );
  if (rows.length === 0) return records;
  const said = new Map(rows.map((row) => [row.key, row.said]));
  return records.map((record) => {
    const edited = said.get(String(record[keyColumn]));
    return edited === undefined ? record : { ...record, edited_values: edited };
  });
}
