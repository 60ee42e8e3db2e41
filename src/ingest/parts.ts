/** Parts: rows that live and die with their record's row (a transcript's segments), made as the file has them. */
import { identifier } from '../database/copy.ts';
import type { PartTable } from './dataset.ts';
import type { MergeTarget } from './target.ts';
import { sameKey } from './target.ts';

/**
 * Makes the parts of every staged record equal to the file's: those beyond its last go, those that differ are changed,
 * missing ones are added. Records without staged parts keep theirs. Parts are of the import that was staged with them, else of
 * `importId`.
 */
export async function mergeParts(
  client: MergeTarget['client'],
  part: PartTable,
  stage: string,
  importId: string | null,
): Promise<void> {
  const [owner, position] = part.key.map(identifier);
  const table = identifier(part.table);
  const columns = part.columns.map(identifier);
  await client.query(`ANALYZE ${stage}`);
  // Only rows that are there: the record of a part may have been rejected by the table's own constraints.
  await client.query(
    `DELETE FROM ${table} t
      USING (SELECT ${owner} AS owner, max(${position}) AS last FROM ${stage} GROUP BY ${owner}) s
      WHERE t.${owner} = s.owner AND t.${position} > s.last`,
  );
  await client.query(
    `UPDATE ${table} t
        SET ${columns.map((column) => `${column} = s.${column}`).join(', ')},
            origin_import_id = coalesce(s.origin_import_id, $1::uuid), origin_line = s.line
       FROM ${stage} s
      WHERE ${sameKey(part.key, 't', 's')}
        AND (${columns.map((column) => `t.${column}`).join(', ')}) IS DISTINCT FROM (${columns.map((column) => `s.${column}`).join(', ')})`,
    [importId],
  );
  await client.query(
    `INSERT INTO ${table} (${[owner, position, ...columns].join(', ')}, origin_import_id, origin_line)
     SELECT ${[owner, position, ...columns].map((column) => `s.${column}`).join(', ')}, coalesce(s.origin_import_id, $1::uuid), s.line
       FROM ${stage} s
      WHERE NOT EXISTS (SELECT FROM ${table} t WHERE ${sameKey(part.key, 't', 's')})
      ORDER BY s.origin_import_id, s.${owner}, s.${position}
     ON CONFLICT (${owner}, ${position}) DO NOTHING`,
    [importId],
  );
}
