/**
 * What a row's only file said of it so far is the row itself. It becomes a statement in `origins` as soon as it must be told
 * from another: a second file speaks of the row, or a new version of the file no longer does.
 */
import type pg from 'pg';
import { identifier } from '../database/copy.ts';
import { DERIVED_AUTHORITY } from './match.ts';
import { MENTION_AUTHORITY } from './mentions.ts';
import type { Speakers } from './speakers.ts';
import { statedParts } from './stated-parts.ts';

/** Rows of one table that one file alone has spoken of. */
export interface SpokenRows {
  /** SQL: the rows as `t`, their record ids as `c.record_id`. */
  readonly from: string;
  /** SQL over `t`: which of them. */
  readonly where?: string;
  /** What the SQL calls $4 and so on. */
  readonly values?: readonly unknown[];
}

/**
 * Keeps what the file said that spoke alone: the row, less edits, defaults and what references filled in. It spoke when it was last
 * imported whole, since a version that left the row out would have made it a statement; a batch of records speaks only of what it holds.
 */
export async function keepFirstStatements(
  client: pg.ClientBase,
  table: string,
  speakers: Speakers,
  { from, where = 'true', values = [] }: SpokenRows,
): Promise<void> {
  const referenced = speakers.references.map(
    ({ column, relation }) => `
           || jsonb_build_object('${column}', coalesce(
                (SELECT to_jsonb(r.target) FROM "references" r
                  WHERE r.relation = '${relation}' AND r.owner_key = c.record_id AND r.authority < ${MENTION_AUTHORITY.record}
                    AND r.dataset = i.dataset AND r.path = i.path
                  LIMIT 1),
                CASE WHEN EXISTS (SELECT FROM "references" r
                  WHERE r.relation = '${relation}' AND r.owner_key = c.record_id AND r.applied) THEN NULL
                  WHEN t.edited_values ? '${column}' THEN t.edited_values -> '${column}'
                  ELSE to_jsonb(t.${identifier(column)}) END,
                'null'))`,
  );
  const parts = speakers.parts.map(
    ({ part }) =>
      `\n|| ${statedParts(part, `${identifier(part.table)} p WHERE p.${identifier(part.key[0])} = c.record_id`, 'p.origin_import_id', 'p.origin_line')}`,
  );
  await client.query(
    `INSERT INTO origins (table_name, record_id, dataset, path, authority, modified_at, import_id, line, fields, raw)
     SELECT $1, c.record_id, i.dataset, i.path,
            CASE WHEN $2::jsonb ? i.dataset THEN i.authority ELSE ${DERIVED_AUTHORITY} END,
            coalesce(latest.file_modified_at, i.file_modified_at, i.started_at), i.import_id, t.origin_line,
            (SELECT coalesce(jsonb_object_agg(e.key, e.value), '{}')
               FROM jsonb_each(to_jsonb(t) || coalesce(t.edited_values, '{}') ${referenced.join('')}) e
              WHERE e.value <> 'null'
                AND coalesce($2::jsonb -> i.dataset, $3::jsonb) ? e.key
                AND coalesce(t.origin_raw -> e.key, 'true') <> 'null') ${parts.join('')},
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
    [table, JSON.stringify(speakers.columns), JSON.stringify(speakers.derived), ...values],
  );
}
