/**
 * Who may say what. Most rows are spoken of by one file, and their origin columns say which; they
 * pay nothing here. When a second file speaks of a row, what each file says is kept in `origins`, and the row becomes the
 * fold of all statements: each field from the lowest authority number that gives one, then from the file modified last,
 * then from the path that sorts first. The fold depends on the statements alone, so the order of imports does not matter.
 */
import { identifier } from '../database/copy.ts';
import { keepFirstStatements } from './first-statements.ts';
import { saidIn } from './said.ts';
import type { Speakers } from './speakers.ts';
import { findableParts, keepStanding, saysOther, standingParts, statedParts } from './stated-parts.ts';
import { type MergeTarget, recordId, type Statement, sameKey } from './target.ts';

/** The staged records of rows that other files speak of too: `ordinal`, `record_id`. */
export const SHARED = 'shared_records';

/** The statement that stands comes first. */
export const STANDING = 'o.authority, o.modified_at DESC, o.path, o.dataset';

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
         -- What it says of a row that a person made is kept too: an edit of that row stays until it says something else.
         OR t.origin_import_id IS NULL
         OR EXISTS (SELECT FROM origins o WHERE o.table_name = ${spoken[0]} AND o.record_id = ${recordId(target.key, 's')})
     UNION ALL
     -- Of rows that are gone statements stay: whoever makes one anew does not speak alone.
     SELECT s.ordinal, ${recordId(target.key, 's')} AS record_id
       FROM ${target.stage} s
      WHERE (SELECT EXISTS (SELECT FROM origins o WHERE o.table_name = ${spoken[0]}))
        AND EXISTS (SELECT FROM origins o WHERE o.table_name = ${spoken[0]} AND o.record_id = ${recordId(target.key, 's')})
        AND NOT EXISTS (SELECT FROM ${identifier(table)} t WHERE ${sameKey(target.key, 't', 's')})`;
  const { rows } = await client.query<{ found: boolean }>(`SELECT EXISTS (${shared}) AS found`);
  if (rows[0]?.found !== true) return false;
  await client.query(`DROP TABLE IF EXISTS ${SHARED}`);
  const { rowCount } = await client.query(`CREATE TEMPORARY TABLE ${SHARED} ON COMMIT DROP AS ${shared}`);
  await client.query(`ANALYZE ${SHARED}`);
  await findableParts(client, speakers, rowCount);
  await keepFirstStatements(target, speakers, {
    from: `${SHARED} c
       JOIN ${target.stage} s ON s.ordinal = c.ordinal
       JOIN ${identifier(table)} t ON ${sameKey(target.key, 't', 's')}`,
  });
  const staged = speakers.parts.flatMap(({ part, stage }) => (stage === undefined ? [] : [{ part, stage }]));
  const records = { shared: SHARED, standing: STANDING };
  await keepStanding(
    target,
    staged.map(({ part }) => part),
    records,
  );
  await keepStatement(target, statement, speakers);
  // Nothing is known of the sizes in between: a nested loop over them would take the square of the file.
  await client.query('SET LOCAL enable_nestloop = off');
  await fold(target);
  await client.query('SET LOCAL enable_nestloop = on');
  for (const { part, stage } of staged) await standingParts(target, statement, part, stage, records);
  return true;
}

/** This file's statement of the {@link SHARED} records; what an earlier version of the file gave and this one does not mention stays. */
export async function keepStatement(target: MergeTarget, statement: Statement, speakers: Speakers): Promise<void> {
  const { client, stage, table, rest } = target;
  const staged = speakers.parts.flatMap(({ part, stage }) => (stage === undefined ? [] : [{ part, stage }]));
  const parts = staged.map(
    ({ part, stage }) => `\n|| ${statedParts(part, `${stage} p WHERE p.ordinal = c.ordinal`, '$6::uuid', 'p.line')}`,
  );
  const told = staged.map(({ part }) => part);
  const merged =
    rest === undefined
      ? 'o.fields || excluded.fields'
      : `o.fields || excluded.fields || CASE WHEN excluded.fields ? '${rest}'
           THEN jsonb_build_object('${rest}', coalesce(o.fields -> '${rest}', '{}') || (excluded.fields -> '${rest}'))
           ELSE '{}' END`;
  await client.query(
    `INSERT INTO origins AS o (table_name, record_id, dataset, path, authority, modified_at, import_id, line, fields, raw)
     SELECT $1, c.record_id, $2, $3, $4, $5, $6, s.line,
            ${saidIn('s', target.columns, target.types)} ${parts.join('')},
            jsonb_strip_nulls(s.origin_raw)
       FROM ${SHARED} c
       JOIN ${stage} s ON s.ordinal = c.ordinal
     ON CONFLICT (table_name, record_id, dataset, path) DO UPDATE
        SET fields = ${merged}, raw = excluded.raw, line = excluded.line, import_id = excluded.import_id,
            modified_at = excluded.modified_at, authority = excluded.authority
      WHERE ${saysOther(told, 'o.fields', merged)}
         OR o.modified_at <> excluded.modified_at
         OR o.authority <> excluded.authority`,
    [table, statement.dataset, statement.path, statement.authority, statement.modifiedAt, statement.importId],
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
        WHERE e.key IS DISTINCT FROM ${restName} AND e.key NOT LIKE '#%'
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
