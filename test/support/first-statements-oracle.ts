/** What a row's only file said of it, told the long way: every entry of the row as JSON is looked at, one by one. */
import type pg from 'pg';
import { identifier } from '../../src/database/copy.ts';
import { DERIVED_AUTHORITY } from '../../src/ingest/match.ts';
import { MENTION_AUTHORITY } from '../../src/ingest/mentions.ts';
import type { Speakers } from '../../src/ingest/speakers.ts';
import { statedParts } from '../../src/ingest/stated-parts.ts';
import { recordId } from '../../src/ingest/target.ts';

/** The statements of all rows of the table that an import gave, by record. */
export async function statementsTheLongWay(
  client: pg.ClientBase,
  table: string,
  key: readonly string[],
  { columns, derived, references, parts }: Speakers,
): Promise<unknown[]> {
  const referenced = references.map(
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
  const listed = parts.map(
    ({ part }) =>
      `|| ${statedParts(part, `${identifier(part.table)} p WHERE p.${identifier(part.key[0])} = c.record_id`, 'p.origin_import_id', 'p.origin_line')}`,
  );
  const { rows } = await client.query(
    `SELECT c.record_id, i.dataset, i.path,
            CASE WHEN $1::jsonb ? i.dataset THEN i.authority ELSE ${DERIVED_AUTHORITY} END AS authority,
            i.import_id, t.origin_line AS line,
            (SELECT coalesce(jsonb_object_agg(e.key, e.value), '{}')
               FROM jsonb_each(to_jsonb(t) || coalesce(t.edited_values, '{}') ${referenced.join('')}) e
              WHERE e.value <> 'null'
                AND coalesce($1::jsonb -> i.dataset, $2::jsonb) ? e.key
                AND coalesce(t.origin_raw -> e.key, 'true') <> 'null') ${listed.join('')} AS fields,
            t.origin_raw AS raw
       FROM ${identifier(table)} t
      CROSS JOIN LATERAL (SELECT ${recordId(key, 't')} AS record_id) c
       JOIN imports i ON i.import_id = t.origin_import_id
      ORDER BY 1`,
    [JSON.stringify(columns), JSON.stringify(derived)],
  );
  return rows;
}
