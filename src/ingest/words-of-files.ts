/**
 * What files said of rows that a person deletes, and makes anew. It outlives the rows: a value that one file alone gave comes back
 * when any file speaks of the row again, and what the person typed stays until a file says other than it said before.
 */
import type pg from 'pg';
import { identifier } from '../database/copy.ts';
import type { Completed } from '../history/edit.ts';
import { ORIGIN_COLUMNS } from '../history/origin.read.ts';
import { STANDING } from './authority.ts';
import { keepFirstStatements } from './first-statements.ts';
import { mentionSaidKeys } from './foreign-keys.ts';
import { DERIVED_AUTHORITY } from './match.ts';
import type { Registry } from './registry.ts';
import { columnRelations } from './relations.ts';
import { speakersOf } from './speakers.ts';
import { bringParts } from './stated-parts.ts';
import { type Columns, readTable } from './table.ts';
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

/** SQL: the statements of the row of `table` whose key the SQL `key` gives, as `o`, with their `place`: 1 stands before all others. */
const statementsOf = (table: string, key: string): string => `
         (SELECT o.*, row_number() OVER (ORDER BY ${STANDING}) AS place
            FROM origins o WHERE o.table_name = '${table}' AND o.record_id = ${key}) o`;

/** SQL: what files said of the row of `table` whose key the SQL `key` gives, column by column the best of them; NULL for nothing. */
export function saidOf({ table, rest }: Described, key: string): string {
  const best = (fields: string, where = 'true'): string => `
         SELECT DISTINCT ON (e.key) e.key, e.value FROM ${statementsOf(table, key)}, jsonb_each(${fields}) e WHERE ${where} ORDER BY e.key, o.place`;
  const entries =
    rest === undefined
      ? ''
      : `UNION ALL
         SELECT '${rest}', jsonb_object_agg(r.key, r.value) FROM (${best(`o.fields -> '${rest}'`)}) r HAVING count(*) > 0`;
  const columns = best(rest === undefined ? 'o.fields' : `o.fields - '${rest}'`, COLUMN);
  return `(SELECT jsonb_object_agg(s.key, s.value) FROM ((${columns}) ${entries}) s)`;
}

/** SQL: the entry `e` of a statement is a column's, not that of parts. */
const COLUMN = "e.key NOT LIKE '#%'";

/**
 * A new row of which files spoke is as if they had brought it, and a person had edited it: what is not given of it they say, and
 * beside what is given stands in `edited_values` what they said, also where that is the same, or an edit of it would end with the
 * next file. A row that records of other tables merely brought along is as it is typed. Foreign keys are left to their mentions.
 */
export function withWords(registry: Registry, dataset: Described, keyColumn: string, types: Columns): Completed {
  const { table, rest } = dataset;
  const { columns, references } = speakersOf(registry, table, { parts: new Map() });
  const said = [...new Set(Object.values(columns).flat())].filter(
    (column) => column !== keyColumn && types.has(column),
  );
  const foreign = `'{${references.map(({ column }) => column).join(',')}}'::text[]`;
  const key = `(v.value ->> '${keyColumn}')`;
  const nothing = rest === undefined ? "'null'" : `CASE e.key WHEN '${rest}' THEN '{}' ELSE 'null' END::jsonb`;
  const typed = (value: string, where: string): string =>
    `'edited_values', (SELECT jsonb_object_agg(e.key, ${value}) FROM jsonb_each(v.value) e WHERE e.key <> '${keyColumn}' AND (${where}))`;
  const raw = `(SELECT jsonb_object_agg(r.key, r.raw)
               FROM (SELECT DISTINCT ON (e.key) e.key, o.raw -> e.key AS raw
                       FROM ${statementsOf(table, key)}, jsonb_each(o.fields) e WHERE ${COLUMN} ORDER BY e.key, o.place) r
              WHERE r.raw <> 'null')`;
  return {
    columns: [...said, ...ORIGIN_COLUMNS, 'edited_values'],
    record: `
     (SELECT CASE WHEN w.said IS NULL THEN v.value
             WHEN b.import_id IS NULL THEN v.value || jsonb_build_object(${typed('w.said -> e.key', 'w.said ? e.key')})
             ELSE w.said - ${foreign} || v.value || jsonb_build_object(
               'origin_import_id', b.import_id, 'origin_line', b.line, 'origin_raw', ${raw},
               ${typed(`coalesce(w.said -> e.key, ${nothing})`, `w.said ? e.key OR e.value <> 'null' OR e.key = ANY (${foreign})`)}) END
        FROM (SELECT ${saidOf(dataset, key)} AS said) w
        LEFT JOIN ${statementsOf(table, key)} ON o.place = 1
        LEFT JOIN LATERAL (SELECT o.import_id, o.line WHERE o.authority < ${DERIVED_AUTHORITY}) b ON true)`,
  };
}

/** What files said beyond the columns of rows that were just made: their foreign keys become mentions that wait, and their parts stand. */
export async function bringBack(
  client: pg.ClientBase,
  registry: Registry,
  table: string,
  keys: readonly string[],
): Promise<void> {
  if (keys.length === 0) return;
  const records = '(SELECT unnest($3::text[]) AS record_id)';
  for (const relation of columnRelations(registry.relations, table))
    await mentionSaidKeys({ client, table }, relation, records, [keys]);
  for (const { part } of speakersOf(registry, table, undefined).parts)
    await bringParts({ client, table }, part, STANDING, keys);
}
