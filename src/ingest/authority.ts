/**
 * Who may say what. Most rows are spoken of by one file, and their origin columns say which; they
 * pay nothing here. When a second file speaks of a row, what each file says is kept in `origins`, and the row becomes the
 * fold of all statements: each field from the lowest authority number that gives one, then from the file modified last,
 * then from the path that sorts first. The fold depends on the statements alone, so the order of imports does not matter.
 */
import { identifier } from '../database/copy.ts';
import { DERIVED_AUTHORITY } from './match.ts';
import { MENTION_AUTHORITY } from './mentions.ts';
import { type MergeTarget, recordId, type Statement, sameKey } from './target.ts';

/** What the datasets that fill a table can say of it. */
export interface Speakers {
  /** Columns by dataset: a value of another column came from the table's default, not from the file. */
  readonly columns: Readonly<Record<string, readonly string[]>>;
  /** Columns of derived rows, which any dataset may bring. */
  readonly derived: readonly string[];
  /** Foreign key columns with their relation's name: their values may come from elsewhere. */
  readonly references: readonly { readonly column: string; readonly relation: string }[];
  /** Part tables with their key column. */
  readonly parts: readonly { readonly table: string; readonly owner: string; readonly stage: string | undefined }[];
}

/** The staged records of rows that other files speak of too: `ordinal`, `record_id`. */
export const SHARED = 'shared_records';

/** The statement that stands comes first. */
export const STANDING = 'o.authority, o.modified_at DESC, o.path, o.dataset';

/** Marks in a statement that its file gives parts; `#` cannot start a column's name. */
const partMark = (table: string): string => `#${table}`;

/**
 * Rewrites the staged records of rows that other files speak of too, so that the merge can treat all alike. Returns whether
 * there are any: {@link SHARED} exists then.
 */
export async function applyAuthority(target: MergeTarget, statement: Statement, speakers: Speakers): Promise<boolean> {
  const { client, table } = target;
  const spoken = [
    client.escapeLiteral(table),
    client.escapeLiteral(statement.dataset),
    client.escapeLiteral(statement.path),
  ];
  const shared = `
     SELECT s.ordinal, ${recordId(target.key, 's')} AS record_id
       FROM ${target.stage} s
       JOIN ${identifier(table)} t ON ${sameKey(target.key, 't', 's')}
       LEFT JOIN imports i ON i.import_id = t.origin_import_id
      WHERE i.import_id IS NOT NULL AND (i.dataset, i.path) IS DISTINCT FROM (${spoken[1]}, ${spoken[2]})
         OR EXISTS (SELECT FROM origins o WHERE o.table_name = ${spoken[0]} AND o.record_id = ${recordId(target.key, 's')})`;
  const { rows } = await client.query<{ found: boolean }>(`SELECT EXISTS (${shared}) AS found`);
  if (rows[0]?.found !== true) return false;
  await client.query(`DROP TABLE IF EXISTS ${SHARED}`);
  await client.query(`CREATE TEMPORARY TABLE ${SHARED} ON COMMIT DROP AS ${shared}`);
  await client.query(`ANALYZE ${SHARED}`);
  await keepFirstStatement(target, speakers);
  await keepStatement(target, statement, speakers);
  // Nothing is known of the sizes in between: a nested loop over them would take the square of the file.
  await client.query('SET LOCAL enable_nestloop = off');
  await fold(target);
  await client.query('SET LOCAL enable_nestloop = on');
  await dropLesserParts(target, statement, speakers);
  return true;
}

/**
 * The file that spoke alone so far: its statement is the row itself, less edits, defaults and what references filled in. It
 * spoke when it was last imported, not when it last changed the row; a batch of records speaks only of what it holds.
 */
async function keepFirstStatement({ client, stage, table, key }: MergeTarget, speakers: Speakers): Promise<void> {
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
    ({ table: part, owner }) => `
           || CASE WHEN EXISTS (SELECT FROM ${identifier(part)} p WHERE p.${identifier(owner)} = c.record_id)
                   THEN '{"${partMark(part)}": true}'::jsonb ELSE '{}' END`,
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
       FROM ${SHARED} c
       JOIN ${stage} s ON s.ordinal = c.ordinal
       JOIN ${identifier(table)} t ON ${sameKey(key, 't', 's')}
       JOIN imports i ON i.import_id = t.origin_import_id
       LEFT JOIN LATERAL (
            SELECT l.file_modified_at FROM imports l
             WHERE l.dataset = i.dataset AND l.path = i.path AND l.status IN ('imported', 'unchanged')
               AND NOT coalesce(i.notes ? 'batch', false)
             ORDER BY l.started_at DESC, l.id DESC
             LIMIT 1) latest ON true
      WHERE NOT EXISTS (SELECT FROM origins o WHERE o.table_name = $1 AND o.record_id = c.record_id)`,
    [table, JSON.stringify(speakers.columns), JSON.stringify(speakers.derived)],
  );
}

/** This file's statement; entries that an earlier version of the file gave and this one does not mention stay. */
async function keepStatement(target: MergeTarget, statement: Statement, speakers: Speakers): Promise<void> {
  const { client, stage, table, rest } = target;
  const parts = speakers.parts
    .filter((part) => part.stage !== undefined)
    .map(
      ({ table: part, stage: staged }) => `
           || CASE WHEN EXISTS (SELECT FROM ${staged} p WHERE p.ordinal = c.ordinal)
                   THEN '{"${partMark(part)}": true}'::jsonb ELSE '{}' END`,
    );
  const merged =
    rest === undefined
      ? 'o.fields || excluded.fields'
      : `o.fields || excluded.fields || CASE WHEN excluded.fields ? '${rest}'
           THEN jsonb_build_object('${rest}', coalesce(o.fields -> '${rest}', '{}') || (excluded.fields -> '${rest}'))
           ELSE '{}' END`;
  await client.query(
    `INSERT INTO origins AS o (table_name, record_id, dataset, path, authority, modified_at, import_id, line, fields, raw)
     SELECT $1, c.record_id, $2, $3, $4, $5, $6, s.line,
            (SELECT coalesce(jsonb_object_agg(e.key, e.value), '{}')
               FROM jsonb_each(to_jsonb(s)) e
              WHERE e.value <> 'null' AND e.key = ANY ($7)) ${parts.join('')},
            jsonb_strip_nulls(s.origin_raw)
       FROM ${SHARED} c
       JOIN ${stage} s ON s.ordinal = c.ordinal
     ON CONFLICT (table_name, record_id, dataset, path) DO UPDATE
        SET fields = ${merged}, raw = excluded.raw, line = excluded.line, import_id = excluded.import_id,
            modified_at = excluded.modified_at, authority = excluded.authority
      WHERE o.fields IS DISTINCT FROM ${merged}
         OR o.modified_at <> excluded.modified_at
         OR o.authority <> excluded.authority`,
    [
      table,
      statement.dataset,
      statement.path,
      statement.authority,
      statement.modifiedAt,
      statement.importId,
      target.columns,
    ],
  );
}

async function fold({ client, stage, table, columns, rest }: MergeTarget): Promise<void> {
  const names = columns.map(identifier);
  const restName = rest === undefined ? 'NULL' : client.escapeLiteral(rest);
  await client.query(
    `WITH statements AS (
       SELECT c.ordinal, o.fields, o.raw, o.import_id, o.line,
              row_number() OVER (PARTITION BY c.ordinal ORDER BY ${STANDING}) AS place
         FROM ${SHARED} c
         JOIN origins o ON o.table_name = $1 AND o.record_id = c.record_id
     ), said AS (
       SELECT DISTINCT ON (st.ordinal, e.key) st.ordinal, e.key, e.value, st.raw -> e.key AS raw
         FROM statements st
        CROSS JOIN LATERAL jsonb_each(st.fields) e
        WHERE e.key IS DISTINCT FROM ${restName}
        ORDER BY st.ordinal, e.key, st.place
     ), entries AS (
       SELECT DISTINCT ON (st.ordinal, e.key) st.ordinal, e.key, e.value
         FROM statements st
        CROSS JOIN LATERAL jsonb_each(st.fields -> ${restName}) e
        ORDER BY st.ordinal, e.key, st.place
     ), folded AS (
       SELECT ordinal,
              jsonb_object_agg(key, value) AS fields,
              jsonb_object_agg(key, raw) FILTER (WHERE raw <> 'null') AS raw
         FROM said
        GROUP BY ordinal
     ), rests AS (
       SELECT ordinal, jsonb_build_object(coalesce(${restName}, ''), jsonb_object_agg(key, value)) AS rest
         FROM entries
        GROUP BY ordinal
     )
     UPDATE ${stage} s
        SET ${names.map((name) => `${name} = p.${name}`).join(', ')},
            origin_raw = f.raw, origin_import_id = top.import_id, origin_line = top.line
       FROM folded f
       JOIN statements top ON top.ordinal = f.ordinal AND top.place = 1
       LEFT JOIN rests r ON r.ordinal = f.ordinal
      CROSS JOIN LATERAL jsonb_populate_record(NULL::${stage}, f.fields || coalesce(r.rest, '{}')) p
      WHERE s.ordinal = f.ordinal`,
    [table],
  );
}

/** Parts come from the best of the files that give parts: those of this file go if another is better. */
async function dropLesserParts(
  { client, table }: MergeTarget,
  statement: Statement,
  speakers: Speakers,
): Promise<void> {
  for (const { table: part, stage } of speakers.parts) {
    if (stage === undefined) continue;
    await client.query(
      `DELETE FROM ${stage} p
        USING ${SHARED} c
        WHERE p.ordinal = c.ordinal
          AND (SELECT (o.dataset, o.path)
                 FROM origins o
                WHERE o.table_name = $1 AND o.record_id = c.record_id AND o.fields ? $2
                ORDER BY ${STANDING}
                LIMIT 1) IS DISTINCT FROM ($3::text, $4::text)`,
      [table, partMark(part), statement.dataset, statement.path],
    );
  }
}
