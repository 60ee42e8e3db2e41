/**
 * What files say of the parts of one record. Parts are no field: they come as a whole from the best of the files that give any.
 * What the others say of them is kept in their statements, so that it is there when the best file comes to count for less.
 */
import type pg from 'pg';
import { identifier } from '../database/copy.ts';
import type { PartTable } from './dataset.ts';
import type { Speakers } from './speakers.ts';
import type { MergeTarget, Statement } from './target.ts';

/** The entry of a statement that holds parts; `#` cannot start a column's name. */
export const partMark = (table: string): string => `#${table}`;

/** SQL: the statement entry of all parts `from` yields as `p`, or none; `importId` and `line` say whence one of them is. */
export function statedParts(
  { table, key: [, position], columns }: PartTable,
  from: string,
  importId: string,
  line: string,
): string {
  const said = [position, ...columns].map((column) => `'${column}', p.${identifier(column)}`);
  return `coalesce((
           SELECT jsonb_build_object('${partMark(table)}', jsonb_agg(jsonb_strip_nulls(
                    jsonb_build_object(${said.join(', ')}, 'origin_import_id', ${importId}, 'line', ${line}))
                    ORDER BY p.${identifier(position)}))
             FROM ${from}
           HAVING count(*) > 0), '{}')`;
}

/** The parts that stood before an import, where there were any: `ordinal`, `part`, `parts`. */
const BEFORE = 'standing_parts';

/** The staged records of rows that several files speak of, and in which order what these say counts. */
export interface SharedRecords {
  /** A table of `ordinal` and `record_id`. */
  readonly shared: string;
  /** Over statements `o`, the best first. */
  readonly standing: string;
}

/** SQL: of each shared record `c` the best statement `b` that holds parts $2 of the table $1. */
const best = ({ shared, standing }: SharedRecords): string => `
  ${shared} c
        CROSS JOIN LATERAL (
              SELECT o.dataset, o.path, o.fields -> $2 AS parts
                FROM origins o
               WHERE o.table_name = $1 AND o.record_id = c.record_id AND o.fields ? $2
               ORDER BY ${standing}
               LIMIT 1) b`;

/** A statement of an older release says only that there are parts: those are the table's. */
const listed = (parts: string): string => `CASE jsonb_typeof(${parts}) WHEN 'array' THEN ${parts} ELSE '[]' END`;

/** SQL: the parts of a statement without whence each of them is; NULL for none. */
const told = (parts: string): string =>
  `(SELECT jsonb_agg(e.part - 'line' - 'origin_import_id' ORDER BY e.place)
                FROM jsonb_array_elements(${listed(parts)}) WITH ORDINALITY AS e(part, place))`;

/** SQL: two statements say different things; that their parts were read again elsewhere is none. */
export function saysOther(parts: readonly PartTable[], left: string, right: string): string {
  const marks = parts.map(({ table }) => `'${partMark(table)}'`);
  const less = (fields: string): string => [`(${fields})`, ...marks].join(' - ');
  return [
    `${less(left)} IS DISTINCT FROM ${less(right)}`,
    ...marks.map((mark) => `${told(`(${left}) -> ${mark}`)} IS DISTINCT FROM ${told(`(${right}) -> ${mark}`)}`),
  ].join(' OR ');
}

/** Records from which on an index of the staged parts costs less than to look through all of them for each. */
const MANY_RECORDS = 10;

/** Lets the staged parts be found by their records, where so many of these are asked for theirs that it would take the square of the file. */
export async function findableParts(client: pg.ClientBase, { parts }: Speakers, records: number | null): Promise<void> {
  if ((records ?? 0) < MANY_RECORDS) return;
  for (const { stage } of parts)
    if (stage !== undefined) await client.query(`CREATE INDEX IF NOT EXISTS ${stage}_ordinal ON ${stage} (ordinal)`);
}

/** Remembers which parts stand before this import says its own. */
export async function keepStanding(
  { client, table }: Pick<MergeTarget, 'client' | 'table'>,
  parts: readonly PartTable[],
  records: SharedRecords,
): Promise<void> {
  if (parts.length === 0) return;
  await client.query(
    `DROP TABLE IF EXISTS ${BEFORE};
     CREATE TEMPORARY TABLE ${BEFORE} (ordinal integer, part text, parts jsonb) ON COMMIT DROP`,
  );
  for (const part of parts)
    await client.query(`INSERT INTO ${BEFORE} SELECT c.ordinal, $2, b.parts FROM ${best(records)}`, [
      table,
      partMark(part.table),
    ]);
}

/**
 * Puts the parts of the best statement into the staging table of `part`, for the shared records of which another file has the
 * last word, or a former version of this one. Those that stood before are taken out: a person may have edited them since.
 */
export async function standingParts(
  { client, table }: Pick<MergeTarget, 'client' | 'table'>,
  { dataset, path }: Statement,
  part: PartTable,
  stage: string,
  records: SharedRecords,
): Promise<void> {
  const [owner, position] = part.key;
  const columns = [position, ...part.columns].map(identifier);
  const places = ['ordinal', 'line', 'origin_import_id', identifier(owner), ...columns];
  const said = ['b.ordinal', 'p.line', 'p.origin_import_id', 'b.record_id', ...columns.map((column) => `p.${column}`)];
  await client.query(
    `WITH better AS (
       SELECT c.ordinal, c.record_id, b.parts
         FROM ${best(records)}
        WHERE (b.dataset, b.path) IS DISTINCT FROM ($3::text, $4::text)
           OR NOT EXISTS (SELECT FROM ${stage} s WHERE s.ordinal = c.ordinal)
     ), dropped AS (
       DELETE FROM ${stage} s USING better b WHERE s.ordinal = b.ordinal
     )
     INSERT INTO ${stage} (${places.join(', ')})
     SELECT ${said.join(', ')}
       FROM better b
      CROSS JOIN LATERAL jsonb_populate_recordset(NULL::${stage}, ${listed('b.parts')}) p`,
    [table, partMark(part.table), dataset, path],
  );
  await client.query(
    `DELETE FROM ${stage} s
      USING (SELECT c.ordinal
               FROM ${best(records)}
               JOIN ${BEFORE} f ON f.ordinal = c.ordinal AND f.part = $2
              WHERE ${told('f.parts')} = ${told('b.parts')}
                AND EXISTS (SELECT FROM ${identifier(part.table)} t WHERE t.${identifier(owner)} = c.record_id)) same
      WHERE s.ordinal = same.ordinal`,
    [table, partMark(part.table)],
  );
}

/** Inserts the parts of the best statement of each of these rows of `table`, which were just made and have none. */
export async function bringParts(
  { client, table }: Pick<MergeTarget, 'client' | 'table'>,
  part: PartTable,
  standing: string,
  keys: readonly string[],
): Promise<void> {
  const [owner, ...columns] = [...part.key, ...part.columns].map(identifier);
  const records = { shared: '(SELECT unnest($3::text[]) AS record_id)', standing };
  await client.query(
    `INSERT INTO ${identifier(part.table)} (${[owner, ...columns].join(', ')}, origin_import_id, origin_line)
     SELECT c.record_id, ${columns.map((column) => `p.${column}`).join(', ')}, p.origin_import_id, (e.value ->> 'line')::integer
       FROM ${best(records)}
      CROSS JOIN LATERAL jsonb_array_elements(${listed('b.parts')}) e(value)
      CROSS JOIN LATERAL jsonb_populate_record(NULL::${identifier(part.table)}, e.value) p
      ORDER BY c.record_id, p.${columns[0]}`,
    [table, partMark(part.table), keys],
  );
}
