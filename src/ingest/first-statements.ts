/**
 * What a row's only file said of it so far is the row itself. It becomes a statement in `origins` as soon as it must be told
 * from another: a second file speaks of the row, or a new version of the file no longer does, or a person deletes the row.
 */
import { identifier } from '../database/copy.ts';
import { DERIVED_AUTHORITY } from './match.ts';
import { MENTION_AUTHORITY } from './mentions.ts';
import { saidIn } from './said.ts';
import type { Speakers } from './speakers.ts';
import { statedParts } from './stated-parts.ts';
import type { Columns } from './table.ts';
import type { MergeTarget } from './target.ts';

/** Rows of one table that one file alone has spoken of. */
export interface SpokenRows {
  /** SQL: the rows as `t`, their record ids as `c.record_id`. */
  readonly from: string;
  /** SQL over `t`: which of them. */
  readonly where?: string;
  /** What the SQL calls $2 and so on. */
  readonly values?: readonly unknown[];
}

/** The table whose rows they are. */
type Spoken = Pick<MergeTarget, 'client' | 'table' | 'types'>;

/**
 * Keeps what the file said that spoke alone: the row, less edits, defaults and what references filled in. It spoke when it was last
 * imported whole, since a version that left the row out would have made it a statement; a batch of records speaks only of what it holds.
 */
export async function keepFirstStatements(
  { client, table, types }: Spoken,
  speakers: Speakers,
  { from, where = 'true', values = [] }: SpokenRows,
): Promise<void> {
  await client.query(
    `INSERT INTO origins (table_name, record_id, dataset, path, authority, modified_at, import_id, line, fields, raw)
     SELECT $1, c.record_id, i.dataset, i.path,
            CASE WHEN i.dataset = ANY (${textArray(Object.keys(speakers.columns))}) THEN i.authority ELSE ${DERIVED_AUTHORITY} END,
            coalesce(latest.file_modified_at, i.file_modified_at, i.started_at), i.import_id, t.origin_line,
            ${fieldsSaid(speakers, types)},
            t.origin_raw
       FROM ${from}
       JOIN imports i ON i.import_id = t.origin_import_id
       LEFT JOIN LATERAL (
            SELECT l.file_modified_at FROM imports l
             WHERE l.dataset = i.dataset AND l.path = i.path AND l.status = 'imported' AND l.started_at >= i.started_at
               AND NOT coalesce(l.notes ? 'batch', false)
             ORDER BY l.started_at DESC, l.id DESC
             LIMIT 1) latest ON true
      WHERE ${where}
        AND NOT EXISTS (SELECT FROM origins o WHERE o.table_name = $1 AND o.record_id = c.record_id)
      ORDER BY c.record_id
     -- An import that runs beside this one may keep the same statement: it waits for ours, or ours for its.
     ON CONFLICT DO NOTHING`,
    [table, ...values],
  );
}

/** SQL: what the file of the import `i` gave of the row `t`: the row's values, or what an edit, a default or a mention replaced. */
function fieldsSaid({ columns, derived, references, parts }: Speakers, types: Columns): string {
  const referred = new Map(references.map(({ column, relation }) => [column, keySaid(column, relation)]));
  const known = (names: readonly string[]): string[] => names.filter((name) => types.has(name));
  const own = byDataset(columns, (names) => saidIn('t', known(names), types, referred), derived);
  const edits = `(t.edited_values - ${textArray([...referred.keys()])})`;
  const before = `CASE WHEN t.edited_values IS NULL THEN '{}' ELSE (
                SELECT coalesce(jsonb_object_agg(e.key, e.value), '{}') FROM jsonb_each(${edits}) e
                 WHERE e.value <> 'null' AND e.key = ANY (${byDataset(columns, textArray, derived)})) END`;
  const unsaid = `CASE WHEN t.edited_values IS NULL AND t.origin_raw IS NULL THEN '{}' ELSE ARRAY(
                SELECT e.key FROM jsonb_each(${edits}) e WHERE e.value = 'null'
                UNION ALL
                SELECT e.key FROM jsonb_each(t.origin_raw) e WHERE e.value = 'null') END`;
  const listed = parts.map(({ part }) => {
    const table = identifier(part.table);
    const own = `${table} p WHERE p.${identifier(part.key[0])} = c.record_id`;
    return `\n|| CASE WHEN ${isAny(table)} THEN ${statedParts(part, own, 'p.origin_import_id', 'p.origin_line')} ELSE '{}' END`;
  });
  return `((${own} || ${before}) - ${unsaid}) ${listed.join('')}`;
}

/** SQL: the key that the file gave; a mention keeps one that waits, and one that applies put in the row's what no file gave. */
function keySaid(column: string, relation: string): string {
  const ofRelation = `"references" r WHERE r.relation = '${relation}'`;
  const mentions = `${ofRelation} AND r.owner_key = c.record_id`;
  const held = `CASE WHEN t.edited_values ? '${column}' THEN nullif(t.edited_values -> '${column}', 'null')
                     ELSE to_jsonb(t.${identifier(column)}) END`;
  return `CASE WHEN ${isAny(ofRelation)} THEN coalesce(
                (SELECT to_jsonb(r.target) FROM ${mentions} AND r.authority < ${MENTION_AUTHORITY.record}
                    AND r.dataset = i.dataset AND r.path = i.path
                  LIMIT 1),
                CASE WHEN NOT EXISTS (SELECT FROM ${mentions} AND r.applied) THEN ${held} END)
              ELSE ${held} END`;
}

/** SQL: asked once, not of every row: where there are none, a look for each row's is a good part of its cost. */
const isAny = (from: string): string => `(SELECT EXISTS (SELECT FROM ${from}))`;

/** SQL: what `of` makes of the columns of the dataset of the import `i`; of those of derived rows where it fills another table. */
function byDataset(
  columns: Speakers['columns'],
  of: (columns: readonly string[]) => string,
  derived: readonly string[],
): string {
  const own = Object.entries(columns).map(([dataset, names]) => `WHEN '${dataset}' THEN ${of(names)}`);
  return own.length === 0 ? of(derived) : `CASE i.dataset ${own.join('\n')} ELSE ${of(derived)} END`;
}

const textArray = (names: readonly string[]): string => `'{${names.join(',')}}'::text[]`;
