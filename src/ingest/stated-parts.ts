/**
 * What files say of the parts of one record. Parts are no field: they come as a whole from the best of the files that give any.
 * What the others say of them is kept in their statements, so that it is there when the best file comes to count for less.
 */
import { identifier } from '../database/copy.ts';
import type { PartTable } from './dataset.ts';
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

/**
 * Puts the parts of the best statement into the staging table of `part`, for the records of `shared` (`ordinal`, `record_id`)
 * of which another file has the last word, or a former version of this one; `standing` is the order of statements, the best first.
 */
export async function standingParts(
  { client, table }: Pick<MergeTarget, 'client' | 'table'>,
  { dataset, path }: Statement,
  part: PartTable,
  stage: string,
  { shared, standing }: { readonly shared: string; readonly standing: string },
): Promise<void> {
  const [owner, position] = part.key;
  const columns = [position, ...part.columns].map(identifier);
  const places = ['ordinal', 'line', 'origin_import_id', identifier(owner), ...columns];
  const said = ['b.ordinal', 'p.line', 'p.origin_import_id', 'b.record_id', ...columns.map((column) => `p.${column}`)];
  // A statement of an older release says only that there are parts: those are the table's.
  await client.query(
    `WITH better AS (
       SELECT c.ordinal, c.record_id, b.parts
         FROM ${shared} c
        CROSS JOIN LATERAL (
              SELECT o.dataset, o.path, o.fields -> $2 AS parts
                FROM origins o
               WHERE o.table_name = $1 AND o.record_id = c.record_id AND o.fields ? $2
               ORDER BY ${standing}
               LIMIT 1) b
        WHERE (b.dataset, b.path) IS DISTINCT FROM ($3::text, $4::text)
           OR NOT EXISTS (SELECT FROM ${stage} s WHERE s.ordinal = c.ordinal)
     ), dropped AS (
       DELETE FROM ${stage} s USING better b WHERE s.ordinal = b.ordinal
     )
     INSERT INTO ${stage} (${places.join(', ')})
     SELECT ${said.join(', ')}
       FROM better b
      CROSS JOIN LATERAL jsonb_populate_recordset(NULL::${stage}, CASE jsonb_typeof(b.parts) WHEN 'array' THEN b.parts ELSE '[]' END) p`,
    [table, partMark(part.table), dataset, path],
  );
}
